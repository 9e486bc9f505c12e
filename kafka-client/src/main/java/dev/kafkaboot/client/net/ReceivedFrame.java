package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ResponseMessage;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A response together with the pooled buffer that it was read into, on which its {@code records} fields are slices.
 *
 * <p>It begins with one reference, which is the receiver's. When the last reference is released, the buffer goes back to the pool and the slices must
 * not be touched any more. A frame that is never released is merely garbage. Safe from any thread.
 *
 * @param <R> the response's type
 */
public final class ReceivedFrame<R extends ResponseMessage> {

    private final R response;
    private final short version;
    private final Node broker;
    private final long writtenNanos;
    private final int sizeInBytes;
    private final @Nullable ByteBuffer buffer;
    private final @Nullable ReceiveBufferPool pool;
    private final AtomicInteger references = new AtomicInteger(1);

    ReceivedFrame(
            R response, short version, Node broker, long writtenNanos, @Nullable ByteBuffer buffer, @Nullable ReceiveBufferPool pool) {
        this.response = response;
        this.version = version;
        this.broker = broker;
        this.writtenNanos = writtenNanos;
        this.sizeInBytes = buffer == null ? 0 : buffer.limit();
        this.buffer = buffer;
        this.pool = pool;
    }

    /** The response. */
    public R response() {
        return response;
    }

    /** The version in which request and response were written. */
    public short version() {
        return version;
    }

    /** Who answered. */
    public Node broker() {
        return broker;
    }

    /** When the last byte of the request was with the socket, in nanoseconds of the loop's clock. */
    public long writtenNanos() {
        return writtenNanos;
    }

    /** The size of the frame on the wire, without its length field; 0 where no response was expected (acks=0). */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** Whether the response has fields that are slices of the frame, so that it can only be used as long as the frame is not released. */
    public boolean isReferredTo() {
        return switch (response.apiKey()) {
            case FETCH, SHARE_FETCH, FETCH_SNAPSHOT, ENVELOPE -> true;
            default -> false;
        };
    }

    /**
     * Adds a reference.
     *
     * @throws IllegalStateException if the last one was released already
     */
    public void retain() {
        if (references.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new IllegalStateException("The frame was released before it was retained");
        }
    }

    /**
     * Gives a reference back.
     *
     * @throws IllegalStateException if there is none left to give
     */
    public void release() {
        int before = references.getAndUpdate(count -> count == 0 ? 0 : count - 1);
        if (before == 0) {
            throw new IllegalStateException("The frame was released more often than it was retained");
        }
        if (before == 1 && buffer != null && pool != null) {
            pool.give(buffer);
        }
    }
}
