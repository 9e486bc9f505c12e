package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.client.admin.TopicDescription;
import dev.kafkaboot.client.admin.TopicsException;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.spring.core.KafkaAdmin.TopicState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics in the background until all are there.
 *
 * <p>An attempt looks for each missing topic and creates those that are not there, so that no right to create is needed for one that is. A topic that a broker
 * refuses to show or to create keeps no other from being created. Nothing here blocks; state is guarded by {@code this}.
 */
final class TopicCreator {

    private static final Logger logger = LoggerFactory.getLogger(TopicCreator.class);
    private static final Duration SHORT_WAIT = Duration.ofMillis(200);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT_OF_LISTENERS = Duration.ofSeconds(5);

    private final KafkaAdminClient client;
    private final Duration operationTimeout;
    private final Map<String, NewTopic> wanted = new LinkedHashMap<>();
    private final Map<String, TopicState> states = new TreeMap<>();
    private final Map<String, CompletableFuture<Void>> tried = new LinkedHashMap<>();
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private @Nullable Throwable lastError;
    private @Nullable String lastLogged;
    private int failedAttempts;
    private boolean stopped;

    TopicCreator(KafkaAdminClient client, Collection<NewTopic> topics, Duration operationTimeout) {
        this.client = client;
        this.operationTimeout = operationTimeout;
        for (NewTopic topic : topics) {
            wanted.put(topic.name(), topic);
            states.put(topic.name(), TopicState.PENDING);
            tried.put(topic.name(), new CompletableFuture<>());
        }
    }

    void start() {
        attempt();
    }

    private void attempt() {
        List<NewTopic> missing = missingTopics();
        if (missing.isEmpty()) {
            firstAttempt.complete(null);
            return;
        }
        Attempt attempt = new Attempt();
        CompletableFuture<?>[] looks = missing.stream().map(topic -> look(topic, attempt)).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(looks)
                .thenCompose(looked -> create(attempt))
                .whenComplete((created, defect) -> attempted(defect == null ? attempt.failure() : causeOf(defect)));
    }

    /** What one attempt finds. What fails of one topic is no reason not to go on with the others. */
    private static final class Attempt {

        private final List<NewTopic> absent = new ArrayList<>();
        private final Map<String, Throwable> failures = new TreeMap<>();

        synchronized void isAbsent(NewTopic topic) {
            absent.add(topic);
        }

        synchronized List<NewTopic> absent() {
            return List.copyOf(absent);
        }

        synchronized void failed(String topic, Throwable failure) {
            failures.put(topic, failure);
        }

        /** The failures as one, or null if there is none. */
        synchronized @Nullable Throwable failure() {
            if (failures.isEmpty()) {
                return null;
            }
            Throwable first = failures.values().iterator().next();
            String all = failures.values().stream().map(Throwable::getMessage).distinct().collect(Collectors.joining("; "));
            return all.equals(first.getMessage()) ? first : new KafkaException(all, first);
        }
    }

    private synchronized List<NewTopic> missingTopics() {
        return stopped ? List.of() : wanted.values().stream().filter(topic -> isMissing(topic.name())).toList();
    }

    private boolean isMissing(String topic) {
        TopicState state = states.get(topic);
        return state == TopicState.PENDING || state == TopicState.REFUSED;
    }

    private CompletableFuture<?> look(NewTopic topic, Attempt attempt) {
        return client.topics().within(operationTimeout).describe(List.of(topic.name())).handle((found, failure) -> {
            if (failure == null) {
                exists(topic, Objects.requireNonNull(found.get(topic.name()), "The broker described another topic"));
            } else if (causeOf(failure) instanceof KafkaException error && error.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                attempt.isAbsent(topic);
            } else {
                failed(topic.name(), causeOf(failure), attempt);
            }
            return null;
        });
    }

    private void exists(NewTopic topic, TopicDescription found) {
        int partitions = found.partitions().size();
        if (partitions < topic.partitions()) {
            logger.warn("Topic '{}' exists with {} partitions, fewer than the {} of its bean; it is left as it is",
                    topic.name(), partitions, topic.partitions());
            answered(topic.name(), TopicState.EXISTED_WITH_FEWER_PARTITIONS);
        } else {
            answered(topic.name(), TopicState.EXISTED);
        }
    }

