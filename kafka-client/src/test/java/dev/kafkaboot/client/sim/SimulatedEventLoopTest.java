package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.EventLoopContract;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on a loop without a thread, with a clock that overflows or does not, by the seed. */
class SimulatedEventLoopTest extends EventLoopContract {

    private final Simulation simulation = new Simulation(0x5eedL);
    private final SimulatedProcess process = simulation.process("loop-under-test", simulation.network(cluster -> cluster));

    @BeforeEach
    void letLoopsFail() {
        simulation.letLoopsFail();
    }

    @AfterEach
    void end() {
        simulation.close();
    }

    @Override
    protected EventLoop loop() {
        return process.loop();
    }

    @Override
    protected void inAnotherThread(Runnable body) {
        simulation.thread("other", body);
    }

    @Override
    protected String knownHost() {
        return "broker-1";
    }

    @Override
    protected void elsewhere(CompletableFuture<?> future) {
        simulation.await(future, LIMIT);
    }
}
