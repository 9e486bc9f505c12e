package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.record.TimestampType;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The polling thread, workers and commits where they meet, thousands of times. A partition's work, the pool of workers and the committer have one lock each, so
 * what can go wrong lies between two of them: somebody leaves as something comes, and nobody sees it.
 */
class WorkHandoverTests implements PartitionWork.Flow, PartitionWork.Events {

    private static final int ROUNDS = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ContainerProperties properties = new ContainerProperties("orders");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final WorkerPool<PartitionWork> workers = new WorkerPool<>(2, threads, this::workOn);
    private final OffsetCommitter committer = new OffsetCommitter("test", this::commit, new Unobserved());
    private final Map<TopicPartition, AtomicLong> workedOn = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private final AtomicInteger atWork = new AtomicInteger();
    private final AtomicReference<@Nullable String> violation = new AtomicReference<>();

    WorkHandoverTests() {
        properties.setAckMode(AckMode.RECORD);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    /** What a runner does with a listener that does nothing. */
    private boolean workOn(PartitionWork work) {
        Delivery delivery = work.begin();
        if (delivery == null) {
            return false;
        }
        check(atWork.incrementAndGet() == 1, "two are at work on a partition");
        atWork.decrementAndGet();
        check(workedOn(work).getAndIncrement() == delivery.offset, "record out of its turn: " + delivery);
        work.returned(delivery);
        committer.request(work);
        return work.hasMore();
    }

    private CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            Long before = committed.put(partition, offset.offset());
            check(before == null || before <= offset.offset(), "a commit of " + offset.offset() + " after one of " + before);
        });
        return CompletableFuture.runAsync(() -> {}, threads);
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            violation.compareAndSet(null, what);
        }
    }

    private AtomicLong workedOn(PartitionWork work) {
        return workedOn.computeIfAbsent(work.partition(), partition -> new AtomicLong());
    }

    private PartitionWork partition(int number) {
        return new PartitionWork(new TopicPartition("orders", number), properties, this, this);
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(long from, int count) {
        return LongStream.range(from, from + count).mapToObj(WorkHandoverTests::record).toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>(
                "orders", 0, offset, 0, TimestampType.CREATE_TIME, null, new byte[1], Headers.none(), Optional.empty(), -1, 1);
    }

    /** Waits without a pause: what comes next is to come in the same moment as the end of what was waited for. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on who runs then
    private void spinUntil(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean() && violation.get() == null && System.nanoTime() - deadline < 0) {
            Thread.yield(); // a machine with one processor has somebody to run meanwhile
        }
        assertThat(violation).hasNullValue();
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    @Test
    void recordThatComesAsTheWorkerLeavesIsWorkedOn() {
        PartitionWork work = partition(0);
        AtomicLong done = workedOn(work);

        for (long offset = 0; offset < ROUNDS; offset++) {
            long next = offset + 1;
            work.add(records(offset, 1));
            spinUntil(() -> done.get() == next, "records that are worked on: " + next);
        }
    }

    @Test
    void recordThatIsDoneAsACommitEndsIsCommitted() {
        PartitionWork work = partition(0);
        AtomicLong done = workedOn(work);

        for (int round = 0; round < ROUNDS; round++) {
            long middle = 2L * round + 1;
            work.add(records(middle - 1, 1));
            spinUntil(() -> done.get() == middle, "records that are worked on: " + middle);
            work.add(records(middle, 1)); // while the first one is committed
            spinUntil(() -> committed.getOrDefault(work.partition(), 0L) == middle + 1, "what is committed: " + (middle + 1));
        }
    }

    @Test
    void whatWasFinishedIsCommittedAndNothingMoreOfAPartitionThatIsGivenUp() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            PartitionWork work = partition(round);
            AtomicLong done = workedOn(work);
            work.add(records(0, 3));
            spinUntil(() -> done.get() > 0, "the first record is worked on");

            work.end();
            boolean isFinished = work.awaitFinished(System.nanoTime() + LIMIT.toNanos());
            boolean isCommitted = committer.commitNow(List.of(work), System.nanoTime() + LIMIT.toNanos());

            assertThat(isFinished && isCommitted).as("all is finished and committed").isTrue();
            assertThat(committed).containsEntry(work.partition(), done.get());
        }

        assertThat(violation).hasNullValue();
    }

    @Override
    public void ready(PartitionWork work) {
        workers.ready(work);
    }

    @Override
    public void commitDue(PartitionWork work) {
        committer.request(work);
    }

    @Override
    public void pause(TopicPartition partition) {}

    @Override
    public void resume(TopicPartition partition) {}

    private static final class Unobserved implements OffsetCommitter.Outcome {

        @Override
        public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void failed(Throwable cause) {}
    }
}
