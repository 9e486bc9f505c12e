package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A condition on simulated threads. */
final class SimulatedCondition implements LoopCondition {

    private final SimulatedEventLoop loop;
    private final Set<Parking> waiting = new LinkedHashSet<>();

    SimulatedCondition(SimulatedEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public boolean await(BooleanSupplier until, Duration limit) {
        loop.refuseOnLoop();
        long deadline = loop.nanoTime() + Times.nanos(limit);
        while (!until.getAsBoolean()) {
            loop.refuseIfEnded();
            long left = deadline - loop.nanoTime();
            if (left <= 0) {
                return false;
            }
            loop.park(waiting, Duration.ofNanos(left));
        }
        return true;
    }

    @Override
    public void signalAll() {
        if (!waiting.isEmpty()) {
            List.copyOf(waiting).forEach(Parking::unpark);
        }
    }
}
