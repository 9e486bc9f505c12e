package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * The threads that wait for memory, in the order in which they came.
 *
 * <p>Each claims what it needs, so that memory which comes back is not taken by those who come later: a large record is not starved by many small ones.
 * The first in the line tries as soon as there is room for it; having succeeded it leaves, and sends on like anybody else as long as there is more room
 * than the others in the line claim.
 *
 * <p>Safe from any thread.
 */
final class MemoryLine {

    private final EventLoop loop;
    private final ChunkPool pool;
    private final LoopCondition changed;
    private final ConcurrentLinkedQueue<Claim> claims = new ConcurrentLinkedQueue<>();

    /** One thread's place in the line. */
    private static final class Claim {

        private final int bytes;

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
        changed.signalAll();
    }

    /**
     * Waits for memory until an attempt to use it succeeds.
     *
     * @param recordSize what is needed
     * @param limit how long to wait
     * @param isOver ends the wait
     * @param mayTry whether an attempt can succeed, besides memory
     * @param attempt uses the memory; false if it was not enough
     * @return false if the limit has passed or the wait was ended
     */
    boolean await(int recordSize, Duration limit, BooleanSupplier isOver, BooleanSupplier mayTry, BooleanSupplier attempt) {
        Claim claim = new Claim(pool.sizeFor(recordSize));
        long deadline = loop.nanoTime() + Times.nanos(limit);
        claims.add(claim);
        pool.claim(claim.bytes);
        boolean holdsClaim = true;
        try {
            while (true) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - loop.nanoTime()));
                BooleanSupplier turn = () -> isOver.getAsBoolean()
                        || claims.peek() == claim && pool.hasRoomFor(claim.bytes) && mayTry.getAsBoolean();
                if (!changed.await(turn, left) || isOver.getAsBoolean()) {
                    return false;
                }
                pool.unclaim(claim.bytes);
                holdsClaim = false;
                if (attempt.getAsBoolean()) {
                    return true;
                }
                pool.claim(claim.bytes);
                holdsClaim = true;
            }
        } finally {
            if (holdsClaim) {
                pool.unclaim(claim.bytes);
            }
            claims.remove(claim);
            look();
        }
    }
}
