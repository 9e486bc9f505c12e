package dev.kafkaboot.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for brokers that start together: for all of them, or for the first that ends instead. */
final class Startup {

    private Startup() {}

    /** @throws RealKafkaException if a broker ends or the time is over */
    static void await(List<RealBroker> brokers, Duration timeout) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        CompletableFuture<?>[] starts = brokers.stream()
                .map(broker -> broker.started().thenAccept(started -> {
                    if (!started) {
                        outcome.completeExceptionally(broker.ended());
                    }
                }))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(starts).thenRun(() -> outcome.complete(null));
        try {
            outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RealKafkaException ended
                    ? ended
                    : new RealKafkaException("waiting for the start of " + brokers + " failed", failure.getCause());
        } catch (TimeoutException late) {
            throw new RealKafkaException("not started within " + timeout + ":\n" + stateOf(brokers), late);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new RealKafkaException("interrupted while waiting for the start of " + brokers, interruption);
        }
    }

    private static String stateOf(List<RealBroker> brokers) {
        StringBuilder state = new StringBuilder();
        for (RealBroker broker : brokers) {
            if (!broker.started().getNow(false)) {
                state.append(broker).append(", the end of its log:\n").append(broker.logTail()).append('\n');
            }
        }
        return state.toString();
    }
}
