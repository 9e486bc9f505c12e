package dev.kafkaboot.client.net;

import java.time.Duration;

/**
 * When code that may never return is called again beside a call that has not returned. To be used by one thread.
 *
 * <p>A call that hangs may be the only one that ever will, as on a connection that was cut off: who waits for it alone waits for ever. So another one is begun
 * after a while. Each that is left behind holds a thread, so after a few of them the pauses grow, up to a day: what always hangs costs little, and what has
 * recovered is found out.
 */
public final class CallPace {

    /** Longer than what is bounded itself takes: a first key distribution centre that is dead costs the JDK 90 s. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int SOON_MAX = 4;
    private static final long LATER_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final int DOUBLINGS_MAX = 7;

    private final long patienceMillis;
    private int running;
    private int newest;
    private boolean awaitsNewest;
    private long begunMillis;

    /** No call is running. */
    public CallPace() {
        this(PATIENCE);
    }

    CallPace(Duration patience) {
        this.patienceMillis = patience.toMillis();
    }

    /**
     * Whether a call may be begun: some call has returned since the newest began, or that has taken too long.
     *
     * @param nowMillis of a clock that is always the same one; it may jump
     */
    public boolean mayBegin(long nowMillis) {
        return !awaitsNewest || Math.abs(nowMillis - begunMillis) >= pauseMillis();
    }

    private long pauseMillis() {
        return running < SOON_MAX ? patienceMillis : LATER_MILLIS << Math.min(running - SOON_MAX, DOUBLINGS_MAX);
    }

    /** A call begins; answers its number. */
    public int begin(long nowMillis) {
        running++;
        awaitsNewest = true;
        begunMillis = nowMillis;
        return ++newest;
    }

    /** A call has returned, or has thrown; answers whether it was the newest. Whichever it was, the code is one that returns, so that the next may begin at once. */
    public boolean ended(int number) {
        running--;
        awaitsNewest = false;
        return number == newest;
    }

    /** How many calls have not returned. */
    public int running() {
        return running;
    }
}
