package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.NewTopic;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.context.SmartLifecycle;

/**
 * Creates the topics that {@link NewTopic} and {@link NewTopics} beans describe, as soon as a broker answers.
 *
 * <p>The application's start does not wait for it and does not fail if brokers are down, unless {@linkplain #setFatalIfBrokerNotAvailable told so}: what could
 * not be created is tried again, after 1 s, 2 s, 4 s and so on up to a minute, until it is there or the application stops. A topic that exists is left as it is;
 * one with fewer partitions than its bean says is named in the log. {@link #getTopics()} tells how far it is. Thread-safe once it is set up.
 */
public class KafkaAdmin implements SmartLifecycle, BeanFactoryAware {

    /** Before listeners and anything else that might use the topics. */
    public static final int PHASE = Integer.MIN_VALUE / 2;

    private final KafkaAdminClient client;
    private boolean autoCreate = true;
    private boolean fatalIfBrokerNotAvailable;
    private Duration operationTimeout = Duration.ofSeconds(30);
    private @Nullable BeanFactory beanFactory;
    private volatile @Nullable TopicCreator creator;

    /** One that works through a client, which is not closed with it. */
    public KafkaAdmin(KafkaAdminClient client) {
        this.client = client;
    }

    /** The client, for everything else. */
    public KafkaAdminClient getClient() {
        return client;
    }

    /** Whether topics are created when the application starts; true by default. */
    public void setAutoCreate(boolean autoCreate) {
        this.autoCreate = autoCreate;
    }

    /** Whether the application's start waits for the topics, and fails if they cannot be created; false by default. */
    public void setFatalIfBrokerNotAvailable(boolean fatal) {
        this.fatalIfBrokerNotAvailable = fatal;
    }

    /** The limit of one attempt, and of the start if that waits; 30 s by default. */
    public void setOperationTimeout(Duration operationTimeout) {
        this.operationTimeout = operationTimeout;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public synchronized void start() {
        if (creator != null) {
            return;
        }
        TopicCreator started = new TopicCreator(client, autoCreate ? topicBeans() : List.of(), operationTimeout);
        creator = started;
        started.start();
        if (fatalIfBrokerNotAvailable) {
            awaitAll(started);
        }
    }

    private Collection<NewTopic> topicBeans() {
        Map<String, NewTopic> topics = new LinkedHashMap<>();
        BeanFactory beans = beanFactory;
        if (beans != null) {
            beans.getBeanProvider(NewTopic.class).orderedStream().forEach(topic -> add(topic, topics));
            beans.getBeanProvider(NewTopics.class).orderedStream().forEach(many -> many.topics().forEach(topic -> add(topic, topics)));
        }
        return topics.values();
    }

    private static void add(NewTopic topic, Map<String, NewTopic> topics) {
        NewTopic other = topics.putIfAbsent(topic.name(), topic);
        if (other != null && !other.equals(topic)) {
            throw new IllegalStateException("Two beans describe the topic '" + topic.name() + "': (" + other + ") and (" + topic + ")");
        }
    }

    private void awaitAll(TopicCreator started) {
        try {
            // An attempt looks and creates, each within the limit, and then knows the reason better than this wait would.
            started.firstAttempt().get(operationTimeout.toMillis() * 2 + 1_000, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            stop();
            throw new TimeoutException("The topics " + started.missing() + " could not be created within " + operationTimeout.toSeconds() + " s",
                    started.lastError());
        } catch (ExecutionException e) {
            stop();
            throw KafkaException.forCaller(e);
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while waiting for the topics " + started.missing(), e);
        }
        if (!started.missing().isEmpty()) {
            stop();
            Throwable error = started.lastError();
            throw new KafkaException("The topics " + started.missing() + " could not be created: "
                    + (error == null ? "unknown" : error.getMessage()), error);
        }
    }

    @Override
    public synchronized void stop() {
        TopicCreator current = creator;
        creator = null;
        if (current != null) {
            current.stop();
        }
    }

    @Override
    public boolean isRunning() {
        return creator != null;
    }

    /** How far the creation of each topic is, by name; empty if it was not started. */
    public Map<String, TopicState> getTopics() {
        TopicCreator current = creator;
        return current == null ? Map.of() : current.states();
    }

    /** Whether all topics are there. */
    public boolean isComplete() {
        TopicCreator current = creator;
        return current != null && current.missing().isEmpty();
    }

    /** Why the last attempt failed for some topic, or null if it did not. */
    public @Nullable Throwable getLastError() {
        TopicCreator current = creator;
        return current == null ? null : current.lastError();
    }

    /**
     * Completes, with no value, when each of these topics is there or was refused by a broker, or when this is stopped; at once for those that are not ours to create,
     * and before this is started. Never fails. Listeners wait for it before they ask for a topic, because asking may create it with the broker's number of partitions.
     */
    public CompletableFuture<?> whenTried(Collection<String> topics) {
        TopicCreator current = creator;
        return current == null ? CompletableFuture.completedFuture(null) : current.whenTried(topics);
    }

    /**
     * Several topics in one bean.
     *
     * @param topics the topics
     */
    public record NewTopics(List<NewTopic> topics) {

        public NewTopics {
            topics = List.copyOf(topics);
        }

        /** Several topics. */
        public NewTopics(NewTopic... topics) {
            this(List.of(topics));
        }
    }

    /** How far the creation of a topic is. */
    public enum TopicState {

        /** No broker has answered yet. */
        PENDING,

        /** It was created by this application. */
        CREATED,

        /** It was there before. */
        EXISTED,

        /** It was there before, with fewer partitions than its bean says. */
        EXISTED_WITH_FEWER_PARTITIONS,

        /** The broker refused; it will be asked again. */
        REFUSED
    }
}
