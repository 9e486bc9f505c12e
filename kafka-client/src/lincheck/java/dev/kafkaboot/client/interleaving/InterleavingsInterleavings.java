package dev.kafkaboot.client.interleaving;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That the others can fail: each scenario here is wrong in some of its interleavings, and right in the first that is tried. */
class InterleavingsInterleavings {

    /** Adds in two steps, between which another thread can come. */
    private static void addInTwoSteps(AtomicInteger sum) {
        sum.set(sum.get() + 1);
    }

    @Test
    void whatIsWrongInSomeInterleavingsIsFound() {
        assertThatThrownBy(() -> explore(() -> {
            AtomicInteger sum = new AtomicInteger();

            together(() -> addInTwoSteps(sum), () -> addInTwoSteps(sum));

            check(sum.get() == 2, "both are added");
        })).hasMessageContaining("both are added");
    }

    @Test
    void whatIsWrongBehindALongLoopIsFound() {
        assertThatThrownBy(() -> explore(() -> {
            AtomicInteger sum = new AtomicInteger();
            int[] filled = new int[100];
            for (int i = 0; i < filled.length; i++) {
                filled[i] = 1;
            }

            together(() -> addInTwoSteps(sum), () -> addInTwoSteps(sum));

            check(sum.get() == 2 * filled[99], "both are added");
        })).hasMessageContaining("both are added");
    }

    @Test
    void whatDoesNotHoldInAThreadOfTheScenarioIsFound() {
        assertThatThrownBy(() -> explore(() -> {
            AtomicInteger inside = new AtomicInteger();

            together(() -> beAlone(inside), () -> beAlone(inside));
        })).hasMessageContaining("alone");
    }

    private static void beAlone(AtomicInteger inside) {
        check(inside.incrementAndGet() == 1, "it is alone");
        inside.decrementAndGet();
    }
}
