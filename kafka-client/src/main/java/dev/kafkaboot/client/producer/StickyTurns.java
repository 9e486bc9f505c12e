package dev.kafkaboot.client.producer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Where records of a topic go that have no key: to one partition until a batch is full there, then to another, chosen at random and uniformly among those
 * that have a leader (KIP-480, KIP-794). Safe from any thread.
 */
final class StickyTurns {

    private final AtomicInteger current = new AtomicInteger(-1);
    private final AtomicInteger turns;

    /** Two producers with different seeds do not visit the partitions in the same order. */
    StickyTurns(int seed) {
        this.turns = new AtomicInteger(seed);
    }

    /** The partition whose turn it is. */
    int current(int count, IntPredicate hasLeader) {
        int partition = current.get();
        if (partition >= 0 && partition < count) {
            return partition;
        }
        moveOn(partition, count, hasLeader);
        return Math.floorMod(current.get(), count);
    }

    /** Ends a partition's turn; answers whose turn it is then, or the same if somebody else has ended it already. */
    int moveOn(int from, int count, IntPredicate hasLeader) {
        int next = from;
        for (int attempt = 0; attempt < count; attempt++) {
            next = Math.floorMod(Murmur2.mix(turns.incrementAndGet()), count);
            if (next == from) {
                next = (next + 1) % count;
            }
            if (hasLeader.test(next)) {
                break;
            }
        }
        return current.compareAndSet(from, next) ? next : from;
    }
}
