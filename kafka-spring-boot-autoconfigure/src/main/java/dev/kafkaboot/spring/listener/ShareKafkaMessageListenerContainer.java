package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.spring.core.ShareConsumerFactory;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * A container that is a member of a share group (KIP-932; Kafka 4.2 or later): one consumer, and as many threads for the listener as its concurrency says.
 *
 * <p>Records come one by one, of all partitions, in no order, and each is acknowledged by itself:
 *
 * <ul>
 *   <li>one that the listener has worked on is accepted: nobody gets it again. In ack mode MANUAL the listener says so, or something else
 *       ({@link dev.kafkaboot.spring.support.ShareAcknowledgment});
 *   <li>one that failed is what the {@link RecordErrorHandler} says: tried again here, after a while, or given up, which is rejected;
 *   <li>one that was not begun when the container stops or pauses is released, and so is one that is not finished within the shutdown timeout.
 * </ul>
 *
 * <p>Locks are renewed as long as a record is here, whatever time the listener takes. What the broker has not taken is delivered again. Ack mode RECORD sends each
 * acknowledgement at once, BATCH with the next poll, which is at most the poll timeout later.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class ShareKafkaMessageListenerContainer<K, V> implements MessageListenerContainer, DisposableBean {

    private static final Logger logger = LoggerFactory.getLogger(ShareKafkaMessageListenerContainer.class);
    private static final long IDLE_THREAD_SECONDS = 30;

    private final String listenerId;
    private final ShareConsumerFactory<K, V> consumerFactory;
    private final ContainerProperties properties;
    private final MessageListener<?, ?> listener;
    private final Object lifecycle = new Object();
    private RecordErrorHandler errorHandler = new DefaultErrorHandler();
    private List<ListenerObserver> observers = List.of();
    private Function<Collection<String>, CompletableFuture<?>> startAfter = topics -> CompletableFuture.completedFuture(null);
    private boolean autoStartup = true;
    private int phase = KafkaMessageListenerContainer.PHASE;
    private @Nullable String place;
    private volatile boolean pauseRequested;
    private volatile @Nullable ShareContainerRun run;
    private volatile @Nullable CompletableFuture<Void> stopping;

    /** Whether its own listener wants it to start when it has stopped; guarded by the lifecycle. */
    private boolean startsAgain;

    /**
     * A container, not started.
     *
     * @param listenerId the listener's id, for names of threads, logs and metrics
     * @param listener gets records of keys and values as the consumer factory's serializers read them; of bytes if it is a {@link BytesMessageListener}
     * @throws IllegalArgumentException if there is no topic, or the listener is one that acknowledges offsets
     */
    public ShareKafkaMessageListenerContainer(
            String listenerId, ShareConsumerFactory<K, V> consumerFactory, ContainerProperties properties, MessageListener<?, ?> listener) {
        if (properties.getTopics().isEmpty()) {
            throw new IllegalArgumentException("Listener '" + listenerId + "' has no topics");
        }
        if (listener instanceof AcknowledgingMessageListener<?, ?>) {
            throw new IllegalArgumentException("Listener '" + listenerId + "' of a share group needs an "
                    + AcknowledgingShareConsumerAwareMessageListener.class.getSimpleName() + " in place of an " + AcknowledgingMessageListener.class.getSimpleName());
        }
        this.listenerId = listenerId;
        this.consumerFactory = consumerFactory;
        this.properties = properties;
        this.listener = listener;
    }

    /** What becomes of records that fail; a {@link DefaultErrorHandler} by default. */
    public void setErrorHandler(RecordErrorHandler errorHandler) {
        this.errorHandler = errorHandler;
    }

    /** Those who want to hear what happens. */
    public void setObservers(List<? extends ListenerObserver> observers) {
        this.observers = List.copyOf(observers);
    }

    /**
     * What the consumer waits for, in the background, before it asks for its topics.
     *
     * @param startAfter answers a future for the topics; that it completes is enough, in whichever way
     */
    public void setStartAfter(Function<Collection<String>, CompletableFuture<?>> startAfter) {
        this.startAfter = startAfter;
    }

    /** Where the listener was declared, for errors: {@code bean 'orders', method bill(Order)}. */
    public void setPlace(@Nullable String place) {
        this.place = place;
    }

    /** Whether it starts with the application; true by default. */
    public void setAutoStartup(boolean autoStartup) {
        this.autoStartup = autoStartup;
    }

    @Override
    public boolean isAutoStartup() {
        return autoStartup;
    }

    /** When it starts and stops among the application's other parts. */
    public void setPhase(int phase) {
        this.phase = phase;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    @Override
    public String getListenerId() {
        return listenerId;
    }

    @Override
    public @Nullable String getGroupId() {
        return groupOf(consumerFactory, properties);
    }

    /** The group of a container with these properties, or null if nothing says one. */
    public static @Nullable String groupOf(ShareConsumerFactory<?, ?> consumerFactory, ContainerProperties properties) {
        if (properties.getGroupId() != null) {
            return properties.getGroupId();
        }
        Object value = givenValue("group.id", consumerFactory, properties);
        return value == null ? null : value.toString();
    }

    private static @Nullable Object givenValue(String key, ShareConsumerFactory<?, ?> consumerFactory, ContainerProperties properties) {
        Object own = properties.getKafkaConsumerProperties().get(key);
        return own == null ? consumerFactory.getConfiguration().get(key) : own;
    }

    @Override
    public ContainerProperties getContainerProperties() {
        return properties;
    }

    /**
     * {@inheritDoc}
     *
     * <p>If it is being stopped, this waits for that first. Called by its own listener, for which the stop waits, it returns at once, and the container starts when it
     * has stopped.
     *
     * @throws ListenerStartException if nothing says the group, the ack mode is MANUAL and the listener cannot acknowledge, or the consumer's configuration is wrong
     */
    @Override
    public void start() {
        if (startsAfterStop()) {
            return;
        }
        CompletableFuture<Void> earlierStop = stopping;
        if (earlierStop != null) {
            earlierStop.join();
        }
        synchronized (lifecycle) {
            if (run != null) {
                return;
            }
            String group = getGroupId();
            if (group == null || group.isBlank()) {
                throw new ListenerStartException(listenerId, place, "it has no group, which is what shares the records out", null);
            }
            if (properties.getAckMode() == AckMode.MANUAL && !(listener instanceof AcknowledgingShareConsumerAwareMessageListener<?, ?>)) {
                throw new ListenerStartException(listenerId, place, "its ack mode is MANUAL, but its " + listener.getClass().getName()
                        + " cannot acknowledge, so that nobody could say what became of its records: give it an "
                        + AcknowledgingShareConsumerAwareMessageListener.class.getSimpleName() + ", or another ack mode in its container properties", null);
            }
            Observers told = new Observers(this, observers);
            ShareContainerRun started = newRun(group, told);
            if (pauseRequested) {
                started.requestPause(true);
            }
            run = started;
            Thread polling = new CustomizableThreadFactory(listenerId + "-poll-").newThread(started::poll);
            polling.setDaemon(false);
            polling.start();
            told.started();
        }
    }

    private boolean startsAfterStop() {
        synchronized (lifecycle) {
            ShareContainerRun current = run;
            if (stopping == null || current == null || !current.isWorker()) {
                return false;
            }
            startsAgain = true;
            return true;
        }
    }

    private ShareContainerRun newRun(String group, Observers told) {
        try {
            Executor executor = executor(); // what may fail comes before the consumer, which nobody would close
            CompletableFuture<?> before = startAfter.apply(properties.getTopics());
            Duration maxPollInterval = maxPollInterval();
            Map<String, Object> config = consumerConfig(group);
            ClusterMetadata metadata = consumerFactory.getMetadata(config);
            KafkaShareConsumer<byte[], byte[]> consumer = consumerFactory.createBytesShareConsumer(config);
            return new ShareContainerRun(
                    listenerId, properties, consumer,
                    (work, line) -> new ShareRecordRunner(
                            listenerId, group, listener, consumerFactory.getKeySerializer(), consumerFactory.getValueSerializer(), properties, errorHandler,
                            consumer, work, told, line),
                    executor, told, topic -> errorOf(metadata, topic), new JoinWatch(listenerId, maxPollInterval), before);
        } catch (ConfigException wrong) {
            throw new ListenerStartException(listenerId, place, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Duration maxPollInterval() {
        Object interval = givenValue(ConsumerConfig.MAX_POLL_INTERVAL.name(), consumerFactory, properties);
        Map<String, Object> config = interval == null ? Map.of() : Map.of(ConsumerConfig.MAX_POLL_INTERVAL.name(), interval);
        return ClientConfig.of(List.of(ConsumerConfig.MAX_POLL_INTERVAL), config).get(ConsumerConfig.MAX_POLL_INTERVAL);
    }

    private static @Nullable ErrorCode errorOf(@Nullable ClusterMetadata metadata, String topic) {
        TopicInfo info = metadata == null ? null : metadata.snapshot().topic(topic);
        return info == null ? null : info.error();
    }

    private Map<String, Object> consumerConfig(String group) {
        Map<String, Object> config = new LinkedHashMap<>(properties.getKafkaConsumerProperties());
        config.put("group.id", group);
        if (properties.getClientId() != null) {
            config.put("client.id", properties.getClientId());
        }
        config.put("share.acknowledgement.mode", "explicit"); // what a poll returned is worked on by other threads, while this one polls again
        return config;
    }

    private Executor executor() {
        Executor given = properties.getListenerTaskExecutor();
        if (given != null) {
            return given;
        }
        CustomizableThreadFactory threads = new CustomizableThreadFactory(listenerId + "-");
        threads.setDaemon(true);
        ThreadPoolExecutor own = new ThreadPoolExecutor(
                properties.getConcurrency(), properties.getConcurrency(), IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        own.allowCoreThreadTimeOut(true);
        return own;
    }

    @Override
    public void stop() {
        ShareContainerRun current = run;
        CompletableFuture<Void> stopped = beginStop();
        if (current == null || !current.isWorker()) {
            stopped.join();
        }
    }

    @Override
    public void stop(Runnable callback) {
        beginStop().whenComplete((nothing, failure) -> callback.run());
    }

    private CompletableFuture<Void> beginStop() {
        synchronized (lifecycle) {
            startsAgain = false;
            CompletableFuture<Void> underWay = stopping;
            if (underWay != null) {
                return underWay;
            }
            ShareContainerRun current = run;
            if (current == null) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> stopped = new CompletableFuture<>();
            stopping = stopped;
            new CustomizableThreadFactory(listenerId + "-stop-").newThread(() -> stop(current, stopped)).start();
            return stopped;
        }
    }

    private void stop(ShareContainerRun current, CompletableFuture<Void> stopped) {
        try {
            current.stop(properties.getShutdownTimeout());
        } catch (RuntimeException | Error failure) {
            logger.error("Listener '{}' did not stop in order", listenerId, failure);
        } finally {
            boolean again;
            synchronized (lifecycle) {
                run = null;
                stopping = null;
                again = startsAgain;
                startsAgain = false;
            }
            new Observers(this, observers).stopped();
            stopped.complete(null);
            if (again) {
                startAgain();
            }
        }
    }

    private void startAgain() {
        try {
            start();
        } catch (RuntimeException | Error failure) {
            logger.error("Listener '{}' did not start again", listenerId, failure);
        }
    }

    @Override
    public void destroy() {
        stop();
    }

    /** Tells those who observe it that its registry has forgotten it. */
    public void unregistered() {
        new Observers(this, observers).unregistered();
    }

    @Override
    public boolean isRunning() {
        return run != null;
    }

    /**
     * Hands no more records to the listener until {@link #resume()}. Those that it has not begun, and that were not delivered before, are released, so that others get
     * them. The others stay here, and their locks are renewed until then, or until it is stopped: each release counts as one of the few deliveries after which brokers
     * give a record up.
     */
    @Override
    public void pause() {
        requestPause(true);
    }

    @Override
    public void resume() {
        requestPause(false);
    }

    private void requestPause(boolean pause) {
        pauseRequested = pause;
        ShareContainerRun current = run;
        if (current != null) {
            current.requestPause(pause);
        }
    }

    @Override
    public boolean isPauseRequested() {
        return pauseRequested;
    }

    @Override
    public boolean isContainerPaused() {
        ShareContainerRun current = run;
        return current != null && current.isPaused();
    }

    /**
     * Whether it does what it was last told to do. False if it should run and polls have failed several times in a row, a batch cannot be read, it is kept from a topic for good, or
     * it has waited for its topics to be created for {@code max.poll.interval.ms}, or has ended by an error. Whether it has got into its group is not looked at, nor whether brokers take what is said of records, nor for how long the listener is at one.
     */
    @Override
    public boolean isInExpectedState() {
        ShareContainerRun current = run;
        return current == null || current.doesItsWork();
    }

    /**
     * The poll that failed, until polls have gone well for some seconds, a batch that cannot be read, topics that it has waited for for a minute, or why it has ended;
     * null if there is nothing of that, or it does not run.
     */
    @Override
    public @Nullable Throwable getLastError() {
        ShareContainerRun current = run;
        return current == null ? null : current.lastError();
    }

    @Override
    public Map<String, String> getTopicProblems() {
        ShareContainerRun current = run;
        return current == null ? Map.of() : current.topicProblems();
    }

    /** Empty: members of a share group have no partitions of their own. */
    @Override
    public Collection<TopicPartition> getAssignedPartitions() {
        return List.of();
    }

    /** Empty: how far behind the group is, only the brokers know. */
    @Override
    public Map<TopicPartition, Long> getLag() {
        return Map.of();
    }

    @Override
    public int getInFlight() {
        ShareContainerRun current = run;
        return current == null ? 0 : current.inFlight();
    }

    @Override
    public String toString() {
        return "listener '" + listenerId + "' of " + properties.getTopics() + " in a share group";
    }
}
