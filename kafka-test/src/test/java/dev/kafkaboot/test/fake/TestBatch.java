package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A batch as a producer sends it. */
public final class TestBatch {

    /** When a cluster starts, if nothing else is said. */
    static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private final String[] values;
    private @Nullable String key = "key";
    private long producerId = BatchBuilder.NO_PRODUCER_ID;
    private short producerEpoch = BatchBuilder.NO_PRODUCER_EPOCH;
    private int sequence = BatchBuilder.NO_SEQUENCE;
    private boolean transactional;
    private long timestamp = START;
    private CompressionType compression = CompressionType.NONE;

    private TestBatch(String... values) {
        this.values = values;
    }

    /** A batch of a record for each value. */
    public static TestBatch of(String... values) {
        return new TestBatch(values);
    }

    /** What each record's key is, or null for none. */
    public TestBatch key(@Nullable String newKey) {
        key = newKey;
        return this;
    }

    /** What an idempotent producer stamps a batch with. */
    public TestBatch from(long newProducerId, int epoch, int baseSequence) {
        producerId = newProducerId;
        producerEpoch = (short) epoch;
        sequence = baseSequence;
        return this;
    }

    /** Marks the batch as part of a transaction. */
    public TestBatch transactional() {
        transactional = true;
        return this;
    }

    /** The timestamp of the first record; each next one is a millisecond younger. */
    public TestBatch at(long millis) {
        timestamp = millis;
        return this;
    }

    /** Compresses the records. */
    public TestBatch compressed(CompressionType type) {
        compression = type;
        return this;
    }

    /** The batch as it stands in a request. */
    public Bytes bytes() {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 4096);
        for (int i = 0; i < values.length; i++) {
            builder.append(timestamp + i, bytes(key), bytes(values[i]), HeaderList.EMPTY);
        }
        try (Codec codec = Compression.of(compression).newCodec()) {
            builder.close(codec);
        }
        return Bytes.wrap(builder.finish(producerId, producerEpoch, sequence, transactional).toByteArray());
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
