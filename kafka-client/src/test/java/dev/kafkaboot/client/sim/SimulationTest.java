package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulationTest {

    private final Simulation simulation = new Simulation(7);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster);

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void threadsTakeTurnsInVirtualTime() {
        List<String> order = new ArrayList<>();
        simulation.thread("slow", () -> {
            simulation.sleep(Duration.ofDays(2));
            order.add("slow");
        });
        simulation.thread("quick", () -> {
            simulation.sleep(Duration.ofDays(1));
            order.add("quick");
        });

        simulation.run(Duration.ofDays(3));

        assertThat(order).containsExactly("quick", "slow");
        assertThat(simulation.nowNanos()).isEqualTo(Duration.ofDays(3).toNanos());
    }

    @Test
    void failureOfAThreadFailsTheRun() {
        simulation.thread("wrong", () -> {
            throw new IllegalStateException("on purpose");
        });

        assertThatThrownBy(() -> simulation.run(Duration.ofSeconds(1))).isInstanceOf(AssertionError.class).hasMessageContaining("on purpose");
    }

    @Test
    void longestRunTakesNoTime() {
        simulation.run(Duration.ofDays(365));

        assertThat(simulation.events()).isLessThan(10);
    }

    @Test
    void crashEndsThreadsAndLoopWithoutAWordAndTheNextIncarnationStartsAnew() {
        AtomicInteger starts = new AtomicInteger();
        AtomicBoolean wentOn = new AtomicBoolean();
        SimulatedProcess process = simulation.process("application", network, Map.of(), self -> {
            starts.incrementAndGet();
            self.loop().schedule(Duration.ofSeconds(5), () -> wentOn.set(starts.get() == 1));
            self.loop().await(new CompletableFuture<>(), Duration.ofSeconds(6));
            wentOn.set(starts.get() == 1);
        });
        simulation.run(Duration.ofSeconds(1));

        process.crash();
        process.restart();
        simulation.run(Duration.ofSeconds(10));

        assertThat(starts).hasValue(2);
        assertThat(wentOn).isFalse();
        assertThat(process.incarnation()).isEqualTo(2);
    }

    @Test
    void pausedProcessRunsNothingUntilThePauseIsOver() {
        SimulatedProcess process = simulation.process("application", network);
        CompletableFuture<Long> ran = new CompletableFuture<>();
        process.pause(Duration.ofSeconds(10));

        process.loop().execute(() -> ran.complete(simulation.nowNanos()));

        assertThat(simulation.runUntil(ran::isDone, Duration.ofSeconds(20))).isTrue();
        assertThat(ran.join()).isGreaterThanOrEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void closingEndsThreadsThatWait() {
        AtomicBoolean unwound = new AtomicBoolean();
        simulation.thread("waits", () -> {
            try {
                simulation.sleep(Duration.ofDays(1));
            } finally {
                unwound.set(true);
            }
        });
        simulation.run(Duration.ofSeconds(1));

        simulation.close();

        assertThat(unwound).isTrue();
    }
}
