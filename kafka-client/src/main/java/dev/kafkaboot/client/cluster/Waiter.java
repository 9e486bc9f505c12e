package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.net.Timer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A future that somebody waits for, with the timer that ends the wait. On the loop only. */
final class Waiter<T> {

    private final CompletableFuture<T> future;
    private @Nullable Timer expiry;

    Waiter(CompletableFuture<T> future) {
        this.future = future;
    }

    /** The timer to cancel when the wait is over. */
    void endsAt(Timer timer) {
        expiry = timer;
    }

    void complete(T value) {
        cancelExpiry();
        future.complete(value);
    }

    void fail(Throwable failure) {
        cancelExpiry();
        future.completeExceptionally(failure);
    }

    private void cancelExpiry() {
        if (expiry != null) {
            expiry.cancel();
        }
    }
}
