package dev.kafkaboot.spring.listener;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Failures of polls, from the first of them until the listener is at work again. Written by the polling thread, read by any.
 *
 * <p>A poll that does not fail proves little: the consumer may be outside of its group, and tells so only when it has tried to join again. So failures are
 * over when polls have not failed for a while and records came, or for a longer while in which the consumer was a member.
 */
final class PollFailures {

    /** So many in a row may be before the listener counts as one that does not do its work. */
    static final int TOLERATED = 3;

    /** So long must polls of a member go well, without records, until failures count as over. */
    static final Duration SETTLED = Duration.ofSeconds(5);

    /** So long is waited after a failure, at the most. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private static final Duration SETTLED_WITH_RECORDS = Duration.ofSeconds(1);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private volatile @Nullable Throwable last;
    private volatile int count;
    private boolean goesWell;
    private long wellSinceNanos;
    private boolean recordsCame;

    /** How long to wait after so many failures in a row. */
    static Duration waitAfter(int failures) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /**
     * A poll failed.
     *
     * @return how long to wait
     */
    Duration failed(Throwable failure) {
        int failures = count + 1;
        count = failures;
        last = failure;
        goesWell = false;
        return waitAfter(failures);
    }

    /**
     * A poll did not fail.
     *
     * @param records whether it returned any
     * @param member whether the consumer is in its group
     */
    void wentWell(boolean records, boolean member) {
        if (count == 0) {
            return;
        }
        long now = System.nanoTime();
        if (!goesWell) {
            goesWell = true;
            wellSinceNanos = now;
            recordsCame = false;
        }
        recordsCame |= records;
        long nanos = now - wellSinceNanos;
        if (recordsCame && nanos >= SETTLED_WITH_RECORDS.toNanos() || member && nanos >= SETTLED.toNanos()) {
            last = null;
            count = 0;
        }
    }

    /** Polling has ended by an error. */
    void ended(Throwable failure) {
        last = failure;
        count = Integer.MAX_VALUE;
    }

    /** The last one, or null if they are over. */
    @Nullable Throwable last() {
        return last;
    }

    /** Whether there were more than can be an incident. */
    boolean areMany() {
        return count >= TOLERATED;
    }
}
