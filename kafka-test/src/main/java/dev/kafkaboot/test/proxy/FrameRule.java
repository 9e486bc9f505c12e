package dev.kafkaboot.test.proxy;

import dev.kafkaboot.protocol.ApiKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Says which frames, and what happens to them: begun by {@link FaultProxy#on}, narrowed down, and set in force by its last call.
 *
 * <pre>{@code
 * proxy.on(ApiKey.PRODUCE).responses().skip(3).reset();     // the broker has written the batch, and the client does not hear of it
 * proxy.on(ApiKey.FETCH).responses().stallAfter(100);       // an answer that stops in the middle
 * }</pre>
 *
 * <p>One frame, the next, if nothing else is said. Of several rules that fit, the one that was made first takes the frame. To be built by one thread;
 * in force, it is safe for all.
 */
public final class FrameRule {

    private final FaultProxy proxy;
    private final ApiKey api;
    private Direction direction = Direction.TO_BROKER;
    private @Nullable String broker;
    private @Nullable Integer correlationId;
    private long skip;
    private long times = 1;
    private FrameFault fault = FrameFault.NONE;
    private final AtomicLong seen = new AtomicLong();

    FrameRule(FaultProxy proxy, ApiKey api) {
        this.proxy = proxy;
        this.api = api;
    }

    // ---- which frames

    /** Requests, on their way to the broker: the default. */
    public FrameRule requests() {
        direction = Direction.TO_BROKER;
        return this;
    }

    /** Responses, on their way to the client: what was asked for is done. */
    public FrameRule responses() {
        direction = Direction.TO_CLIENT;
        return this;
    }

    /** Only those to or from one broker, by its own address, {@code host:port}. */
    public FrameRule broker(String address) {
        broker = address;
        return this;
    }

    /** Only those with one correlation id. */
    public FrameRule correlationId(int id) {
        correlationId = id;
        return this;
    }

    /** Leaves the first ones alone. */
    public FrameRule skip(int count) {
        skip = count;
        return this;
    }

    /** So many, and no more. */
    public FrameRule times(int count) {
        times = count;
        return this;
    }

    /** All of them. */
    public FrameRule always() {
        times = Long.MAX_VALUE - skip;
        return this;
    }

    // ---- what happens to them

    /** They go later than they came, and what is behind them on the connection waits. */
    public FrameRule delay(Duration time) {
        return inForce(new FrameFault(FrameFault.Kind.FORWARD, time.toNanos(), 0, null));
    }

    /** They do not go; the connection stays open. */
    public FrameRule drop() {
        return inForce(new FrameFault(FrameFault.Kind.DROP, 0, 0, null));
    }

    /** They go twice. */
    public FrameRule duplicate() {
        return inForce(new FrameFault(FrameFault.Kind.DUPLICATE, 0, 0, null));
    }

    /** They do not go, and the connection is reset on both sides. */
    public FrameRule reset() {
        return inForce(new FrameFault(FrameFault.Kind.RESET, 0, 0, null));
    }

    /** Their first bytes go, and then the connection is reset on both sides. */
    public FrameRule resetAfter(int bytes) {
        return inForce(new FrameFault(FrameFault.Kind.RESET, 0, bytes, null));
    }

    /** Their first bytes go, and then nothing more in this direction; the connection stays open. */
    public FrameRule stallAfter(int bytes) {
        return inForce(new FrameFault(FrameFault.Kind.STALL, 0, bytes, null));
    }

    /** They go, and then this direction is ended in order, while the other goes on. */
    public FrameRule halfClose() {
        return inForce(new FrameFault(FrameFault.Kind.HALF_CLOSE, 0, 0, null));
    }

    /** Something is done, on a thread of the proxy's, and then they go. */
    public FrameRule before(Runnable first) {
        return inForce(new FrameFault(FrameFault.Kind.FORWARD, 0, 0, first));
    }

    /** How many frames it has hit. */
    public long hits() {
        return Math.min(Math.max(0, seen.get() - skip), times);
    }

    /** Takes the rule back. */
    public void cancel() {
        proxy.remove(this);
    }

    FrameFault fault() {
        return fault;
    }

    boolean takes(FrameInfo frame) {
        if (frame.api() != api || frame.direction() != direction || broker != null && !broker.equals(frame.broker())
                || correlationId != null && correlationId != frame.correlationId()) {
            return false;
        }
        long number = seen.getAndIncrement();
        return number >= skip && number < skip + times;
    }

    private FrameRule inForce(FrameFault what) {
        fault = what;
        proxy.add(this);
        return this;
    }
}
