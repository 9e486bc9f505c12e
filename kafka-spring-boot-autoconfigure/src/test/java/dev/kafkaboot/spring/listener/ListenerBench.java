package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.serialization.Serializers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** All that lies between the poll and the commit, put together as a container does it, with a poll and a commit that the test makes itself. */
final class ListenerBench implements PartitionWork.Flow, PartitionWork.Events, RecordRunner.Container, OffsetCommitter.Outcome, AutoCloseable {

    /** A commit that the test answers. */
    record Commit(Map<TopicPartition, OffsetAndMetadata> offsets, CompletableFuture<Void> answer) {}

    final ContainerProperties properties = new ContainerProperties("orders");
    final BlockingQueue<Commit> commits = new LinkedBlockingQueue<>();
    final Set<TopicPartition> paused = ConcurrentHashMap.newKeySet();
    final List<String> observed = Collections.synchronizedList(new ArrayList<>());
    private final Map<Integer, PartitionWork> works = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Observers observers = new Observers(null, List.of(new ListenerObserver() {
        @Override
        public void retried(MessageListenerContainer container, TopicPartition partition, int attempt) {
            observed.add("retried " + partition + " after " + attempt);
        }

        @Override
        public void skipped(MessageListenerContainer container, TopicPartition partition, long offset, Throwable cause) {
            observed.add("skipped " + partition + "@" + offset);
        }

        @Override
        public void processed(MessageListenerContainer container, TopicPartition partition, long nanos) {
            throw new IllegalStateException("an observer that fails");
        }
    }));
    boolean answersCommits = true;

    /** What is thrown instead of a commit, if it is not null. */
    volatile Error commitError;

    private WorkerPool<PartitionWork> workers;
    private OffsetCommitter committer;

    ListenerBench start(MessageListener<String, String> listener, RecordErrorHandler errorHandler) {
        committer = new OffsetCommitter("test", this::commit, this);
        workers = new WorkerPool<>(properties.getConcurrency(), threads, new RecordRunner(
                new RecordHandling("test", "group", listener, Serializers.string(), Serializers.string(), properties, errorHandler), () -> null, this));
        return this;
    }

    ListenerBench start(AcknowledgingMessageListener<String, String> listener) {
        return start((MessageListener<String, String>) listener, failed -> ErrorDecision.skip());
    }

    private CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Error error = commitError;
        if (error != null) {
            throw error;
        }
        Commit commit = new Commit(offsets, answersCommits ? CompletableFuture.completedFuture(null) : new CompletableFuture<>());
        commits.add(commit);
        return commit.answer();
    }

    synchronized PartitionWork work(int partition) {
        return works.computeIfAbsent(partition, p -> new PartitionWork(new TopicPartition("orders", p), properties, this, this));
    }

    /** One poll that returned these offsets of a partition. */
    void poll(int partition, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long offset : offsets) {
            byte[] value = (partition + "@" + offset).getBytes(StandardCharsets.UTF_8);
            records.add(new ConsumerRecord<>("orders", partition, offset, 0, dev.kafkaboot.record.TimestampType.CREATE_TIME, null, value,
                    Headers.none(), java.util.Optional.empty(), -1, value.length));
        }
        work(partition).add(records);
    }

    /** What the next commit commits of a partition, or -1 if nothing. */
    long nextCommit(int partition) throws InterruptedException {
        Commit commit = commits.poll(30, TimeUnit.SECONDS);
        if (commit == null) {
            throw new AssertionError("nothing was committed");
        }
        OffsetAndMetadata offset = commit.offsets().get(new TopicPartition("orders", partition));
        return offset == null ? -1 : offset.offset();
    }

    /** Reads commits until one reaches an offset of a partition; none may go back or beyond. */
    void awaitCommit(int partition, long offset) throws InterruptedException {
        long last = -1;
        while (last != offset) {
            long next = nextCommit(partition);
            if (next > offset || next != -1 && next < last) {
                throw new AssertionError("committed " + next + " after " + last + ", while waiting for " + offset);
            }
            last = Math.max(last, next);
        }
    }

    OffsetCommitter committer() {
        return committer;
    }

    WorkerPool<PartitionWork> workers() {
        return workers;
    }

    @Override
    public void pause(TopicPartition partition) {
        paused.add(partition);
    }

    @Override
    public void resume(TopicPartition partition) {
        paused.remove(partition);
    }

    @Override
    public void ready(PartitionWork work) {
        workers.ready(work);
    }

    @Override
    public void readyAfter(PartitionWork work, Duration delay) {
        workers.readyAfter(work, delay);
    }

    @Override
    public void commitDue(PartitionWork work) {
        committer.request(work);
    }

    @Override
    public Observers observers() {
        return observers;
    }

    @Override
    public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void failed(Throwable cause) {
        observed.add("commit failed");
    }

    @Override
    public void close() {
        works.values().forEach(PartitionWork::drop);
        threads.shutdownNow();
    }
}
