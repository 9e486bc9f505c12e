package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.record.compress.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that are parked, moved, failed and forgotten. The test plays the thread that sends, and the loop. */
@Timeout(60)
class TopicQueueTest {

    private static final int CHUNK = 4_096;

    private final EventLoop loop = EventLoop.start("topic-queue-test");
    private final AtomicInteger needsMemory = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<String> parkedTopics = new ArrayList<>();
    private final List<PartitionQueue> toldOfWork = new ArrayList<>();
    private boolean isStackAtItsEnd;
    private ChunkPool pool = new ChunkPool(16 * CHUNK, CHUNK, () -> {});

    @AfterEach
    void stop() {
        loop.close();
    }

    private final class Owner implements RecordAccumulator.Owner {

        @Override
        public void recordsParked(TopicQueue topic) {
            failAtTheEndOfTheStack();
            parkedTopics.add(topic.name());
        }

        @Override
        public void workAppeared(PartitionQueue queue) {
            failAtTheEndOfTheStack();
            toldOfWork.add(queue);
        }

        private void failAtTheEndOfTheStack() {
            if (isStackAtItsEnd) {
                throw new StackOverflowError("simulated");
            }
        }

        @Override
        public void needsMemory() {
            needsMemory.incrementAndGet();
        }

        @Override
        public Leaders leaders() {
            return new AllLed();
        }

        @Override
        public boolean isClosed() {
            return closed.get();
        }
    }

    private RecordAccumulator accumulator(@Nullable Partitioner partitioner) {
        return new RecordAccumulator(PlainSettings.of(loop, pool, Codec.NONE, CHUNK, 100_000, 0, partitioner, /* idempotent= */ false), new Owner());
    }

    private static SendFuture send(RecordAccumulator accumulator, int size) {
        SendFuture future = new PlacedFuture(0, -1, size);
        assertThat(trySend(accumulator, future, size)).isTrue();
        return future;
    }

    private static boolean trySend(RecordAccumulator accumulator, SendFuture future, int size) {
        return accumulator.append("t", future, null, null, new byte[size], new Headers(), size + 41, Priority.NEWCOMER);
    }

    private static TopicQueue topic(RecordAccumulator accumulator) {
        return Objects.requireNonNull(accumulator.find("t"));
    }

    private static void awaitMoved(TopicQueue topic) throws Exception {
        CompletableFuture<Void> moved = new CompletableFuture<>();
        if (topic.whenUnparked(() -> moved.complete(null))) {
            moved.get(20, TimeUnit.SECONDS);
        }
    }

    /** Moving is a callback, and they run one after the other: behind it records go straight to the partitions. */
    private void awaitPublished() throws Exception {
        CompletableFuture.runAsync(() -> {}, loop.callbacks()).get(20, TimeUnit.SECONDS);
    }

    @Test
    void parkedRecordsMoveInOrderAndAreAsOldAsTheyAre() throws Exception {
        RecordAccumulator accumulator = accumulator(null);
        List<SendFuture> futures = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            futures.add(send(accumulator, 10));
        }
        TopicQueue topic = topic(accumulator);
        long since = Objects.requireNonNull(topic.oldestParkedNanos());

        topic.known(1);
        awaitMoved(topic);

