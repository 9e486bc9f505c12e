package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.ExhaustedGzip;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where there is no memory for a moment to decompress what was fetched, it is read later, and nothing is skipped. */
@Timeout(60)
class WantOfMemoryTest {

    private static byte[] gzip(long offset, String... values) {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 1024);
        for (String value : values) {
            // Long enough that it is worth while to compress it.
            builder.append(0, null, value.repeat(100).getBytes(StandardCharsets.UTF_8), HeaderList.EMPTY);
        }
        try (Codec codec = Compression.of(CompressionType.GZIP).newCodec()) {
            builder.close(codec);
        }
        byte[] batch = builder.finish(
                BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, /* transactional= */ false).toByteArray();
        ByteBuffer.wrap(batch).putLong(0, offset).putInt(12, 1);
        return batch;
    }

    /** Three batches that one fetch brings. */
    private static void appendThreeBatches(ScriptedBrokers brokers) {
        byte[] first = gzip(0, "a", "b");
        byte[] second = gzip(2, "c", "d");
        byte[] third = gzip(4, "e", "f");
        byte[] all = ByteBuffer.allocate(first.length + second.length + third.length).put(first).put(second).put(third).array();
        brokers.logs().change(0, log -> log.append(all, 6));
    }

    private static String letters(KafkaConsumer<String, String> consumer, int count) {
        return read(consumer, count).stream().map(value -> value.substring(0, 1)).collect(Collectors.joining());
    }

    @Test
    void aBatchThatCouldNotBeOpenedBehindOthersIsNotSkipped() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            appendThreeBatches(brokers);
            ExhaustedGzip.atBatch(2, consumer.decompressor);
            consumer.assign(List.of(FIRST));

            assertThat(letters(consumer, 6)).isEqualTo("abcdef");
        }
    }

    @Test
    void aBatchThatCouldNotBeOpenedIsToldAndNotSkipped() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            appendThreeBatches(brokers);
            ExhaustedGzip.atBatch(1, consumer.decompressor);
            consumer.assign(List.of(FIRST));

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(OutOfMemoryError.class);
            assertThat(letters(consumer, 6)).isEqualTo("abcdef");
        }
    }

    @Test
    void aRecordThatThereWasNoRoomForIsNotTakenForADamagedOne() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            byte[] batch = gzip(0, "a".repeat(1_000), "b".repeat(1_000), "c".repeat(1_000));
            brokers.logs().change(0, log -> log.append(batch, 3));
            ExhaustedGzip.atPiece(2, consumer.decompressor);
            consumer.assign(List.of(FIRST));

            assertThat(letters(consumer, 3)).isEqualTo("abc");
        }
    }
}
