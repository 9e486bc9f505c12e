package dev.kafkaboot.client.sim;

import java.util.SplittableRandom;

/** The way between one process and one broker: how long it takes, and whether anything gets through. */
final class Path {

    /** Which way bytes go. */
    enum Direction {
        TO_BROKER,
        TO_CLIENT
    }

    private static final long SHORTEST_NANOS = 50_000;
    private static final long LONGEST_NANOS = 2_000_000;

    private final SplittableRandom random;
    private final long baseNanos;
    private double factor = 1;
    private boolean toBrokerHeld;
    private boolean toClientHeld;
    private boolean mute;

    Path(SplittableRandom random) {
        this.random = random;
        this.baseNanos = random.nextLong(SHORTEST_NANOS, LONGEST_NANOS);
    }

    /** How long the next packet takes: about the same as the one before, but one in a hundred much longer. */
    long latencyNanos() {
        double jitter = 1 + random.nextDouble() * 0.5;
        double spike = random.nextInt(100) == 0 ? 2 + random.nextInt(40) : 1;
        return (long) (baseNanos * jitter * spike * factor);
    }

    boolean isHeld(Direction direction) {
        return direction == Direction.TO_BROKER ? toBrokerHeld : toClientHeld;
    }

    /** Whether attempts to connect are left without an answer. */
    boolean isMute() {
        return mute;
    }

    void slow(double times) {
        factor = times;
    }

    void hold(boolean toBroker, boolean toClient) {
        toBrokerHeld = toBroker;
        toClientHeld = toClient;
    }

    void mute() {
        mute = true;
    }

    void heal() {
        factor = 1;
        mute = false;
        hold(false, false);
    }
}
