package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.interleaving.Hands;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunkPoolInterleavings {

    private static final int CHUNK = 4_096;

    private static ChunkPool pool(int chunks) {
        return new ChunkPool((long) chunks * CHUNK, CHUNK, () -> {}, ByteBuffer::allocate);
    }

    private static ByteBuffer taken(ChunkPool pool) {
        return Objects.requireNonNull(pool.take(CHUNK));
    }

    @Test
    void chunkIsInOneHandAtATime() {
        explore(() -> {
            ChunkPool pool = pool(2);
            ByteBuffer one = taken(pool);
            ByteBuffer other = taken(pool);
            pool.give(one);
            pool.give(other);

            Hands hands = new Hands(3);

            together(() -> use(pool, hands, 0), () -> use(pool, hands, 1), () -> use(pool, hands, 2));

            check(pool.used() == 0, "nothing is out: " + pool.used());
        });
    }

    private static void use(ChunkPool pool, Hands hands, int thread) {
        ByteBuffer chunk = pool.take(CHUNK);
        if (chunk == null) {
            return;
        }
        hands.take(thread, chunk);
        check(chunk.position() == 0 && chunk.limit() == CHUNK, "it is as new");
        chunk.putInt(thread);
        hands.putDown(thread);
        pool.give(chunk);
    }

    @Test
    void noMoreIsOutThanThereIsAndWhatFitsIsNotRefused() {
        explore(() -> {
            ChunkPool pool = pool(2);
            AtomicLong out = new AtomicLong();

            together(() -> count(pool, out), () -> count(pool, out), () -> count(pool, out));

            check(out.get() == 2 * CHUNK && pool.used() == out.get(), "two of three got a chunk: " + out.get());
        });
    }

    private static void count(ChunkPool pool, AtomicLong out) {
        ByteBuffer chunk = pool.take(CHUNK);
        if (chunk != null) {
            out.addAndGet(chunk.capacity());
        }
    }

    @Test
    void whatIsOutAndWhatIsKeptAreNoMoreThanTheCapacityTogether() {
        explore(() -> {
            AtomicLong allocated = new AtomicLong();
            ChunkPool pool = new ChunkPool(3 * CHUNK, CHUNK, () -> {}, size -> {
                allocated.addAndGet(size);
                return ByteBuffer.allocate(size);
            });
            ByteBuffer large = Objects.requireNonNull(pool.take(2 * CHUNK));
            ByteBuffer small = taken(pool);

            together(() -> pool.give(large), () -> {
                pool.give(small);
                give(pool, pool.take(CHUNK));
            }, () -> give(pool, pool.take(CHUNK)));

            check(pool.used() == 0, "nothing is out: " + pool.used());
            check(Objects.requireNonNull(pool.take(3 * CHUNK)).capacity() == 4 * CHUNK || pool.used() <= 3 * CHUNK, "all of it can be taken");
        });
    }

    private static void give(ChunkPool pool, @Nullable ByteBuffer chunk) {
        if (chunk != null) {
            pool.give(chunk);
        }
    }

    @Test
    void parkedRecordsThatMoveIntoChunksLeaveNothingCounted() {
        explore(() -> {
            ChunkPool pool = pool(2);

            together(() -> parkAndMove(pool), () -> parkAndMove(pool), () -> give(pool, pool.take(CHUNK)));

            check(pool.used() == 0, "nothing is out: " + pool.used());
            check(pool.hasRoomFor(2 * CHUNK, Priority.PARKED), "nothing that is parked is taken back twice");
            check(!pool.hasRoomFor(2 * CHUNK + 1, Priority.PARKED), "nothing is taken for parked any more");
        });
    }

    private static void parkAndMove(ChunkPool pool) {
        if (!pool.reserveParked(100, Priority.NEWCOMER)) {
            return;
        }
        ByteBuffer chunk = pool.as(Priority.PARKED).take(CHUNK);
        pool.releaseParked(100);
        give(pool, chunk);
    }

    @Test
    void memoryForCompressingIsInOneHandAtATime() {
        explore(() -> {
            ChunkPool pool = pool(8);
            pool.giveScratch(pool.takeScratch(CHUNK));
            Hands hands = new Hands(2);

            together(() -> compress(pool, hands, 0), () -> compress(pool, hands, 1));

            check(pool.used() == 0, "it does not count");
        });
    }

    private static void compress(ChunkPool pool, Hands hands, int thread) {
        ByteBuffer scratch = pool.takeScratch(CHUNK);
        hands.take(thread, scratch);
        hands.putDown(thread);
        pool.giveScratch(scratch);
    }
}
