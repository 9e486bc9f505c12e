package dev.kafkaboot.client.net;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that double with each failure up to a ceiling, each moved by up to a fifth either way so that clients do not come back in step. Immutable.
 *
 * @param initial the first wait
 * @param max the longest wait, before it is moved
 */
public record Backoff(Duration initial, Duration max) {

    private static final double JITTER = 0.2;

    /**
     * The wait after a number of failures.
     *
     * @param failures how many in a row; 0 means no wait
     */
    public Duration after(int failures, RandomGenerator random) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) (ceilingNanos(failures) * (1 - JITTER + 2 * JITTER * random.nextDouble())));
    }

    /** The same, not moved. */
    public Duration withoutJitter(int failures) {
        return Duration.ofNanos((long) ceilingNanos(Math.max(1, failures)));
    }

    private double ceilingNanos(int failures) {
        double wait = (double) Times.nanos(initial) * Math.pow(2, Math.min(failures - 1, 30));
        return Math.min(wait, (double) Math.max(Times.nanos(initial), Times.nanos(max)));
    }
}
