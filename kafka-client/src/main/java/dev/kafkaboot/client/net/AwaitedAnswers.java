package dev.kafkaboot.client.net;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that were encoded and whose answers are due, in order. On the loop only.
 *
 * <p>A request that is over before its answer came keeps its place: the answer will come where it is due, and is let go of then. A broker that hangs
 * leaves such requests too. So when one of them is the next to be answered, the broker's silence counts, from when it was last heard of or the request
 * was made, whichever was later; but not before a pause is over that the broker asked for, as it reads nothing until then (KIP-219). Bytes that trickle in do not put off
 * the end for ever: an answer that nobody waits for any more may take a few times as long as a silence may.
 */
final class AwaitedAnswers {

    /** How many times as long as a silence an answer may take that is on its way and comes too late. */
    private static final int TRICKLE_TIMES = 4;

    private final ArrayDeque<PendingRequest<?>> requests = new ArrayDeque<>();
    private final long silenceMaxNanos;
    private final long trickleMaxNanos;
    private long heardNanos;
    private long pausedUntilNanos;

    /**
     * Nothing is awaited yet.
     *
     * @param silenceMax how long a broker may be silent that keeps nobody waiting any more
     */
    AwaitedAnswers(Duration silenceMax, long nowNanos) {
        this.silenceMaxNanos = Times.nanos(silenceMax);
        this.trickleMaxNanos = TRICKLE_TIMES * Math.min(silenceMaxNanos, Long.MAX_VALUE / 16);
        this.heardNanos = nowNanos;
        this.pausedUntilNanos = nowNanos;
    }

    void add(PendingRequest<?> request) {
        requests.add(request);
    }

    /** The request whose answer is the next to come, or null if none is due. */
    @Nullable PendingRequest<?> next() {
        return requests.peek();
    }

    /** The next one is answered. */
    void answered() {
        requests.remove();
    }

    /** A request was not sent after all. */
    void withdraw(PendingRequest<?> request) {
        requests.remove(request);
    }

    int size() {
        return requests.size();
    }

    Stream<PendingRequest<?>> stream() {
        return requests.stream();
    }

    /** Takes out all of them. */
    List<PendingRequest<?>> clear() {
        List<PendingRequest<?>> left = new ArrayList<>(requests);
        requests.clear();
        return left;
    }

    /** The broker asked not to be disturbed until then. */
    void paused(long untilNanos) {
        pausedUntilNanos = untilNanos - pausedUntilNanos > 0 ? untilNanos : pausedUntilNanos;
    }

    /** The broker sent something. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** Whether the next answer is one that came too late for whoever asked. */
    boolean isHeldUp() {
        PendingRequest<?> next = requests.peek();
        return next != null && next.isOver();
    }

    /** Whether the next answer is too late, and nothing was heard for so long that it will not come. */
    boolean isSilent(long nowNanos) {
        PendingRequest<?> next = requests.peek();
        return next != null && (next.isOver() || next.isLate(nowNanos)) && silenceEndNanos(next) - nowNanos <= 0;
    }

    /** When the silence will have lasted for too long; to be asked only while {@link #isHeldUp}. */
    long silenceEndNanos() {
        return silenceEndNanos(requests.element());
    }

    private long silenceEndNanos(PendingRequest<?> next) {
        long silent = (heardNanos - next.startedNanos > 0 ? heardNanos : next.startedNanos) + silenceMaxNanos;
        long trickling = next.deadlineNanos + trickleMaxNanos;
        long end = silent - trickling < 0 ? silent : trickling;
        long afterPause = pausedUntilNanos + silenceMaxNanos;
        return afterPause - end > 0 ? afterPause : end;
    }
}
