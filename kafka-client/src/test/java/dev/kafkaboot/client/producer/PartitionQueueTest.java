package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.client.producer.PartitionQueue.Appended;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test plays both parts: the thread that sends, and the loop. */
class PartitionQueueTest {

    private static final int BATCH = 4_096;
    private static final long LINGER = Duration.ofMillis(5).toNanos();
    private static final int ALL = Integer.MAX_VALUE;

    private final EventLoop loop = EventLoop.start("partition-queue-test");
    private final ChunkPool pool = new ChunkPool(1024 * 1024, BATCH, () -> {});

    @AfterEach
    void stop() {
        loop.close();
    }

    private PartitionQueue queue(CompressionType type) {
        return queue(Compression.of(type).newCodec());
    }

    private PartitionQueue queue(Codec codec) {
        return new PartitionQueue(
                new TopicPartition("t", 0), PlainSettings.of(loop, pool, codec, BATCH, 100_000, LINGER, null, /* idempotent= */ false));
    }

    private static Appended append(PartitionQueue queue, int size) {
        return append(queue, new SendFuture(0, -1, size), size);
    }

    private static Appended append(PartitionQueue queue, SendFuture future, int size) {
        return queue.append(future, null, new byte[size], HeaderList.EMPTY, size + 41, Priority.NEWCOMER, PartitionQueue.NOW);
    }

    private static Appended append(PartitionQueue queue, HeaderList headers) {
        return queue.append(new SendFuture(0, -1, 1_500), null, new byte[1_500], headers, 2_300, Priority.NEWCOMER, PartitionQueue.NOW);
    }

    private static void finish(PartitionQueue queue) {
        queue.written(queue.inFlight().get(0));
    }

    private static ProducerBatch taken(PartitionQueue queue) {
        return Objects.requireNonNull(queue.takeNext(ALL, Destination.NONE));
    }

    @Test
    void senderIsToldOfTheFirstRecordAndOfAFullBatchAndOfNothingBetween() {
        PartitionQueue queue = queue(CompressionType.NONE);

        assertThat(append(queue, 1_000)).isEqualTo(Appended.TELL_SENDER);
        assertThat(append(queue, 1_000)).isEqualTo(Appended.QUIETLY);
        assertThat(append(queue, 1_000)).as("there is no room for another one like this").isEqualTo(Appended.TELL_SENDER);
        assertThat(queue.nextDueIn(loop.nanoTime(), /* hurry= */ false, Destination.NONE)).isZero();
        assertThat(taken(queue).count()).isEqualTo(3);
    }

