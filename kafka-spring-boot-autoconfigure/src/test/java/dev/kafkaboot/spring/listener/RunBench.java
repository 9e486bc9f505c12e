package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A run of a container, on consumers that do what the test says. */
final class RunBench implements ContainerRun.Parts, AutoCloseable {

    final ContainerProperties properties = new ContainerProperties("orders");
    final List<ScriptedConsumer> consumers = new CopyOnWriteArrayList<>();
    final List<String> done = Collections.synchronizedList(new ArrayList<>());

    /** {@code max.poll.interval.ms}. */
    volatile Duration maxPollInterval = Duration.ofMinutes(5);

    /** So long may it take to get into the group until it is told. */
    volatile Duration patience = JoinWatch.PATIENCE;

    /** What is done when the run wants a consumer, before it gets it. */
    volatile Runnable onNewConsumer = () -> {};

    /** What is done with a consumer before the run gets it. */
    volatile Consumer<ScriptedConsumer> onMade = made -> {};

    /** What the cluster says of the topic. */
    volatile ErrorCode topicError = ErrorCode.NONE;

    /** What the run waits for before it subscribes. */
    CompletableFuture<?> startAfter = CompletableFuture.completedFuture(null);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private MessageListener<String, String> listener = record -> done.add(record.value());
    private RecordErrorHandler errorHandler = failed -> {
        done.add("skipped " + failed.position());
        return ErrorDecision.skip();
    };
    private ContainerRun run;

    RunBench listener(MessageListener<String, String> messageListener) {
        listener = messageListener;
        return this;
    }

    RunBench errorHandler(RecordErrorHandler handler) {
        errorHandler = handler;
        return this;
    }

    /** Starts it, with these partitions. */
    RunBench start(int... partitions) throws InterruptedException {
        CountDownLatch subscribed = new CountDownLatch(1);
        prepare();
        threads.execute(run::poll);
        threads.execute(() -> {
            while (!consumer().calls().contains("subscribe")) {
                Thread.onSpinWait();
            }
            subscribed.countDown();
        });
        subscribed.await();
        if (partitions.length > 0) {
            consumer().assign(partitions);
        }
        return this;
    }

    /** Makes it, and does not start it. */
    RunBench prepare() {
        run = new ContainerRun("test", properties, this, threads, new RebalanceListeners(null, List.<ConsumerRebalanceListener>of()),
                new Observers(null, List.of()), startAfter);
        return this;
    }

    ContainerRun run() {
        return run;
    }

    /** The consumer that is used now. */
    ScriptedConsumer consumer() {
        return consumers.get(consumers.size() - 1);
    }

    @Override
    public PolledConsumer newConsumer() {
        onNewConsumer.run();
        ScriptedConsumer made = new ScriptedConsumer();
        onMade.accept(made);
        consumers.add(made);
        return made;
    }

    @Override
    public RecordRunner newRunner(Supplier<KafkaConsumer<?, ?>> consumer, RecordRunner.Container container) {
        return new RecordRunner(
                new RecordHandling("test", "group", listener, Serializers.string(), Serializers.string(), properties, errorHandler), consumer, container);
    }

    @Override
    public Duration maxPollInterval() {
        return maxPollInterval;
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public ErrorCode errorOf(String topic) {
        return topicError;
    }

    @Override
    public void close() {
        run.stop(Duration.ZERO);
        threads.shutdownNow();
    }
}
