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

    private final StillLoop loop = new StillLoop();
    private final AtomicReference<MemoryLine> line = new AtomicReference<>();
    private final ChunkPool pool = new ChunkPool(CHUNK, CHUNK, () -> line.get().look(), ByteBuffer::allocate);

    MemoryLineInterleavings() {
        line.set(new MemoryLine(loop, pool));
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

    @Test
    void everyThreadThatWaitsGetsMemoryThatComesBack() {
        explore(() -> {
            MemoryLineInterleavings scenario = new MemoryLineInterleavings();
            ByteBuffer all = Objects.requireNonNull(scenario.pool.take(CHUNK));

            together(scenario::takeInTurn, scenario::takeInTurn, () -> {
                scenario.pool.give(all);
                scenario.pool.tellFreed();
            });

            check(scenario.pool.used() == 0 && scenario.pool.hasRoomFor(CHUNK, Priority.NEWCOMER), "nothing is out, and nothing claimed");
        });
    }

    @Test
    void waitEndsWhenTheProducerIsClosed() {
        explore(() -> {
            MemoryLineInterleavings scenario = new MemoryLineInterleavings();
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
