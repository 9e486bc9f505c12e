package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReaderGateInterleavings {

    private final ReaderGate gate = new ReaderGate();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();

    private void use() {
        if (!gate.enter()) {
            return;
        }
        check(inside.incrementAndGet() == 1, "one thread is inside at a time");
        check(givenUp.get() == 0, "what is used is not given up");
        inside.decrementAndGet();
        if (gate.leave()) {
            givenUp.incrementAndGet();
        }
    }

    private void close() {
        if (gate.close()) {
            givenUp.incrementAndGet();
        }
    }

    @Test
    void whatIsClosedWhileAThreadIsInsideIsGivenUpOnce() {
        explore(() -> {
            ReaderGateInterleavings scenario = new ReaderGateInterleavings();

            together(scenario::use, scenario::close);

            check(scenario.givenUp.get() == 1, "it is given up once: " + scenario.givenUp.get());
            check(!scenario.gate.enter(), "nobody comes in any more");
        });
    }

    @Test
    void oneThreadIsInsideAndClosingTwiceGivesUpOnce() {
        explore(() -> {
            ReaderGateInterleavings scenario = new ReaderGateInterleavings();

            together(() -> {
                scenario.use();
                scenario.close();
            }, scenario::use, scenario::close);

            check(scenario.givenUp.get() == 1, "it is given up once: " + scenario.givenUp.get());
        });
    }
}