        assertThat(parkedTopics).containsExactly("t");
        PartitionQueue queue = topic.queues().get(0);
        assertThat(queue.oldestNanos()).as("delivery.timeout.ms counts from the sending").isEqualTo(since);
        ProducerBatch batch = Objects.requireNonNull(queue.takeNext(Integer.MAX_VALUE, Destination.NONE));
        batch.acknowledge(0, -1, Runnable::run);
        assertThat(futures).extracting(future -> future.join().offset()).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(pool.used()).as("only the batch's chunk is left").isEqualTo(CHUNK);
    }

    @Test
    void recordThatIsOutOfTimeTakesThoseAlongThatAreParkedBehindIt() {
        RecordAccumulator accumulator = accumulator(null);
        SendFuture first = send(accumulator, 10);
        TopicQueue topic = topic(accumulator);
        long since = Objects.requireNonNull(topic.oldestParkedNanos());
        while (loop.nanoTime() == since) {
            Thread.onSpinWait();
        }
        SendFuture second = send(accumulator, 10);

        topic.failParked(since, " within 1 s", "nobody knows it", null);

        assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("Could not send to topic 't' within 1 s: nobody knows it");
        assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS)).hasMessageContaining("must not overtake");
        assertThat(pool.used()).isZero();
        send(accumulator, 10);
        assertThat(parkedTopics).as("it is looked up again").containsExactly("t", "t");
    }

    @Test
    void whatIsSentWhileParkedRecordsMoveIsParkedBehindThemAndNobodyWaitsForTheUsersCode() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        RecordAccumulator accumulator = accumulator((topic, key, value, partitions) -> {
            asked.countDown();
            await(answer);
            return 0;
        });
        SendFuture first = send(accumulator, 10);
        topic(accumulator).known(1);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        SendFuture second = send(accumulator, 20);
        topic(accumulator).known(2);

        assertThat(topic(accumulator).queues().get(0).hasNext(Destination.NONE)).isFalse();
        answer.countDown();
        awaitMoved(topic(accumulator));
        ProducerBatch batch = Objects.requireNonNull(topic(accumulator).queues().get(0).takeNext(Integer.MAX_VALUE, Destination.NONE));
        batch.acknowledge(0, -1, Runnable::run);
        assertThat(first.join().offset()).isZero();
        assertThat(second.join().offset()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void partitionerThatFailsInWhicheverWayCostsItsRecordAlone() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RecordAccumulator accumulator = accumulator((topic, key, value, partitions) -> {
            if (calls.incrementAndGet() == 1) {
                throw new StackOverflowError("too clever");
            }
            return 0;
        });
        SendFuture first = send(accumulator, 10);
        send(accumulator, 10);

        topic(accumulator).known(1);
        awaitMoved(topic(accumulator));

        assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(Objects.requireNonNull(topic(accumulator).queues().get(0).takeNext(Integer.MAX_VALUE, Destination.NONE)).count()).isEqualTo(1);
    }

    @Test
    void bufferFullOfParkedRecordsMovesAndNeverHasMoreInChunksThanItMay() throws Exception {
        RecordAccumulator accumulator = accumulator(
                (topic, key, value, partitions) -> Objects.requireNonNull(value).length % partitions.count());
        List<SendFuture> futures = new ArrayList<>();
        for (SendFuture next = new PlacedFuture(0, -1, 0); trySend(accumulator, next, 500 + futures.size() % 7);) {
            futures.add(next);
            next = new PlacedFuture(0, -1, 0);
        }
        TopicQueue topic = topic(accumulator);
        assertThat(futures).hasSizeGreaterThan(100);

        topic.known(7);
        while (topic.oldestParkedNanos() != null) {
            acknowledgeAll(topic);
        }
        awaitMoved(topic);
        acknowledgeAll(topic);

        assertThat(futures).allMatch(SendFuture::isDone).noneMatch(SendFuture::isCompletedExceptionally);
        assertThat(pool.used()).isZero();
    }

    private void acknowledgeAll(TopicQueue topic) {
        for (PartitionQueue queue : topic.queues()) {
            for (ProducerBatch batch = queue.takeNext(Integer.MAX_VALUE, Destination.NONE); batch != null; batch = queue.takeNext(Integer.MAX_VALUE, Destination.NONE)) {
                batch.acknowledge(0, -1, Runnable::run);
                queue.written(batch);
                batch.free();
            }
        }
        topic.unpark(); // memory came back
    }

    /** Apache's producer asks again when a batch is full, so that partitioners that count pass partitions over (KAFKA-9965). */
    @Test
    void partitionerIsAskedOnceHoweverOftenTheRecordFindsNoMemory() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        RecordAccumulator accumulator = accumulator((topic, key, value, partitions) -> asked.getAndIncrement() % partitions.count());
        send(accumulator, 10);
        topic(accumulator).known(2);
        awaitMoved(topic(accumulator));
        awaitPublished();
        int sent = 1;
        SendFuture refused = new PlacedFuture(0, -1, 1_000);
        while (trySend(accumulator, refused, 1_000)) {
            sent++;
            refused = new PlacedFuture(0, -1, 1_000);
        }
        int askedBefore = asked.get();

        assertThat(trySend(accumulator, refused, 1_000)).isFalse();
        acknowledgeAll(topic(accumulator));
        assertThat(trySend(accumulator, refused, 1_000)).isTrue();

        assertThat(askedBefore).isEqualTo(sent + 1);
        assertThat(asked).hasValue(askedBefore);
        assertThat(topic(accumulator).queues().get(sent % 2).hasNext(Destination.NONE)).as("it goes where it was to go").isTrue();
    }

    @Test
    void memoryThatComesBackJustBeforeTheOwnerTakesNoteIsNotMissed() throws Exception {
        List<java.nio.ByteBuffer> others = new ArrayList<>();
        pool = new ChunkPool(16 * CHUNK, CHUNK, () -> {});
        RecordAccumulator accumulator = new RecordAccumulator(
                PlainSettings.of(loop, pool, Codec.NONE, CHUNK, 100_000, 0, null, /* idempotent= */ false), new RecordAccumulator.Owner() {
            @Override
            public void recordsParked(TopicQueue topic) {}

            @Override
            public void workAppeared(PartitionQueue queue) {}

            @Override
            public void needsMemory() {
                pool.give(others.remove(0)); // and nobody tells, because the note is not taken yet
            }

            @Override
            public Leaders leaders() {
                return new AllLed();
            }

            @Override
            public boolean isClosed() {
                return false;
            }
        });
        send(accumulator, 10);
        for (int i = 0; i < 15; i++) {
            others.add(Objects.requireNonNull(pool.take(1)));
        }
        others.add(Objects.requireNonNull(pool.as(Priority.PARKED).take(1)));

        topic(accumulator).known(1);
        awaitMoved(topic(accumulator));

        assertThat(topic(accumulator).queues().get(0).hasNext(Destination.NONE)).isTrue();
    }

    @Test
    void whoWaitsForMemoryIsToldOfWhatARefusedRecordGivesBack() {
        AtomicInteger told = new AtomicInteger();
        pool = new ChunkPool(16 * CHUNK, CHUNK, told::incrementAndGet);
        RecordAccumulator accumulator = accumulator(null);
        closed.set(true);

        assertThatThrownBy(() -> trySend(accumulator, new PlacedFuture(0, -1, 10), 10)).isInstanceOf(ClientClosedException.class);

        assertThat(pool.used()).isZero();
        assertThat(told).as("somebody may have looked while it was counted").hasValue(1);
    }

    @Test
    void endFailsWhatIsParkedAndWhatComesLater() {
        RecordAccumulator accumulator = accumulator(null);
        SendFuture parked = send(accumulator, 10);
        AtomicBoolean told = new AtomicBoolean();
        topic(accumulator).whenUnparked(() -> told.set(true));

        closed.set(true);
        loop.close(); // so nothing can be posted any more
        topic(accumulator).end(new ClientClosedException("closed"), "it ends");

        assertThatThrownBy(() -> parked.get(20, TimeUnit.SECONDS)).hasMessageContaining("it ends");
        assertThatThrownBy(() -> trySend(accumulator, new PlacedFuture(0, -1, 1), 1)).isInstanceOf(ClientClosedException.class);
        assertThat(told).isFalse();
    }

    @Test
    void topicThatNothingIsSentToIsForgottenAndFoundAgain() throws Exception {
        RecordAccumulator accumulator = accumulator(null);
        send(accumulator, 10);
        TopicQueue before = topic(accumulator);
        long now = loop.nanoTime();
        assertThat(accumulator.forgetIdle(now, 100)).isEmpty();
        assertThat(accumulator.forgetIdle(now + 1_000, 100)).as("something is parked").isEmpty();
        before.known(1);
        awaitMoved(before);
        assertThat(accumulator.forgetIdle(now + 2_000, 100)).as("a record waits to be sent").isEmpty();
        acknowledgeAll(before);
        send(accumulator, 10);
        acknowledgeAll(before);
        assertThat(accumulator.forgetIdle(now + 3_000, 100)).as("it is in use").isEmpty();

        List<TopicQueue> forgotten = accumulator.forgetIdle(now + 4_000, 100);
        while (forgotten.isEmpty()) { // the task that moved the last parked record has not ended yet
            Thread.onSpinWait();
            forgotten = accumulator.forgetIdle(now + 4_000, 100);
        }
        assertThat(forgotten).extracting(TopicQueue::name).containsExactly("t");

        assertThat(accumulator.find("t")).isNull();
        send(accumulator, 10);
        assertThat(topic(accumulator)).isNotSameAs(before);
        assertThat(parkedTopics).containsExactly("t", "t");
        assertThat(before.append(new PlacedFuture(0, -1, 1), null, null, new byte[1], new Headers(), 42, Priority.NEWCOMER))
                .isEqualTo(TopicQueue.Outcome.FORGOTTEN);
    }

    @Test
    void recordThatIsInItsBatchIsNotToldAsAFailureAndTheNextOneTellsTheSender() throws Exception {
        RecordAccumulator accumulator = accumulator(null);
        SendFuture parked = send(accumulator, 10);
        TopicQueue topic = topic(accumulator);
        topic.known(1);
        awaitMoved(topic);
        awaitPublished();
        PartitionQueue queue = topic.queues().get(0);
        Objects.requireNonNull(queue.takeNext(Integer.MAX_VALUE, Destination.NONE)).acknowledge(0, -1, Runnable::run);
        assertThat(parked).isCompleted();
        assertThat(queue.nextDueIn(loop.nanoTime(), /* hurry= */ true, Destination.NONE)).isEqualTo(PartitionQueue.NOTHING);
        toldOfWork.clear();

        isStackAtItsEnd = true;
        SendFuture first = send(accumulator, 10);
        isStackAtItsEnd = false;
        assertThat(first).isNotDone();
        send(accumulator, 10);

        assertThat(toldOfWork).containsExactly(queue);
    }

    @Test
    void recordThatIsParkedIsNotToldAsAFailureAndTheNextOneTellsTheOwner() {
        RecordAccumulator accumulator = accumulator(null);

        isStackAtItsEnd = true;
        SendFuture first = send(accumulator, 10);
        isStackAtItsEnd = false;
        assertThat(first).isNotDone();
        send(accumulator, 10);

        assertThat(parkedTopics).containsExactly("t");
    }
}
