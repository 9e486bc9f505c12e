package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Asks a group's coordinator until it succeeds, fails for good, or the limit passes. On the loop.
 *
 * <p>A coordinator that says that it is none, is lost, or does not answer within {@code request.timeout.ms} is looked for anew.
 */
abstract class CoordinatorAttempts<T> {

    /** The last version in which topics of offset requests are told by name. */
    private static final int LAST_WITH_NAMES = 9;

    private final GroupCoordinator coordinator;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final String what;
    private final Duration limit;
    private final ApiKey api;
    private final long deadline;
    private int failures;

    /**
     * Not begun.
     *
     * @param what what is wanted, in the words of a message ("the commit of ...")
     * @param limit from now on
     */
    CoordinatorAttempts(GroupCoordinator coordinator, String what, Duration limit, ApiKey api) {
        this.coordinator = coordinator;
        this.what = what;
        this.limit = limit;
        this.api = api;
        this.deadline = coordinator.loop().nanoTime() + Times.nanos(limit);
    }

    /** Asks once. What it throws, or the future fails with, decides whether it is asked again. */
    abstract CompletableFuture<T> attempt();

    /** Begins. */
    CompletableFuture<T> start() {
        run(null);
        return outcome;
    }

    /** The time that is left. */
    final Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - coordinator.loop().nanoTime()));
    }

    private void run(@Nullable Throwable lastError) {
        if (left().isZero()) {
            outcome.completeExceptionally(new TimeoutException(
                    "Waited " + Times.text(limit) + " for " + what + (lastError == null ? "" : ", last error: " + lastError.getMessage()), lastError));
            return;
        }
        CompletableFuture<T> attempted;
        try {
            attempted = attempt();
        } catch (RuntimeException refused) {
            attempted = CompletableFuture.failedFuture(refused);
        }
        attempted.whenComplete((value, failure) -> {
            if (failure == null) {
                outcome.complete(value);
            } else {
                failed(Failures.cause(failure));
            }
        });
    }

    private void failed(Throwable failure) {
        if (!isWorthAnother(failure)) {
            outcome.completeExceptionally(failure);
            return;
        }
        failures++;
        coordinator.loop().schedule(coordinator.backoff().after(failures, coordinator.loop().random()), () -> run(failure));
    }

    /** Whether it may succeed if it is asked again. */
    final boolean isWorthAnother(Throwable failure) {
        return failure instanceof BrokerException error
                ? (ErrorActions.of(api, error.errorCode()).isRetry() || isRetriable(error)) && !isLasting(error)
                : failure instanceof KafkaException known && known.isRetriable();
    }

    /** Whether an error that the table of {@link ErrorActions} does not call retriable is one here. */
    boolean isRetriable(BrokerException error) {
        return false;
    }

    /** Whether an error that may pass is not waited for any longer. */
    boolean isLasting(BrokerException error) {
        return false;
    }

    /** Sends a request to the coordinator. */
    final <R extends ResponseMessage> CompletableFuture<R> send(IntFunction<? extends RequestMessage<R>> byVersion) {
        Duration left = left();
        RequestOptions options = RequestOptions.of(
                ConnectionClass.GENERAL, left.compareTo(coordinator.requestTimeout()) < 0 ? left : coordinator.requestTimeout());
        return coordinator.find(left).thenCompose(node -> coordinator.connections()
                .<R>dispatch(api, byVersion, node.id(), options.upToVersion(LAST_WITH_NAMES))
                .whenComplete((response, failure) -> {
                    Throwable cause = failure == null ? null : Failures.cause(failure);
                    if (cause instanceof DisconnectException || cause instanceof RequestTimeoutException) {
                        coordinator.invalidate(node.id());
                    }
                }));
    }

    /** What an error in an answer throws. */
    final BrokerException refused(String subject, ErrorCode error) {
        if (ErrorActions.of(api, error) == ErrorAction.FIND_COORDINATOR) {
            coordinator.invalidate();
        }
        return new BrokerException(subject, error, api, null, null);
    }
}