    private CompletableFuture<?> create(Attempt attempt) {
        List<NewTopic> absent = attempt.absent();
        if (absent.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return client.topics().within(operationTimeout).create(absent).handle((created, failure) -> {
            if (failure == null) {
                absent.forEach(this::created);
            } else if (causeOf(failure) instanceof TopicsException some) {
                absent.stream().filter(topic -> some.succeeded().contains(topic.name())).forEach(this::created);
                some.failures().forEach((topic, error) -> failed(topic, error, attempt));
            } else {
                absent.forEach(topic -> failed(topic.name(), causeOf(failure), attempt));
            }
            return null;
        });
    }

    private void created(NewTopic topic) {
        logger.info("Created topic {}", topic);
        answered(topic.name(), TopicState.CREATED);
    }

    /** A broker that says no to a topic has answered, and listeners need not wait any longer for it. Whatever else went wrong may pass. */
    private void failed(String topic, Throwable failure, Attempt attempt) {
        ErrorCode error = failure instanceof KafkaException known ? known.errorCode() : null;
        if (error == ErrorCode.TOPIC_ALREADY_EXISTS) {
            return; // Another member was quicker; the next attempt looks at what it made.
        }
        attempt.failed(topic, failure);
        if (error != null && error != ErrorCode.REQUEST_TIMED_OUT) {
            answered(topic, TopicState.REFUSED);
        }
    }

    private void answered(String topic, TopicState state) {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            states.put(topic, state);
            waiting = tried.get(topic);
        }
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    private void attempted(@Nullable Throwable cause) {
        Duration wait;
        synchronized (this) {
            lastError = cause;
            if (stopped) {
                return;
            }
            failedAttempts = cause == null ? 0 : failedAttempts + 1;
            wait = cause == null ? SHORT_WAIT : waitAfter(failedAttempts, states.containsValue(TopicState.PENDING));
        }
        boolean complete = missingTopics().isEmpty();
        if (cause != null) {
            log(cause);
        }
        if (complete || cause != null) {
            firstAttempt.complete(null);
        }
        if (!complete) {
            attemptAfter(wait);
        }
    }

    /** On the timer's own thread, because an attempt waits for nothing: there may be no memory for one, and then what was to be done is forgotten without a word. */
    private void attemptAfter(Duration wait) {
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, Runnable::run).execute(() -> {
            try {
                attempt();
            } catch (RuntimeException | Error failure) {
                attempted(failure);
            }
        });
    }

    /**
     * How long to wait after so many failures in a row.
     *
     * @param awaited whether no broker has answered for a topic, so that its listeners wait as well
     */
    static Duration waitAfter(int failures, boolean awaited) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration longest = awaited ? LONGEST_WAIT_OF_LISTENERS : LONGEST_WAIT;
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    /** The same failure again is not worth a line. */
    private void log(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        boolean repeated;
        synchronized (this) {
            repeated = message.equals(lastLogged);
            lastLogged = message;
        }
        if (repeated) {
            logger.debug("The topics {} could still not be created", missing(), cause);
        } else {
            logger.warn("The topics {} could not be created yet; trying again until they are: {}", missing(), message);
        }
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** Completes when the first attempt is over, however it ended. */
    CompletableFuture<Void> firstAttempt() {
        return firstAttempt;
    }

    synchronized List<String> missing() {
        return states.keySet().stream().filter(this::isMissing).toList();
    }

    synchronized Map<String, TopicState> states() {
        return new TreeMap<>(states);
    }

    synchronized @Nullable Throwable lastError() {
        return lastError;
    }

    CompletableFuture<?> whenTried(Collection<String> topics) {
        synchronized (this) {
            return CompletableFuture.allOf(topics.stream().map(tried::get).filter(Objects::nonNull).toArray(CompletableFuture[]::new));
        }
    }

    void stop() {
        synchronized (this) {
            stopped = true;
        }
        firstAttempt.complete(null);
        tried.values().forEach(waiting -> waiting.complete(null));
    }
}
