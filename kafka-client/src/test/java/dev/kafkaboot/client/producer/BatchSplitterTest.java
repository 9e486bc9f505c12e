package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.CorruptRecordException;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchSplitterTest {

    private final List<SendFuture> futures = new ArrayList<>();
    private final ProducerBatch batch = new ProducerBatch(new TopicPartition("t", 0), ChunkSource.UNPOOLED, 4_096, 77);

    private void append(int size, HeaderList headers) {
        SendFuture future = new SendFuture(futures.size(), -1, size);
        futures.add(future);
        batch.append(future, null, new byte[size], headers, ChunkSource.UNPOOLED);
    }

    private void close(Codec codec) {
        batch.seal();
        batch.compress(codec);
        batch.ready();
    }

    private static void nobody(String reason, SendFuture future) {
        throw new AssertionError("Left out, because " + reason + ": " + future);
    }

    private List<BatchSplitter.Part> parts(Codec codec) {
        return BatchSplitter.split(batch.takeApart(), batch.uncompressedSize() / 2, codec);
    }

    @Test
    void partsHaveTheRecordsAndTheFuturesInOrder() {
        for (int i = 0; i < 10; i++) {
            append(1_000, HeaderList.EMPTY);
        }
        Codec codec = Compression.of(CompressionType.LZ4).newCodec();
        close(codec);

        List<ProducerBatch> batches = batch.handOver(parts(codec), BatchSplitterTest::nobody);

        assertThat(batches).extracting(ProducerBatch::count).containsExactly(4, 4, 2);
        assertThat(batches).allMatch(ProducerBatch::isReady).allMatch(part -> part.sizeInBytes() < part.uncompressedSize() / 2);
        for (int i = 0; i < 3; i++) {
            batches.get(i).acknowledge(100L * i, -1, Runnable::run);
        }
        assertThat(futures).extracting(future -> future.join().offset()).containsExactly(0L, 1L, 2L, 3L, 100L, 101L, 102L, 103L, 200L, 201L);
        assertThat(futures).extracting(future -> future.join().timestamp()).isSorted();
    }

    @Test
    void headersCountSoThatTwoRecordsAreAlwaysParted() {
        append(1, HeaderList.EMPTY);
        append(1, new Headers().add("large", new byte[100_000]));
        close(Codec.NONE);

        assertThat(batch.handOver(parts(Codec.NONE), BatchSplitterTest::nobody)).extracting(ProducerBatch::count).containsExactly(1, 1);
    }

    @Test
    void partsGoOnWhereTheWholeBatchWas() {
        append(100, HeaderList.EMPTY);
        append(100, HeaderList.EMPTY);
        close(Codec.NONE);
        AtomicInteger done = new AtomicInteger();
        batch.whenDone(done::incrementAndGet);
        batch.send(5);
        IllegalStateException error = new IllegalStateException("timed out");
        batch.returned(error, /* mayBeWritten= */ true);

        List<ProducerBatch> batches = batch.handOver(parts(Codec.NONE), BatchSplitterTest::nobody);

        assertThat(batches).hasSize(2).allSatisfy(part -> {
            assertThat(part.isPossiblyPersisted()).isTrue();
            assertThat(part.attempts()).isEqualTo(1);
            assertThat(part.lastError()).isSameAs(error);
            assertThat(part.createdNanos()).isEqualTo(77);
        });
        batches.get(0).acknowledge(0, -1, Runnable::run);
        assertThat(done).hasValue(0);
        batches.get(1).acknowledge(1, -1, Runnable::run);
        assertThat(done).hasValue(1);
    }

    @Test
    void whoWaitsForTheWholeBatchWaitsForAllPartsWhicheverIsLast() {
        for (int i = 0; i < 10; i++) {
            append(1_000, HeaderList.EMPTY);
        }
        close(Codec.NONE);
        AtomicInteger done = new AtomicInteger();
        batch.whenDone(done::incrementAndGet);

        List<ProducerBatch> batches = batch.handOver(parts(Codec.NONE), BatchSplitterTest::nobody);

        assertThat(batches).hasSize(3);
        batches.get(0).acknowledge(0, -1, Runnable::run);
        batches.get(2).acknowledge(8, -1, Runnable::run);
        assertThat(done).hasValue(0);
        batches.get(1).acknowledge(4, -1, Runnable::run);
        assertThat(done).hasValue(1);
    }

    @Test
    void refusedRecordsAreLeftOutAndTheOthersKeepTheirFutures() {
        for (int i = 0; i < 6; i++) {
            append(10 + i, HeaderList.EMPTY);
        }
        close(Codec.NONE);
        batch.refuse(Map.of(0, "first", 3, "fourth", 5, "sixth"));
        Map<String, SendFuture> left = new LinkedHashMap<>();

        List<ProducerBatch> batches = batch.handOver(BatchSplitter.without(batch.takeApart(), batch.refused().keySet(), Codec.NONE), left::put);

        assertThat(left).containsExactly(entry("first", futures.get(0)), entry("fourth", futures.get(3)), entry("sixth", futures.get(5)));
        assertThat(batches).singleElement().satisfies(rest -> assertThat(rest.count()).isEqualTo(3));
        batches.get(0).acknowledge(40, -1, Runnable::run);
        assertThat(List.of(futures.get(1), futures.get(2), futures.get(4))).extracting(future -> future.join().offset()).containsExactly(40L, 41L, 42L);
        assertThat(futures.get(4).join().timestamp()).isEqualTo(4);
    }

    @Test
    void splittingThatFailsLeavesTheFuturesWithTheBatch() {
        append(100, HeaderList.EMPTY);
        append(100, HeaderList.EMPTY);
        close(new DestroyingCodec());

        assertThatThrownBy(() -> parts(Codec.NONE)).isInstanceOf(CorruptRecordException.class);

        batch.takenApart();
        assertThat(batch.isCompleted()).isFalse();
        batch.fail(new IllegalStateException("no"), Runnable::run);
        assertThat(futures).allMatch(SendFuture::isCompletedExceptionally);
    }

    /** What it makes nothing can read. */
    private static final class DestroyingCodec implements Codec {

        @Override
        public CompressionType type() {
            return CompressionType.GZIP;
        }

        @Override
        public int maxCompressedSize(int size) {
            return size;
        }

        @Override
        public void compress(ByteBuffer input, ByteBuffer output) {
            output.putLong(42);
        }
    }
}
