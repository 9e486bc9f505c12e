package dev.kafkaboot.test.proxy;

import java.time.Duration;

/**
 * How bytes go in one direction, on every connection, from now on: nothing out of the ordinary to begin with. Thread-safe.
 *
 * <p>What is set here lasts until it is set again, or {@link FaultProxy#heal()} is called.
 */
public final class Traffic {

    private volatile Shape shape = Shape.PLAIN;

    Traffic() {}

    /**
     * How a frame goes.
     *
     * @param delayNanos how long after it came
     * @param jitterNanos up to so much later, at random; frames of a connection stay in order
     * @param bytesPerSecond no faster than this; 0 for as fast as can be
     * @param sliceBytes in writes of this size at most; 0 for whole
     * @param blackHole whether it does not go at all
     */
    record Shape(long delayNanos, long jitterNanos, long bytesPerSecond, int sliceBytes, boolean blackHole) {

        static final Shape PLAIN = new Shape(0, 0, 0, 0, false);
    }

    /** Each frame goes so much later than it came. */
    public synchronized Traffic delay(Duration time) {
        shape = new Shape(time.toNanos(), shape.jitterNanos, shape.bytesPerSecond, shape.sliceBytes, shape.blackHole);
        return this;
    }

    /** Each frame goes later by up to this, at random. */
    public synchronized Traffic jitter(Duration most) {
        shape = new Shape(shape.delayNanos, most.toNanos(), shape.bytesPerSecond, shape.sliceBytes, shape.blackHole);
        return this;
    }

    /** No more than this goes in a second, on each connection. */
    public synchronized Traffic bytesPerSecond(long most) {
        shape = new Shape(shape.delayNanos, shape.jitterNanos, most, shape.sliceBytes, shape.blackHole);
        return this;
    }

    /** Bytes go in pieces of this size at most, each in a write of its own. */
    public synchronized Traffic slice(int bytes) {
        shape = new Shape(shape.delayNanos, shape.jitterNanos, shape.bytesPerSecond, bytes, shape.blackHole);
        return this;
    }

    /** Whatever comes is swallowed, and nobody is told; connections stay open. */
    public synchronized Traffic blackHole(boolean on) {
        shape = new Shape(shape.delayNanos, shape.jitterNanos, shape.bytesPerSecond, shape.sliceBytes, on);
        return this;
    }

    synchronized void heal() {
        shape = Shape.PLAIN;
    }

    Shape shape() {
        return shape;
    }
}
