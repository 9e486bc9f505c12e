package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.record.BatchBuilder;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The threads that wait for memory, in the order in which they came.
 *
 * <p>Each claims what it needs, so that memory which comes back is not taken by those who come later: a large record is not starved by many small ones.
 * Claims bind only those who are not in the line. The first in it tries as soon as there is room for its own, however much those behind it claim: it
 * takes memory as {@link ChunkPool.Priority#FIRST_IN_LINE}. Having succeeded it leaves, and sends on like anybody else as long as there is more room than
 * the others in the line claim.
 *
 * <p>An attempt that fails is repeated only when something has changed since it began: nobody turns in circles, and time passes on any clock.
 *
 * <p>Safe from any thread.
 */
final class MemoryLine {

    private final EventLoop loop;
    private final ChunkPool pool;
    private final LoopCondition changed;
    private final AtomicLong changes = new AtomicLong();
    private final ConcurrentLinkedQueue<Claim> claims = new ConcurrentLinkedQueue<>();

    /** One thread's place in the line. */
    private static final class Claim {

        private final int bytes;

        /** What was counted of {@link #changes} when the last attempt began; before the first one, nothing that ever was. */
        private long attemptedAt = -1;

        Claim(int bytes) {
            this.bytes = bytes;
        }
    }

    MemoryLine(EventLoop loop, ChunkPool pool) {
        this.loop = loop;
        this.pool = pool;
        this.changed = loop.newCondition();
    }

    /** Something has changed that those who wait should look at. Cheap when none waits. */
    void look() {
        changes.incrementAndGet();
        changed.signalAll();
    }

    /**
     * Waits for memory until an attempt to use it succeeds.
     *
     * @param recordSize what is needed
     * @param limit how long to wait
     * @param isOver ends the wait
     * @param mayTry whether an attempt can succeed, besides memory
     * @param attempt uses the memory, as {@link ChunkPool.Priority#FIRST_IN_LINE}; false if it was not enough
     * @return false if the limit has passed or the wait was ended
     */
    boolean await(int recordSize, Duration limit, BooleanSupplier isOver, BooleanSupplier mayTry, BooleanSupplier attempt) {
        // It may have to begin a batch.
        Claim claim = new Claim(pool.sizeFor(recordSize + BatchBuilder.OVERHEAD));
        long deadline = loop.nanoTime() + Times.nanos(limit);
        BooleanSupplier turn = () -> isOver.getAsBoolean()
                || claims.peek() == claim && changes.get() != claim.attemptedAt && pool.hasRoomFor(claim.bytes) && mayTry.getAsBoolean();
        claims.add(claim);
        pool.claim(claim.bytes);
        try {
            for (long left = Times.nanos(limit); left > 0; left = deadline - loop.nanoTime()) {
                if (!changed.await(turn, Duration.ofNanos(left)) || isOver.getAsBoolean()) {
                    return false;
                }
                claim.attemptedAt = changes.get();
                if (attempt.getAsBoolean()) {
                    return true;
                }
            }
            return false;
        } finally {
            pool.unclaim(claim.bytes);
            claims.remove(claim);
            look();
        }
    }
}
