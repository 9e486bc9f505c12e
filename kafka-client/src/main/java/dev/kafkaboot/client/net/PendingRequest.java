package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A request from its dispatch to its end. On the loop only.
 *
 * <p>It lets go of the message when that is encoded, and of the response's place when it is over, so nothing that the caller gave is held for longer.
 *
 * @param <R> the response's type
 */
final class PendingRequest<R extends ResponseMessage> {

    final ApiKey api;
    final String clientId;
    final RequestOptions options;
    final long startedNanos;
    final long deadlineNanos;
    final CompletableFuture<ReceivedFrame<R>> future = new CompletableFuture<>();
    private @Nullable IntFunction<? extends RequestMessage<R>> byVersion;
    private @Nullable R response;
    private short version;
    private int correlationId;
    private boolean expectsResponse = true;
    private boolean written;
    private long writtenNanos;

    PendingRequest(
            ApiKey api, IntFunction<? extends RequestMessage<R>> byVersion, String clientId, RequestOptions options, long nowNanos) {
        this.api = api;
        this.byVersion = byVersion;
        this.clientId = clientId;
        this.options = options;
        this.startedNanos = nowNanos;
        this.deadlineNanos = Times.deadline(nowNanos, options.timeout());
    }

    /** Hands out the message, once. */
    RequestMessage<R> take(short negotiated, int correlation) {
        IntFunction<? extends RequestMessage<R>> source = byVersion;
        if (source == null) {
            throw new IllegalStateException(api + " was encoded already");
        }
        byVersion = null;
        version = negotiated;
        correlationId = correlation;
        RequestMessage<R> request = source.apply(negotiated);
        response = request.newResponse();
        expectsResponse = Expectation.of(request);
        return request;
    }

    short version() {
        return version;
    }

    int correlationId() {
        return correlationId;
    }

    boolean expectsResponse() {
        return expectsResponse;
    }

    /** Hands out an empty response to read into, once: if it cannot be read as a whole, nothing holds what was read. */
    R response() {
        R empty = response;
        if (empty == null) {
            throw new IllegalStateException(api + " was not encoded, or is answered already");
        }
        response = null;
        return empty;
    }

    /** The last byte is with the socket. */
    void wasWritten() {
        written = true;
    }

    void writtenAt(long nanos) {
        writtenNanos = nanos;
    }

    /** When the last byte was with the socket, on the loop's clock. */
    long writtenNanos() {
        return writtenNanos;
    }

    /** Whether the broker may have seen all of it. */
    boolean isWritten() {
        return written;
    }

    /** Whether whoever asked has the outcome. Its answer may still be under way. */
    boolean isOver() {
        return future.isDone();
    }

    /** Whether it waits for longer than it was to. */
    boolean isLate(long nowNanos) {
        return !isOver() && deadlineNanos - nowNanos <= 0;
    }

    void fail(Throwable failure) {
        byVersion = null;
        response = null;
        future.completeExceptionally(failure);
    }

    void complete(ReceivedFrame<R> frame) {
        byVersion = null;
        future.complete(frame);
    }

    @Override
    public String toString() {
        return api + " " + correlationId;
    }
}
