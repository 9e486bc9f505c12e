package dev.kafkaboot.test.fake;

/** What a broker remembers of a client that pushes metrics: when it came last, so that it does not come too often. */
final class TelemetryInstance {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private long lastAskedNanos = Long.MIN_VALUE;
    private long lastPushedNanos = Long.MIN_VALUE;
    private boolean mayAskAtOnce;
    private boolean terminated;

    /** Whether the client may ask what is wanted: an interval after it came last, or at once if its push was refused for something that has changed. */
    boolean mayAsk(long nowNanos, int intervalMillis) {
        boolean may = mayAskAtOnce || hasPassed(Math.max(lastAskedNanos, lastPushedNanos), nowNanos, intervalMillis);
        if (may) {
            lastAskedNanos = nowNanos;
            mayAskAtOnce = false;
        }
        return may;
    }

    /** Whether the client may push: when it has just been told what is wanted, or an interval after it pushed last. */
    boolean mayPush(long nowNanos, int intervalMillis) {
        boolean may = lastAskedNanos > lastPushedNanos || hasPassed(lastPushedNanos, nowNanos, intervalMillis);
        if (may) {
            lastPushedNanos = nowNanos;
        }
        return may;
    }

    private static boolean hasPassed(long sinceNanos, long nowNanos, int intervalMillis) {
        return sinceNanos == Long.MIN_VALUE || nowNanos - sinceNanos >= intervalMillis * NANOS_PER_MILLI;
    }

    void letAskAtOnce() {
        mayAskAtOnce = true;
    }

    boolean isTerminated() {
        return terminated;
    }

    void terminate() {
        terminated = true;
    }
}
