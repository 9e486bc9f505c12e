package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * A container with one consumer and as many threads for the listener as its concurrency says: how it is set up, starts, pauses, stops, and tells of itself.
 *
 * <p>What becomes of the records, {@link KafkaMessageListenerContainer} and {@link ShareKafkaMessageListenerContainer} say. It keeps the JVM alive while it runs. It is
 * safe from any thread, but for what sets it up, which comes before the start.
 */
public abstract class SingleConsumerContainer implements MessageListenerContainer, DisposableBean {

    /**
     * When containers start and stop unless told otherwise: later and earlier than nearly everything else. It is between the phases of Boot's web server, which so
     * takes requests before the first record comes, and at the end lets those finish that are under way (phase {@code MAX_VALUE - 1024}) while listeners, for which
     * they may wait, still work; it is stopped itself (phase {@code MAX_VALUE - 2048}) after them.
     */
    public static final int PHASE = Integer.MAX_VALUE - 1536;

    private static final String GROUP_ID = "group.id";
    private static final long IDLE_THREAD_SECONDS = 30;

    final String listenerId;
    final ContainerProperties properties;
    final MessageListener<?, ?> listener;
    private final Logger logger = LoggerFactory.getLogger(getClass());
    private final Supplier<Map<String, Object>> factoryConfig;
    private final Object lifecycle = new Object();
    private RecordErrorHandler errorHandler = new DefaultErrorHandler();
    private List<ListenerObserver> observers = List.of();
    private Function<Collection<String>, CompletableFuture<?>> startAfter = topics -> CompletableFuture.completedFuture(null);
    private boolean autoStartup = true;

    /** Makes the threads that poll and stop, of a prefix of their names and what they do. */
    BiFunction<String, Runnable, Thread> threads = (prefix, task) -> new CustomizableThreadFactory(prefix).newThread(task);

    private int phase = PHASE;
    private @Nullable String place;
    private volatile boolean pauseRequested;
    private volatile @Nullable ListenerRun run;
    private volatile @Nullable CompletableFuture<Void> stopping;

    /** Whether its own listener wants it to start when it has stopped; guarded by the lifecycle. */
    private boolean startsAgain;

