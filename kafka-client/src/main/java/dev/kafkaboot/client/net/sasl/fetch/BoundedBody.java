package dev.kafkaboot.client.net.sasl.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes a body of up to a number of bytes, and breaks off a longer one before it is read. */
final class BoundedBody implements BodySubscriber<byte[]> {

    private final int max;
    private final CompletableFuture<byte[]> outcome = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    BoundedBody(int max) {
        this.max = max;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return outcome;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.remaining() > max - bytes.size()) {
                outcome.completeExceptionally(new IOException("the answer is longer than " + max + " bytes"));
                subscribed().cancel();
                return;
            }
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            bytes.writeBytes(part);
        }
        subscribed().request(1);
    }

    private Flow.Subscription subscribed() {
        Flow.Subscription given = subscription;
        if (given == null) {
            throw new IllegalStateException("onNext before onSubscribe");
        }
        return given;
    }

    @Override
    public void onError(Throwable failure) {
        outcome.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        outcome.complete(bytes.toByteArray());
    }
}
