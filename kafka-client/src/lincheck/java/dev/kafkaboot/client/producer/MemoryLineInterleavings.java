package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.interleaving.StillLoop;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.record.BatchBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A thread that waits though there is memory for it would wait for ever here, which counts as a deadlock. */
class MemoryLineInterleavings {

    private static final int CHUNK = 4_096;
    private static final Duration LONG = Duration.ofHours(1);

    /** A line, and the memory that is waited for in it. */
    private static final class Scenario {

        private final StillLoop loop = new StillLoop();
        private final AtomicReference<MemoryLine> line = new AtomicReference<>();
        private final ChunkPool pool;

        Scenario(int chunks) {
            pool = new ChunkPool((long) chunks * CHUNK, CHUNK, () -> line.get().look(), ByteBuffer::allocate);
            line.set(new MemoryLine(loop, pool));
        }

        /** Takes so many chunks and keeps them, as soon as they are there. */
        private void takeAndKeep(int chunks) {
            check(line.get().await(10, LONG, () -> false, () -> pool.as(Priority.FIRST_IN_LINE).take(chunks * CHUNK) != null), "it got memory");
        }

        private void takeInTurn() {
            boolean isIn = line.get().await(10, LONG, () -> false, () -> {
                ByteBuffer chunk = pool.as(Priority.FIRST_IN_LINE).take(10 + BatchBuilder.OVERHEAD);
                if (chunk == null) {
                    return false;
                }
                pool.give(chunk);
                return true;
            });
            check(isIn, "it got memory");
            pool.tellFreed();
        }
    }

    @Test
    void everyThreadThatWaitsGetsMemoryThatComesBack() {
        explore(() -> {
            Scenario scenario = new Scenario(1);
            ByteBuffer all = Objects.requireNonNull(scenario.pool.take(CHUNK));

            together(scenario::takeInTurn, scenario::takeInTurn, () -> {
                scenario.pool.give(all);
                scenario.pool.tellFreed();
            });

            check(scenario.pool.used() == 0 && scenario.pool.hasRoomFor(CHUNK, Priority.NEWCOMER), "nothing is out, and nothing claimed");
        });
    }

    @Test
    void nextInLineIsToldThatTheFirstHasLeft() {
        explore(() -> {
            Scenario scenario = new Scenario(2); // there is memory for both, so nobody gives any back

            together(() -> scenario.takeAndKeep(1), () -> scenario.takeAndKeep(1));

            check(scenario.pool.used() == 2 * CHUNK, "both have theirs: " + scenario.pool.used());
        });
    }

    @Test
    void attemptThatFailedIsRepeatedIfMemoryHasComeBackMeanwhile() {
        explore(() -> {
            Scenario scenario = new Scenario(2);
            ByteBuffer half = Objects.requireNonNull(scenario.pool.take(CHUNK));

            together(() -> scenario.takeAndKeep(2), () -> { // there is room for its record, and not for the chunk that its batch goes on in
                scenario.pool.give(half);
                scenario.pool.tellFreed();
            });

            check(scenario.pool.used() == 2 * CHUNK, "it has all: " + scenario.pool.used());
        });
    }

    @Test
    void waitEndsWhenTheProducerIsClosed() {
        explore(() -> {
            Scenario scenario = new Scenario(1);
            Objects.requireNonNull(scenario.pool.take(CHUNK));
            AtomicReference<Boolean> closed = new AtomicReference<>(false);

            together(() -> {
                boolean isIn = scenario.line.get().await(10, LONG, closed::get, () -> false);
                check(!isIn, "there was no memory");
            }, () -> {
                closed.set(true);
                scenario.line.get().look();
            });
        });
    }
}
