package dev.kafkaboot.record;

import dev.kafkaboot.fuzz.Corpus;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;

/** Writes the inputs that {@link RecordsFuzzTest} begins with: Apache's batches, of every version and codec. */
public final class RecordSeeds {

    private static final long BASE = 1_000;

    private static final List<RecordValue> RECORDS = List.of(
            new RecordValue(BASE, 1_700_000_000_000L, "key", "value", List.of()),
            new RecordValue(BASE + 1, 1_700_000_000_005L, null, "orders, orders, orders", List.of(List.of("trace", "1"), List.of("trace", ""))),
            new RecordValue(BASE + 3, 1_699_999_999_999L, "key", null, List.of(Arrays.asList("none", null))));

    private RecordSeeds() {}

    /** Writes them below a folder of resources. */
    public static void write(Path resources) {
        Corpus corpus = Corpus.of(resources, RecordsFuzzTest.class);
        for (byte magic = 0; magic <= 2; magic++) {
            for (CompressionType type : CompressionType.values()) {
                if (type != CompressionType.ZSTD || magic == 2) {
                    corpus.add("batches", "v" + magic + "-" + type.configName(), batch(magic, type));
                    corpus.add("compressed", "v" + magic + "-" + type.configName(), compressed(magic, type));
                }
            }
        }
        corpus.add("batches", "commit", bytes(MemoryRecords.withEndTransactionMarker(
                99, 1_700_000_000_000L, 5, 4_711, (short) 3,
                new EndTransactionMarker(org.apache.kafka.common.record.internal.ControlRecordType.COMMIT, 2)).buffer()));
        byte[] one = batch((byte) 2, CompressionType.NONE);
        corpus.add("batches", "two-and-a-half", ByteBuffer.allocate(2 * one.length + 20).put(one).put(one).put(one, 0, 20).array());
    }

    private static byte[] compressed(byte magic, CompressionType type) {
        byte[] plain = batch(magic, CompressionType.NONE);
        if (magic == 2) {
            byte[] records = Arrays.copyOfRange(plain, BatchLayout.HEADER_SIZE, plain.length);
            return CompressedInput.input(magic, type.id(), BASE, RECORDS.size(), 3, records);
        }
        return CompressedInput.input(magic, type.id(), BASE + 3, 0, 0, plain);
    }

    private static byte[] batch(byte magic, CompressionType type) {
        boolean hasProducer = magic == 2;
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(4_096), magic,
                org.apache.kafka.common.compress.Compression.of(org.apache.kafka.common.record.internal.CompressionType.forId(type.id())).build(),
                org.apache.kafka.common.record.TimestampType.CREATE_TIME, BASE, /* logAppendTime= */ -1,
                hasProducer ? 4_711 : -1, (short) (hasProducer ? 3 : -1), hasProducer ? 17 : -1, /* isTransactional= */ hasProducer,
                /* isControlBatch= */ false, hasProducer ? 5 : -1);
        for (RecordValue record : RECORDS) {
            builder.appendWithOffset(record.offset(), record.timestamp(), record.keyBytes(), record.valueBytes(),
                    hasProducer ? record.headerArray() : Stream.of().toArray(org.apache.kafka.common.header.Header[]::new));
        }
        return bytes(builder.build().buffer());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
