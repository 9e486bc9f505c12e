package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Runs operations that may take several attempts: it repeats what {@link ErrorActions} calls a retry, after growing waits, until the limit.
 *
 * <p>What an operation is told is a {@link KafkaException}; the time-out says what was to be done and why it was not.
 */
final class AdminCalls {

    /** What is left of a request's time for the way back, at most. */
    private static final long ANSWER_MILLIS_MAX = 1_000;

    private final ClientConnections connections;
    private final Duration apiTimeout;
    private final Duration requestTimeout;
    private final Backoff backoff;
    private final AtomicBoolean closed = new AtomicBoolean();

    AdminCalls(ClientConnections connections, Duration apiTimeout, Duration requestTimeout, Backoff backoff) {
        this.connections = connections;
        this.apiTimeout = apiTimeout;
        this.requestTimeout = requestTimeout;
        this.backoff = backoff;
    }

    ClientConnections connections() {
        return connections;
    }

    /** The limit of an operation that was given none. */
    Duration apiTimeout() {
        return apiTimeout;
    }

    void close() {
        closed.set(true);
    }

    /**
     * Runs an operation.
     *
     * @param api the request that it makes
     * @param what what it does, as the end of the sentence "Could not ... within 30 s"
     * @param attempt makes one attempt, on the loop; it is called again after a failure that passes
     */
    <T> CompletableFuture<T> run(ApiKey api, String what, Duration limit, Function<RequestOptions, CompletableFuture<T>> attempt) {
        return run(api, what, limit, attempt, UnaryOperator.identity());
    }

    /**
     * The same.
     *
     * @param givenUp turns the failure of the last attempt, or the time-out, into what the operation fails with
     */
    <T> CompletableFuture<T> run(
            ApiKey api,
            String what,
            Duration limit,
            Function<RequestOptions, CompletableFuture<T>> attempt,
            UnaryOperator<Throwable> givenUp) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(new ClientClosedException("The admin client is closed"));
        }
        return connections.handOver(() -> {
            Call<T> call = new Call<>(api, what, limit, attempt, givenUp);
            call.next();
            return call.outcome;
        });
    }

    /** How long a broker may work on a request: a little less than its answer is waited for, so that it still comes. */
    static int brokersMillis(RequestOptions options) {
        long millis = TimeUnit.NANOSECONDS.toMillis(Times.nanos(options.timeout()));
        return (int) Math.min(Integer.MAX_VALUE, millis - Math.min(millis / 10, ANSWER_MILLIS_MAX));
    }

    private final class Call<T> {

        private final ApiKey api;
        private final String what;
        private final Duration limit;
        private final Function<RequestOptions, CompletableFuture<T>> attempt;
        private final UnaryOperator<Throwable> givenUp;
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private final long startedNanos = connections.loop().nanoTime();
        private int failures;

        Call(
                ApiKey api,
                String what,
                Duration limit,
                Function<RequestOptions, CompletableFuture<T>> attempt,
                UnaryOperator<Throwable> givenUp) {
            this.api = api;
            this.what = what;
            this.limit = limit;
            this.attempt = attempt;
            this.givenUp = givenUp;
        }

        private Duration left() {
            Duration rest = limit.minusNanos(connections.loop().nanoTime() - startedNanos);
            return rest.isNegative() ? Duration.ZERO : rest;
        }

        void next() {
            if (closed.get()) {
                giveUp(new ClientClosedException("The admin client was closed"));
                return;
            }
            Duration rest = left();
            Duration timeout = rest.compareTo(requestTimeout) < 0 ? rest : requestTimeout;
            attempt.apply(RequestOptions.of(ConnectionClass.GENERAL, timeout)).whenComplete((value, failure) -> {
                if (failure == null) {
                    outcome.complete(value);
                } else {
                    failed(Failures.cause(failure));
                }
            });
        }

        private void failed(Throwable failure) {
            ErrorAction action = actionFor(failure);
            if (!action.isRetry()) {
                giveUp(failure);
                return;
            }
            failures++;
            Duration pause = backoff.after(failures, connections.loop().random());
            if (left().compareTo(pause) <= 0) {
                giveUp(new TimeoutException("Could not " + what + " within " + Times.text(limit) + ": "
                        + failure.getMessage() + (failures > 1 ? " (" + failures + " attempts)" : ""), failure));
                return;
            }
            if (action == ErrorAction.REFRESH_METADATA) {
                connections.metadata().requestRefresh();
            }
            connections.loop().schedule(pause, this::next);
        }

        private void giveUp(Throwable failure) {
            outcome.completeExceptionally(givenUp.apply(failure));
        }

        private ErrorAction actionFor(Throwable failure) {
            if (!(failure instanceof KafkaException told) || failure instanceof TopicsException) {
                return ErrorAction.FAIL; // of topics it was decided one by one
            }
            ErrorCode code = told.errorCode();
            if (code != null) {
                return ErrorActions.of(api, code);
            }
            return told.isRetriable() ? ErrorAction.RETRY : ErrorAction.FAIL;
        }
    }
}
