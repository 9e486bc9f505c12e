package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.spring.core.ConsumerFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * A container with one consumer and as many threads for the listener as its concurrency says.
 *
 * <p>Guarantees, in every ack mode:
 *
 * <ul>
 *   <li>the records of a partition are worked on in order, one at a time, through all retries; different partitions at the same time;
 *   <li>a commit never passes a record that is not done;
 *   <li>polling goes on whatever the listener does; a partition whose records pile up is paused at the consumer, and no other;
 *   <li>a partition that goes to another member is given up when the listener has finished the record that it is at (up to the revocation timeout) and that is
 *       committed; the records behind it are left to the other;
 *   <li>no failure of a record, nor of a poll or a commit, ends the listener without a word.
 * </ul>
 *
 * <p>It keeps the JVM alive while it runs. {@link ContainerRun} tells how it works.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class KafkaMessageListenerContainer<K, V> implements MessageListenerContainer, DisposableBean {

    /**
     * When containers start and stop unless told otherwise: later and earlier than nearly everything else. It is between the phases of Boot's web server, which so
     * takes requests before the first record comes, and at the end lets those finish that are under way (phase {@code MAX_VALUE - 1024}) while listeners, for which
     * they may wait, still work; it is stopped itself (phase {@code MAX_VALUE - 2048}) after them.
     */
    public static final int PHASE = Integer.MAX_VALUE - 1536;

    private static final Logger logger = LoggerFactory.getLogger(KafkaMessageListenerContainer.class);
    private static final String GROUP_ID = "group.id";
    private static final String GROUP_INSTANCE_ID = "group.instance.id";
    private static final long IDLE_THREAD_SECONDS = 30;

    private final String listenerId;
    private final ConsumerFactory<K, V> consumerFactory;
    private final ContainerProperties properties;
    private final MessageListener<?, ?> listener;
    private final Object lifecycle = new Object();
    private RecordErrorHandler errorHandler = new DefaultErrorHandler();
    private List<ConsumerRebalanceListener> rebalanceListeners = List.of();
    private List<AsyncConsumerRebalanceListener> asyncRebalanceListeners = List.of();
    private List<ListenerObserver> observers = List.of();
    private Function<Collection<String>, CompletableFuture<?>> startAfter = topics -> CompletableFuture.completedFuture(null);
    private boolean autoStartup = true;
    private int phase = PHASE;
    private @Nullable String place;
    private volatile boolean pauseRequested;
    private volatile @Nullable ContainerRun run;
    private volatile @Nullable CompletableFuture<Void> stopping;

    /** Whether its own listener wants it to start when it has stopped; guarded by the lifecycle. */
    private boolean startsAgain;

    /**
     * A container, not started.
     *
     * @param listenerId the listener's id, for names of threads, logs and metrics
     * @param listener gets records of keys and values as the consumer factory's serializers read them; of bytes if it is a {@link BytesMessageListener}
     * @throws IllegalArgumentException if there is no topic
     */
    public KafkaMessageListenerContainer(
            String listenerId, ConsumerFactory<K, V> consumerFactory, ContainerProperties properties, MessageListener<?, ?> listener) {
        if (properties.getTopics().isEmpty()) {
            throw new IllegalArgumentException("Listener '" + listenerId + "' has no topics");
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

    /** The application's rebalance listeners. Those that ask for other listeners are left out. */
    public void setRebalanceListeners(List<? extends ConsumerRebalanceListener> rebalanceListeners) {
        this.rebalanceListeners = List.copyOf(rebalanceListeners);
    }

    /** As {@link #setRebalanceListeners}, of listeners whose stages a rebalance waits for, up to the revocation timeout. They are called behind those. */
    public void setAsyncRebalanceListeners(List<? extends AsyncConsumerRebalanceListener> asyncRebalanceListeners) {
        this.asyncRebalanceListeners = List.copyOf(asyncRebalanceListeners);
    }

    private List<ConsumerRebalanceListener> allRebalanceListeners() {
        List<ConsumerRebalanceListener> all = new ArrayList<>(rebalanceListeners);
        asyncRebalanceListeners.forEach(listener -> all.add(new AwaitedRebalanceListener(listener, properties.getRevocationTimeout())));
        return all;
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
    public static @Nullable String groupOf(ConsumerFactory<?, ?> consumerFactory, ContainerProperties properties) {
        if (properties.getGroupId() != null) {
            return properties.getGroupId();
        }
        return given(GROUP_ID, consumerFactory, properties);
    }

    private static @Nullable String given(String key, ConsumerFactory<?, ?> consumerFactory, ContainerProperties properties) {
        Object value = givenValue(key, consumerFactory, properties);
        return value == null ? null : value.toString();
    }

    private static @Nullable Object givenValue(String key, ConsumerFactory<?, ?> consumerFactory, ContainerProperties properties) {
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
     * @throws ListenerStartException if nothing says the group, or the consumer's configuration is wrong
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
                throw new ListenerStartException(listenerId, place, "it has no group, and so nobody would know how far it has read", null);
            }
            Observers told = new Observers(this, observers);
            ContainerRun started = newRun(group, told);
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
            ContainerRun current = run;
            if (stopping == null || current == null || !current.isWorker()) {
                return false;
            }
            startsAgain = true;
            return true;
        }
    }

    private ContainerRun newRun(String group, Observers told) {
        try {
            return new ContainerRun(
                    listenerId, properties, new RunParts(group), executor(), new RebalanceListeners(this, allRebalanceListeners()), told,
                    startAfter.apply(properties.getTopics()));
        } catch (ConfigException wrong) {
            throw new ListenerStartException(listenerId, place, String.valueOf(wrong.getMessage()), wrong);
        }
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

    private Map<String, Object> consumerConfig(String group) {
        Map<String, Object> config = new LinkedHashMap<>(properties.getKafkaConsumerProperties());
        config.put(GROUP_ID, group);
        if (properties.getClientId() != null) {
            config.put("client.id", properties.getClientId());
        }
        String instance = given(GROUP_INSTANCE_ID, consumerFactory, properties);
        if (instance != null) {
            // Two members of the same name would put each other out of the group, and factories are shared.
            config.put(GROUP_INSTANCE_ID, instance + "-" + listenerId);
        }
        config.put("enable.auto.commit", false);
        config.put("commit.marks", "off"); // a container knows by itself what is done
        config.remove("max.unmarked.records"); // the factory leaves its own out, which has no meaning without marks
        return config;
    }

    @Override
    public void stop() {
        ContainerRun current = run;
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
            ContainerRun current = run;
            if (current == null) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> stopped = new CompletableFuture<>();
            stopping = stopped;
            Thread thread = new CustomizableThreadFactory(listenerId + "-stop-").newThread(() -> stop(current, stopped));
            thread.start();
            return stopped;
        }
    }

    private void stop(ContainerRun current, CompletableFuture<Void> stopped) {
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

    @Override
    public void pause() {
        pauseRequested = true;
        ContainerRun current = run;
        if (current != null) {
            current.requestPause(true);
        }
    }

    @Override
    public void resume() {
        pauseRequested = false;
        ContainerRun current = run;
        if (current != null) {
            current.requestPause(false);
        }
    }

    @Override
    public boolean isPauseRequested() {
        return pauseRequested;
    }

    @Override
    public boolean isContainerPaused() {
        ContainerRun current = run;
        return current != null && current.isPaused();
    }

    @Override
    public boolean isInExpectedState() {
        ContainerRun current = run;
        return current == null || current.doesItsWork();
    }

    @Override
    public @Nullable Throwable getLastError() {
        ContainerRun current = run;
        return current == null ? null : current.lastError();
    }

    @Override
    public Map<String, String> getTopicProblems() {
        ContainerRun current = run;
        return current == null ? Map.of() : current.topicProblems();
    }

    @Override
    public Map<String, String> getLongRecords() {
        ContainerRun current = run;
        return current == null ? Map.of() : current.longRecords();
    }

    @Override
    public Collection<TopicPartition> getAssignedPartitions() {
        ContainerRun current = run;
        return current == null ? List.of() : current.partitions();
    }

    @Override
    public Map<TopicPartition, Long> getLag() {
        ContainerRun current = run;
        return current == null ? Map.of() : current.lag();
    }

    @Override
    public OptionalLong getLag(TopicPartition partition) {
        ContainerRun current = run;
        return current == null ? OptionalLong.empty() : current.lag(partition);
    }

    @Override
    public int getInFlight() {
        ContainerRun current = run;
        return current == null ? 0 : current.inFlight();
    }

    @Override
    public String toString() {
        return "listener '" + listenerId + "' of " + properties.getTopics();
    }

    /** The parts of a run that depend on this container's types. */
    private final class RunParts implements ContainerRun.Parts {

        private final String group;
        private final @Nullable ClusterMetadata metadata;
        private final Duration maxPollInterval;

        RunParts(String group) {
            this.group = group;
            Object interval = givenValue(ConsumerConfig.MAX_POLL_INTERVAL.name(), consumerFactory, properties);
            Map<String, Object> config = interval == null ? Map.of() : Map.of(ConsumerConfig.MAX_POLL_INTERVAL.name(), interval);
            this.maxPollInterval = ClientConfig.of(List.of(ConsumerConfig.MAX_POLL_INTERVAL), config).get(ConsumerConfig.MAX_POLL_INTERVAL);
            this.metadata = consumerFactory.getMetadata(consumerConfig(group));
        }

        @Override
        public @Nullable ErrorCode errorOf(String topic) {
            TopicInfo info = metadata == null ? null : metadata.snapshot().topic(topic);
            return info == null ? null : info.error();
        }

        @Override
        public Duration maxPollInterval() {
            return maxPollInterval;
        }

        /** A member that the coordinator assigns to may give all that it has up, and hear nothing more. */
        @Override
        public boolean hearsOfEachRebalance() {
            Object protocol = givenValue(ConsumerConfig.GROUP_PROTOCOL.name(), consumerFactory, properties);
            return protocol == null || protocol.toString().equalsIgnoreCase(GroupProtocol.CLASSIC.name());
        }

        @Override
        public PolledConsumer newConsumer() {
            return PolledConsumer.of(consumerFactory.createBytesConsumer(consumerConfig(group)));
        }

        @Override
        public RecordRunner newRunner(Supplier<KafkaConsumer<?, ?>> consumer, RecordRunner.Container container) {
            return new RecordRunner(
                    listenerId, group, listener, consumerFactory.getKeySerializer(), consumerFactory.getValueSerializer(),
                    properties, errorHandler, consumer, container);
        }
    }
}
