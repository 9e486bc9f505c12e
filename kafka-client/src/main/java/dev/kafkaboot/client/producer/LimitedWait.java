package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Waits for something that goes on whether or not it is waited for. On the loop. */
final class LimitedWait {

    private LimitedWait() {}

    /**
     * A future for one who waits.
     *
     * @param late makes what it fails with when the limit has passed
     */
    static <T> CompletableFuture<T> of(EventLoop loop, CompletableFuture<T> whole, Duration limit, Supplier<? extends RuntimeException> late) {
        CompletableFuture<T> waiter = new CompletableFuture<>();
        if (whole.isDone()) {
            return whole;
        }
        Timer timer = loop.schedule(limit, () -> {
            if (!waiter.isDone()) {
                waiter.completeExceptionally(late.get());
            }
        });
        whole.whenComplete((value, failure) -> {
            timer.cancel();
            if (failure == null) {
                waiter.complete(value);
            } else {
                waiter.completeExceptionally(Failures.cause(failure));
            }
        });
        return waiter;
    }
}
