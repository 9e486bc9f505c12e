package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one operation, over all of its attempts: which are done, which have failed, and which are to be tried again. On the loop only.
 *
 * <p>An attempt that was sent and not answered may have been carried out, and so may one for which the controller's own time was up. The next one may then
 * be told that there is nothing to do, which after that is success.
 *
 * @param <T> what there is to tell of a topic that is done
 */
final class TopicBatch<T> {

    private final ApiKey api;
    private final Collection<ErrorCode> nothingToDo;
    private final Set<String> pending;
    private final Set<String> unsure = new LinkedHashSet<>();
    private final Map<String, T> done = new LinkedHashMap<>();
    private final Map<String, KafkaException> failures = new LinkedHashMap<>();
    private @Nullable KafkaException passing;

    /**
     * Nothing is done yet.
     *
     * @param nothingToDo what a broker answers if the operation has been carried out already
     */
    TopicBatch(ApiKey api, Collection<String> names, Collection<ErrorCode> nothingToDo) {
        this.api = api;
        this.nothingToDo = nothingToDo;
        this.pending = new LinkedHashSet<>(names);
    }

    /** What the next attempt is about. */
    List<String> pending() {
        return List.copyOf(pending);
    }

    /** Passes on the outcome of an attempt, and takes note if it may have been carried out though its answer was lost. */
    <R> CompletableFuture<R> watch(CompletableFuture<R> attempt) {
        return attempt.whenComplete((answer, failure) -> {
            if (failure != null && mayHaveBeenReceived(Failures.cause(failure))) {
                unsure.addAll(pending);
            }
        });
    }

    private static boolean mayHaveBeenReceived(Throwable failure) {
        return failure instanceof DisconnectException lost && lost.mayHaveBeenReceived()
                || failure instanceof RequestTimeoutException late && late.mayHaveBeenReceived();
    }

    /** Whether an attempt that is over may have been carried out for a topic. */
    boolean mayBeDone(String name) {
        return unsure.contains(name);
    }

    /**
     * Takes note of what a broker answered about a topic.
     *
     * @param value what there is to tell if it is done
     */
    void answered(String name, short code, @Nullable String message, @Nullable Node broker, Supplier<T> value) {
        ErrorCode error = ErrorCode.forCode(code);
        if (error == ErrorCode.NONE || unsure.contains(name) && nothingToDo.contains(error)) {
            pending.remove(name);
            done.put(name, value.get());
            return;
        }
        KafkaException failure = new BrokerException("topic '" + name + "'", error, api, broker, message);
        if (ErrorActions.of(api, error).isRetry()) {
            passing = failure;
            if (error == ErrorCode.REQUEST_TIMED_OUT) {
                unsure.add(name);
            }
        } else {
            failed(name, failure);
        }
    }

    /** A topic will not be tried again. */
    void failed(String name, KafkaException failure) {
        pending.remove(name);
        failures.put(name, failure);
    }

    /**
     * What to tell when there will be no further attempt: of each topic what is known, and of those that were to be tried again the reason why they are
     * not. If that is all of them, the reason says it all.
     */
    Throwable givenUp(Throwable reason) {
        if (done.isEmpty() && failures.isEmpty() || !(reason instanceof KafkaException told) || told instanceof TopicsException) {
            return reason;
        }
        Map<String, KafkaException> all = new LinkedHashMap<>(failures);
        pending.forEach(name -> all.put(name, told));
        return new TopicsException(all, done.keySet());
    }

    /** How an attempt ended: with everything done, with failures, or with something left to try again, which fails it with an error that passes. */
    CompletableFuture<Map<String, T>> outcome() {
        if (!pending.isEmpty()) {
            KafkaException reason = passing;
            return CompletableFuture.failedFuture(reason != null ? reason : new KafkaException("No answer was given about the topics " + pending));
        }
        return failures.isEmpty()
                ? CompletableFuture.completedFuture(done)
                : CompletableFuture.failedFuture(new TopicsException(failures, done.keySet()));
    }
}