    /**
     * A container, not started.
     *
     * @param factoryConfig the configuration of the consumer factory
     */
    SingleConsumerContainer(
            String listenerId, Supplier<Map<String, Object>> factoryConfig, ContainerProperties properties, MessageListener<?, ?> listener) {
        if (properties.getTopics().isEmpty()) {
            throw new IllegalArgumentException("Listener '" + listenerId + "' has no topics");
        }
        this.listenerId = listenerId;
        this.factoryConfig = factoryConfig;
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

    final CompletableFuture<?> startAfter() {
        return startAfter.apply(properties.getTopics());
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
        return groupOf(factoryConfig, properties);
    }

    static @Nullable String groupOf(Supplier<Map<String, Object>> factoryConfig, ContainerProperties properties) {
        if (properties.getGroupId() != null) {
            return properties.getGroupId();
        }
        Object group = givenOf(GROUP_ID, factoryConfig, properties);
        return group == null ? null : group.toString();
    }

    private static @Nullable Object givenOf(String key, Supplier<Map<String, Object>> factoryConfig, ContainerProperties properties) {
        Object own = properties.getKafkaConsumerProperties().get(key);
        return own == null ? factoryConfig.get().get(key) : own;
    }

    /** What the container's properties or else the factory say of a key of the consumer's configuration; null if nothing. */
    final @Nullable Object given(String key) {
        return givenOf(key, factoryConfig, properties);
    }

    /** {@code max.poll.interval.ms}. A value that is wrong counts as none: the consumer tells of it, with whatever else is wrong. */
    final Duration maxPollInterval() {
        Object interval = given(ConsumerConfig.MAX_POLL_INTERVAL.name());
        try {
            return maxPollInterval(interval == null ? Map.of() : Map.of(ConsumerConfig.MAX_POLL_INTERVAL.name(), interval));
        } catch (ConfigException wrong) {
            return maxPollInterval(Map.of());
        }
    }

    private static Duration maxPollInterval(Map<String, Object> config) {
        return ClientConfig.of(List.of(ConsumerConfig.MAX_POLL_INTERVAL), config).get(ConsumerConfig.MAX_POLL_INTERVAL);
    }

    /** What the properties say of the consumer's configuration, in place of the factory's. May be changed. */
    final Map<String, Object> givenConfig(String group) {
        Map<String, Object> config = new LinkedHashMap<>(properties.getKafkaConsumerProperties());
        config.put(GROUP_ID, group);
        if (properties.getClientId() != null) {
            config.put("client.id", properties.getClientId());
        }
        return config;
    }

    /** What the cluster says of a topic: NONE, an error, or null if nothing is known. */
    static @Nullable ErrorCode errorOf(@Nullable ClusterMetadata metadata, String topic) {
        TopicInfo info = metadata == null ? null : metadata.snapshot().topic(topic);
        return info == null ? null : info.error();
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
     * @throws ListenerStartException if nothing says the group, the listener cannot acknowledge although it has to, or the consumer's configuration is wrong
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
                throw cannotStart("it has no group, " + useOfGroup());
            }
            Observers told = new Observers(this, observers);
            CompletableFuture<@Nullable ListenerRun> toPoll = new CompletableFuture<>();
            startPolling(toPoll); // first, because there may be no memory for a thread, and nothing is to be closed yet
            try {
                ListenerRun started = checkedRun(group, told);
                if (pauseRequested) {
                    started.requestPause(true);
                }
                run = started;
            } finally {
                toPoll.complete(run);
            }
            told.started();
        }
    }

    private void startPolling(CompletableFuture<@Nullable ListenerRun> toPoll) {
        Thread polling = threads.apply(listenerId + "-poll-", () -> {
            ListenerRun made = toPoll.join();
            if (made != null) {
                made.poll();
            }
        });
        polling.setDaemon(false);
        polling.start();
    }

    private boolean startsAfterStop() {
        synchronized (lifecycle) {
            ListenerRun current = run;
            if (stopping == null || current == null || !current.isWorker()) {
                return false;
            }
            startsAgain = true;
            return true;
        }
    }

    private ListenerRun checkedRun(String group, Observers told) {
        try {
            return newRun(group, told);
        } catch (ConfigException wrong) {
            throw new ListenerStartException(listenerId, place, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    final ListenerStartException cannotStart(String reason) {
        return new ListenerStartException(listenerId, place, reason, null);
    }

    /** Why it cannot do without a group, as the end of a sentence that tells that it has none. */
    abstract String useOfGroup();

    /**
     * Makes a run. What may fail comes before its consumer, which nobody would close.
     *
     * @throws ListenerStartException if the listener cannot work so
     * @throws ConfigException if the consumer's configuration is wrong
     */
    abstract ListenerRun newRun(String group, Observers told);

    /** What runs the listener. */
    final Executor executor() {
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

    /** The listener, for records that these serializers read. */
    final RecordHandling handling(String group, Serializer<?> keySerializer, Serializer<?> valueSerializer) {
        return new RecordHandling(listenerId, group, listener, keySerializer, valueSerializer, properties, errorHandler);
    }

    @Override
    public void stop() {
        ListenerRun current = run;
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
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        ListenerRun current;
        synchronized (lifecycle) {
            startsAgain = false;
            CompletableFuture<Void> underWay = stopping;
            if (underWay != null) {
                return underWay;
            }
            current = run;
            if (current == null) {
                return CompletableFuture.completedFuture(null);
            }
            stopping = stopped;
            if (startStopping(current, stopped)) {
                return stopped;
            }
        }
        stop(current, stopped);
        return stopped;
    }

    /** Whether there is a thread that stops it; if there is no memory for one, its caller has to, unless it is one for which the stop waits. */
    private boolean startStopping(ListenerRun current, CompletableFuture<Void> stopped) {
        try {
            threads.apply(listenerId + "-stop-", () -> stop(current, stopped)).start();
            return true;
        } catch (RuntimeException | Error noThread) {
            if (current.isWorker()) {
                stopping = null;
                throw noThread;
            }
            return false;
        }
    }

    private void stop(ListenerRun current, CompletableFuture<Void> stopped) {
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
        requestPause(true);
    }

    @Override
    public void resume() {
        requestPause(false);
    }

    private void requestPause(boolean pause) {
        synchronized (lifecycle) { // so that it crosses neither another, of which the last counts, nor a start
            pauseRequested = pause;
            ListenerRun current = run;
            if (current != null) {
                current.requestPause(pause);
            }
        }
    }

    @Override
    public boolean isPauseRequested() {
        return pauseRequested;
    }

    @Override
    public boolean isContainerPaused() {
        ListenerRun current = run;
        return current != null && current.isPaused();
    }

    @Override
    public boolean isInExpectedState() {
        ListenerRun current = run;
        return current == null || current.doesItsWork();
    }

    @Override
    public @Nullable Throwable getLastError() {
        ListenerRun current = run;
        return current == null ? null : current.lastError();
    }

    @Override
    public Map<String, String> getTopicProblems() {
        ListenerRun current = run;
        return current == null ? Map.of() : current.topicProblems();
    }

    @Override
    public Map<String, String> getLongRecords() {
        ListenerRun current = run;
        return current == null ? Map.of() : current.longRecords();
    }

    @Override
    public Collection<TopicPartition> getAssignedPartitions() {
        ListenerRun current = run;
        return current == null ? List.of() : current.partitions();
    }

    @Override
    public Map<TopicPartition, Long> getLag() {
        ListenerRun current = run;
        return current == null ? Map.of() : current.lag();
    }

    @Override
    public OptionalLong getLag(TopicPartition partition) {
        ListenerRun current = run;
        return current == null ? OptionalLong.empty() : current.lag(partition);
    }

    @Override
    public int getInFlight() {
        ListenerRun current = run;
        return current == null ? 0 : current.inFlight();
    }

    @Override
    public String toString() {
        return "listener '" + listenerId + "' of " + properties.getTopics();
    }
}