    @Test
    void openBatchLingersUnlessThereIsHurry() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 100);
        long now = loop.nanoTime();

        assertThat(queue.nextDueIn(now, /* hurry= */ false, Destination.NONE)).isBetween(0L, LINGER);
        assertThat(queue.nextDueIn(now + LINGER, /* hurry= */ false, Destination.NONE)).isZero();
        assertThat(queue.nextDueIn(now, /* hurry= */ true, Destination.NONE)).isZero();
    }

    @Test
    void senderThatFoundNothingIsToldAgain() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 100);
        taken(queue);
        finish(queue);

        assertThat(queue.nextDueIn(loop.nanoTime(), /* hurry= */ false, Destination.NONE)).isEqualTo(PartitionQueue.NOTHING);
        assertThat(append(queue, 100)).isEqualTo(Appended.TELL_SENDER);
    }

    @Test
    void behindABatchInFlightTheNextOneGrowsUpToWhatARequestHolds() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 100);
        ProducerBatch first = taken(queue);
        for (int i = 0; i < 150; i++) {
            append(queue, 1_000);
        }

        assertThat(queue.takeNext(ALL, Destination.NONE)).as("one batch of a partition at a time").isNull();
        assertThat(queue.nextDueIn(loop.nanoTime(), /* hurry= */ true, Destination.NONE)).isEqualTo(PartitionQueue.NOTHING);
        finish(queue);
        ProducerBatch second = taken(queue);
        assertThat(second.sizeInBytes()).isBetween(98_000, 100_000);
        finish(queue);
        assertThat(first.count() + second.count() + taken(queue).count()).isEqualTo(151);
    }

    @Test
    void backlogIsWhatThereIsBeyondABatchInFlightAndOneThatFills() {
        PartitionQueue queue = queue(CompressionType.GZIP);
        append(queue, 1_000);
        taken(queue);
        append(queue, 1_000);
        assertThat(queue.backlogBytes()).isZero();

        for (int i = 0; i < 20; i++) {
            append(queue, 1_000);
        }

        assertThat(queue.backlogBytes()).as("before compression").isBetween(22_000L - 2 * BATCH, 23_000L - 2 * BATCH);
    }

    @Test
    void batchThatIsLargerThanTheRoomIsNotTaken() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 1_000);

        assertThat(queue.takeNext(500, Destination.NONE)).isNull();
        assertThat(queue.hasNext(Destination.NONE)).isTrue();
        assertThat(queue.takeNext(2_000, Destination.NONE)).isNotNull();
        assertThat(queue.hasNext(Destination.NONE)).isFalse();
    }

    @Test
    void batchThatIsPutBackComesFirstAgain() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 1);
        ProducerBatch first = taken(queue);
        append(queue, 2);
        queue.putBack(first);

        assertThat(taken(queue)).isSameAs(first);
    }

    @Test
    void senderWhoFillsABatchCompressesIt() {
        PartitionQueue queue = queue(CompressionType.LZ4);
        append(queue, 1_000);
        append(queue, 1_000);
        assertThat(append(queue, 1_000)).isEqualTo(Appended.TELL_SENDER);

        assertThat(queue.unfinished()).singleElement().satisfies(batch -> {
            assertThat(batch.state()).isEqualTo(ProducerBatch.State.READY);
            assertThat(batch.sizeInBytes()).isLessThan(batch.uncompressedSize() / 10);
        });
    }

    @Test
    void loopLeavesALargeBatchToTheNextSenderForAWhileAndThenCompressesItItself() {
        PartitionQueue queue = queue(CompressionType.LZ4);
        append(queue, 100);
        taken(queue);
        for (int i = 0; i < 50; i++) {
            append(queue, 1_000);
        }
        finish(queue);
        long now = loop.nanoTime() + LINGER;

        assertThat(queue.nextDueIn(now, /* hurry= */ false, Destination.NONE)).isPositive();
        assertThat(queue.nextDueIn(now + 1_000_000, /* hurry= */ false, Destination.NONE)).isZero();
        assertThat(append(queue, 100)).as("the next sender closes it").isEqualTo(Appended.TELL_SENDER);
        assertThat(taken(queue).count()).isEqualTo(50);
    }

    @Test
    void memoryGoesBackWhenBatchesAreFreed() {
        PartitionQueue queue = queue(CompressionType.NONE);
        for (int i = 0; i < 20; i++) {
            append(queue, 1_000);
        }
        long used = pool.used();
        for (ProducerBatch batch : queue.takeWaiting().ready()) {
            batch.free();
        }

        assertThat(used).isPositive();
        assertThat(pool.used()).isZero();
        assertThat(queue.unfinished()).isEmpty();
    }

    @Test
    void senderIsToldAgainAfterEverythingWasTakenAwayToBeFailed() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 100);
        queue.takeWaiting();

        assertThat(append(queue, 100)).isEqualTo(Appended.TELL_SENDER);
    }

    @Test
    void batchThatIsInFlightCannotBeFreed() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 100);
        ProducerBatch batch = taken(queue);
        batch.send(loop.nanoTime());

        assertThatThrownBy(batch::free).isInstanceOf(IllegalStateException.class).hasMessageContaining("IN_FLIGHT");
    }

    @Test
    void fullMemoryRefusesTheRecordAndChangesNothing() {
        ChunkPool small = new ChunkPool(2 * BATCH, BATCH, () -> {});
        PartitionQueue queue = new PartitionQueue(
                new TopicPartition("t", 0), PlainSettings.of(loop, small, Codec.NONE, BATCH, 100_000, LINGER, null, /* idempotent= */ false));
        int in = 0;
        while (append(queue, 1_000) != Appended.NO_MEMORY) {
            in++;
        }

        assertThat(in).isEqualTo(6);
        assertThat(queue.unfinished().stream().mapToInt(ProducerBatch::count).sum()).isEqualTo(6);
    }

    @Test
    void codecThatFailsWhicheverWayCostsTheCompressionAndNotTheRecords() {
        PartitionQueue queue = queue(new FailingCodec());
        append(queue, 1_000);
        append(queue, 1_000);
        assertThat(append(queue, 1_000)).isEqualTo(Appended.TELL_SENDER);
        append(queue, 100);

        assertThat(taken(queue)).satisfies(batch -> {
            assertThat(batch.count()).isEqualTo(3);
            assertThat(batch.sizeInBytes()).isEqualTo(batch.uncompressedSize());
        });
        finish(queue);
        assertThat(taken(queue).count()).as("that which the loop closes").isEqualTo(1);
    }

    @Test
    void recordThatCannotBeWrittenLeavesNoMemoryBehind() {
        PartitionQueue queue = queue(CompressionType.NONE);

        assertThatThrownBy(() -> append(queue, new ChangingHeaders())).isInstanceOf(ConcurrentModificationException.class);

        assertThat(pool.used()).isZero();
        assertThat(queue.hasNext(Destination.NONE)).isFalse();
        append(queue, 10);
        assertThat(taken(queue).count()).isEqualTo(1);
    }

    @Test
    void batchThatWasClosedForARecordThatCannotBeWrittenIsSent() {
        PartitionQueue queue = queue(CompressionType.LZ4);
        append(queue, 1_900);

        assertThatThrownBy(() -> append(queue, new ChangingHeaders())).isInstanceOf(ConcurrentModificationException.class);

        assertThat(queue.nextDueIn(loop.nanoTime(), /* hurry= */ false, Destination.NONE)).isZero();
        assertThat(taken(queue).count()).isEqualTo(1);
        append(queue, 10);
        finish(queue);
        assertThat(taken(queue).count()).isEqualTo(1);
    }

    /** A native library that is not there. */
    private static final class FailingCodec implements Codec {

        @Override
        public CompressionType type() {
            return CompressionType.ZSTD;
        }

        @Override
        public int maxCompressedSize(int size) {
            return size;
        }

        @Override
        public void compress(ByteBuffer input, ByteBuffer output) {
            throw new UnsatisfiedLinkError("no library");
        }
    }

    /** Another thread changes a header behind the measuring of it. */
    private static final class ChangingHeaders implements HeaderList {

        private int asked;

        @Override
        public int size() {
            return 1;
        }

        @Override
        public String key(int index) {
            return "key";
        }

        @Override
        public byte[] value(int index) {
            asked++;
            return new byte[100 + asked];
        }
    }

    private PartitionQueue idempotentQueue() {
        PartitionQueue queue = new PartitionQueue(
                new TopicPartition("t", 0), PlainSettings.of(loop, pool, Codec.NONE, BATCH, 100_000, LINGER, null, /* idempotent= */ true));
        assertThat(queue.needsIdentity()).isTrue();
        append(queue, 10);
        assertThat(queue.hasNext(Destination.NONE)).as("nobody to send as").isFalse();
        assertThat(queue.takeNext(ALL, Destination.NONE)).isNull();
        queue.identify(new ProducerIdentity(7, (short) 0));
        return queue;
    }

    private static BatchStamp stamp(int epoch, long sequence) {
        return new BatchStamp(new ProducerIdentity(7, (short) epoch), sequence);
    }

    @Test
    void whatIsGivenUpBetweenTwoAttemptsIsFollowedByANewEpoch() {
        PartitionQueue queue = idempotentQueue();
        ProducerBatch first = taken(queue);
        first.send(loop.nanoTime());
        first.returned(new IllegalStateException("refused"), /* mayBeWritten= */ false);
        queue.putBack(first);

        queue.takeWaiting();
        append(queue, 10);

        assertThat(first.stamp()).isEqualTo(stamp(0, 0));
        assertThat(taken(queue).stamp()).isEqualTo(stamp(1, 0));
    }

    @Test
    void endedQueueTakesNothing() {
        PartitionQueue queue = queue(CompressionType.NONE);
        queue.end();

        assertThat(append(queue, 1)).isEqualTo(Appended.ENDED);
    }

    @Test
    void futuresCompleteInOrderWithTheirOffsets() {
        PartitionQueue queue = queue(CompressionType.NONE);
        List<SendFuture> futures = List.of(new SendFuture(5, -1, 10), new SendFuture(6, -1, 20), new SendFuture(7, -1, 30));
        futures.forEach(future -> append(queue, future, 10));
        ProducerBatch batch = taken(queue);
        batch.acknowledge(100, -1, Runnable::run);

        assertThat(futures).extracting(future -> future.join().toString()).containsExactly("t-0@100", "t-0@101", "t-0@102");
        assertThat(futures.get(2).join()).isEqualTo(new RecordMetadata(new TopicPartition("t", 0), 102, 7, -1, 30));
    }

    @Test
    void futuresFailTogether() {
        PartitionQueue queue = queue(CompressionType.NONE);
        SendFuture future = new SendFuture(5, -1, 10);
        append(queue, future, 10);
        taken(queue).fail(new IllegalStateException("no"), Runnable::run);

        assertThatThrownBy(future::join).isInstanceOf(CompletionException.class).hasRootCauseMessage("no");
    }

    @Test
    void turnOfRecordsWithoutKeysIsOverWhenABatchIsFull() {
        PartitionQueue queue = queue(CompressionType.NONE);
        append(queue, 1_000);
        append(queue, 1_000);
        assertThat(queue.isTurnOver()).isFalse();
        append(queue, 1_000);
        assertThat(queue.isTurnOver()).isTrue();
        queue.beginTurn();
        assertThat(queue.isTurnOver()).isFalse();
    }
}
