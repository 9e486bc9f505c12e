package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns futures of the loop into futures for users, which complete on {@link EventLoop#callbacks()}. It keeps those that are open, so that the end of a
 * client, or of the loop, fails them all, whatever they were waiting for. Safe from any thread.
 */
final class HandOver {

    private final EventLoop loop;
    /** In the order in which they were started, which is that in which the end fails them. */
    private final Set<Handed<?>> open = Collections.synchronizedSet(new LinkedHashSet<>());

    private volatile @Nullable ClientClosedException ended;

    HandOver(EventLoop loop) {
        this.loop = loop;
    }

    /** A future in a user's hands. */
    private final class Handed<T> {

        private final CompletableFuture<T> future = new CompletableFuture<>();

        void complete(@Nullable T value, @Nullable Throwable failure) {
            if (!open.remove(this)) {
                return; // the end was faster
            }
            loop.callbacks().execute(() -> settle(value, failure));
        }

        @SuppressWarnings("NullAway") // a null value is what the future of the loop, of the same type, was completed with
        private void settle(@Nullable T value, @Nullable Throwable failure) {
            if (failure == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(Failures.cause(failure));
            }
        }
    }

    /** Runs something on the loop; the user's future gets its outcome. */
    <T> CompletableFuture<T> start(Supplier<CompletableFuture<T>> onLoop) {
        Handed<T> handed = new Handed<>();
        open.add(handed);
        ClientClosedException refusal = ended;
        if (refusal != null) {
            open.remove(handed);
            handed.future.completeExceptionally(refusal);
            return handed.future;
        }
        try {
            loop.execute(() -> run(onLoop, handed));
        } catch (ClientClosedException loopEnded) {
            open.remove(handed);
            handed.future.completeExceptionally(loopEnded);
        }
        return handed.future;
    }

    private static <T> void run(Supplier<CompletableFuture<T>> onLoop, HandOver.Handed<T> handed) {
        try {
            onLoop.get().whenComplete(handed::complete);
        } catch (RuntimeException failure) {
            handed.complete(null, failure);
        }
    }

    /** Fails what is open and refuses what comes later. A second call does nothing. */
    void end(ClientClosedException reason) {
        if (ended == null) {
            ended = reason;
        }
        List.copyOf(open).forEach(handed -> handed.complete(null, reason));
    }
}
