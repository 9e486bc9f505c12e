package dev.kafkaboot.client.producer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;

/**
 * Where records of a topic go that may go anywhere: to one partition until a batch is full there, then to another one (KIP-480, KIP-794). Safe from any thread.
 *
 * <p>Without loads, the next one is any other with the same probability. With loads, two are drawn and the one with less load is taken. So where all is even,
 * all have the same share; a partition whose broker is slow is passed over as long as more waits there than elsewhere, and gets what its broker can take; and
 * nobody has to know the loads of all of them, of which there may be a thousand.
 */
final class StickyTurns {

    private final AtomicInteger current = new AtomicInteger(-1);
    private final AtomicInteger draws;

    /** Two producers with different seeds do not visit the partitions in the same order. */
    StickyTurns(int seed) {
        this.draws = new AtomicInteger(seed);
    }

    /** The partition whose turn it is: one of the candidates. */
    int current(Candidates candidates) {
        int partition = current.get();
        while (!candidates.has(partition)) {
            int drawn = candidates.draw(random());
            if (current.compareAndSet(partition, drawn)) {
                return drawn;
            }
            partition = current.get();
        }
        return partition;
    }

    /** Ends a partition's turn; another one's is next. Answers whose, or the same as before if somebody else has ended the turn already. */
    int moveOn(int from, Candidates candidates) {
        return endTurn(from, candidates.drawOther(from, random()));
    }

    /** Ends a partition's turn, which may have the next one too if less waits there than elsewhere. Answers as {@link #moveOn(int, Candidates)} does. */
    int moveOn(int from, Candidates candidates, IntToLongFunction load) {
        int one = candidates.draw(random());
        int other = candidates.drawOther(one, random());
        return endTurn(from, load.applyAsLong(other) < load.applyAsLong(one) ? other : one);
    }

    private int endTurn(int from, int next) {
        return current.compareAndSet(from, next) ? next : from;
    }

    /** The next number of a sequence without a visible pattern: a counter, spread by the constants that C. Wellons found to be the least biased (lowbias32). */
    private int random() {
        int bits = draws.incrementAndGet();
        bits = (bits ^ bits >>> 16) * 0x7feb352d;
        bits = (bits ^ bits >>> 15) * 0x846ca68b;
        return bits ^ bits >>> 16;
    }
}
