package dev.kafkaboot.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches of ours are read by Apache's classes as they were meant, and the other way round. */
class RecordsDifferentialTest {

    private static final int SEEDS = 40;
    private static final long PRODUCER_ID = 4_711;
    private static final short EPOCH = 3;
    private static final int SEQUENCE = 17;

    static Stream<Arguments> codecsAndLevels() {
        List<Arguments> all = new ArrayList<>();
        for (CompressionType type : CompressionType.values()) {
            all.add(Arguments.of(Compression.of(type)));
        }
        for (int level : new int[] {1, 6, 9}) {
            all.add(Arguments.of(new Compression(CompressionType.GZIP, level)));
            all.add(Arguments.of(new Compression(CompressionType.LZ4, level)));
            all.add(Arguments.of(new Compression(CompressionType.ZSTD, level)));
        }
        all.add(Arguments.of(new Compression(CompressionType.ZSTD, -5)));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("codecsAndLevels")
    void apachesClassesReadOurBatches(Compression compression) {
        try (Codec codec = compression.newCodec()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                List<RecordValue> records = draw(seed, 0);
                boolean transactional = seed % 2 == 0;

                MutableRecordBatch read = theirs(ours(records, codec, transactional));

                read.ensureValid();
                assertThat(read.isTransactional()).isEqualTo(transactional);
                assertThat(read.isControlBatch()).isFalse();
                assertThat(read.producerId()).isEqualTo(PRODUCER_ID);
                assertThat(read.producerEpoch()).isEqualTo(EPOCH);
                assertThat(read.baseSequence()).isEqualTo(SEQUENCE);
                assertThat(read.countOrNull()).isEqualTo(records.size());
                assertThat(read.maxTimestamp()).isEqualTo(records.stream().mapToLong(RecordValue::timestamp).max().orElseThrow());
                assertThat(all(read)).as("seed %s", seed).isEqualTo(records);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void weReadApachesBatches(CompressionType type) {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<RecordValue> records = draw(seed, 1_000);

            RecordBatch read = batch(theirs(records, (byte) 2, type, /* transactional= */ seed % 2 == 0));

            read.ensureValid();
            assertThat(read.magic()).isEqualTo(2);
            assertThat(read.compressionType()).isEqualTo(type);
            assertThat(read.isTransactional()).isEqualTo(seed % 2 == 0);
            assertThat(read.producerId()).isEqualTo(PRODUCER_ID);
            assertThat(read.producerEpoch()).isEqualTo(EPOCH);
            assertThat(read.baseSequence()).isEqualTo(SEQUENCE);
            assertThat(read.baseOffset()).isEqualTo(1_000);
            assertThat(read.nextOffset()).isEqualTo(1_000 + records.size());
            assertThat(read.leaderEpoch()).isEqualTo(5);
            assertThat(RecordValue.all(read)).as("seed %s", seed).isEqualTo(records);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "ZSTD", mode = EnumSource.Mode.EXCLUDE)
    void weReadApachesMessageSets(CompressionType type) {
        for (byte magic = 0; magic <= 1; magic++) {
            for (long seed = 0; seed < SEEDS; seed++) {
                List<RecordValue> records = withoutWhatMessageSetsLack(draw(seed, 1_000), magic);

                List<RecordValue> read = new ArrayList<>();
                RecordBatches batches = RecordBatches.read(theirs(records, magic, type, /* transactional= */ false));
                while (batches.hasNext()) {
                    RecordBatch batch = batches.next();
                    batch.ensureValid();
                    read.addAll(RecordValue.all(batch));
                }

                assertThat(read).as("version %s, seed %s", magic, seed).isEqualTo(records);
            }
        }
    }

    private static List<RecordValue> withoutWhatMessageSetsLack(List<RecordValue> records, byte magic) {
        return records.stream()
                .map(record -> new RecordValue(record.offset(), magic == 0 ? -1 : record.timestamp(), record.key(), record.value(), List.of()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void largeRecordsSurvive(CompressionType type) {
        String value = "0123456789abcdef".repeat(200_000);
        List<RecordValue> records = List.of(new RecordValue(0, 7, "k", value, List.of()), new RecordValue(1, 8, null, null, List.of()));

        try (Codec codec = Compression.of(type).newCodec()) {
            assertThat(all(theirs(ours(records, codec, /* transactional= */ false)))).isEqualTo(records);
        }
        assertThat(RecordValue.all(batch(theirs(records, (byte) 2, type, /* transactional= */ false)))).isEqualTo(records);
    }

    @ParameterizedTest
    @EnumSource(EndTxnMarker.class)
    void endsOfTransactionsAreTold(EndTxnMarker marker) {
        RecordBatch read = batch(MemoryRecords.withEndTransactionMarker(
                        99, 1_700_000_000_000L, 5, PRODUCER_ID, EPOCH, new EndTransactionMarker(marker.theirs, /* coordinatorEpoch= */ 2))
                .buffer());

        read.ensureValid();
        assertThat(read.isControlBatch()).isTrue();
        assertThat(read.isTransactional()).isTrue();
        assertThat(read.baseOffset()).isEqualTo(99);
        try (RecordCursor cursor = read.cursor(DecompressionLimits.DEFAULT)) {
            assertThat(cursor.next()).isTrue();
            assertThat(ControlRecordType.of(cursor)).isEqualTo(marker.ours);
            assertThat(cursor.next()).isFalse();
        }
    }

    enum EndTxnMarker {
        COMMIT(ControlRecordType.COMMIT, org.apache.kafka.common.record.internal.ControlRecordType.COMMIT),
        ABORT(ControlRecordType.ABORT, org.apache.kafka.common.record.internal.ControlRecordType.ABORT);

        private final ControlRecordType ours;
        private final org.apache.kafka.common.record.internal.ControlRecordType theirs;

        EndTxnMarker(ControlRecordType ours, org.apache.kafka.common.record.internal.ControlRecordType theirs) {
            this.ours = ours;
            this.theirs = theirs;
        }
    }

    @Test
    void batchesFollowEachOtherAndACutOffOneIsLeftOut() {
        ByteBuffer first = theirs(draw(1, 0), (byte) 2, CompressionType.LZ4, /* transactional= */ false);
        ByteBuffer second = theirs(draw(2, 500), (byte) 2, CompressionType.NONE, /* transactional= */ false);
        ByteBuffer both = ByteBuffer.allocate(first.remaining() + second.remaining()).put(first.duplicate()).put(second.duplicate()).flip();

        assertThat(offsets(both)).containsExactly(0L, 500L);
        assertThat(offsets(both.duplicate().limit(both.limit() - 1))).containsExactly(0L);
    }

    private static List<Long> offsets(ByteBuffer bytes) {
        List<Long> offsets = new ArrayList<>();
        RecordBatches.read(bytes).forEachRemaining(batch -> offsets.add(batch.baseOffset()));
        return offsets;
    }

    // ---- both sides

    private static List<RecordValue> draw(long seed, long baseOffset) {
        SplittableRandom random = new SplittableRandom(seed);
        List<RecordValue> records = new ArrayList<>();
        int count = 1 + (seed % 5 == 0 ? random.nextInt(500) : random.nextInt(20));
        for (int i = 0; i < count; i++) {
            records.add(RecordValue.random(random, baseOffset + i));
        }
        return records;
    }

    private static ByteBuffer ours(List<RecordValue> records, Codec codec, boolean transactional) {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 1_024);
        for (RecordValue record : records) {
            assertThat(builder.append(record.timestamp(), record.keyBytes(), record.valueBytes(), record.headerList())).isEqualTo((int) record.offset());
        }
        builder.close(codec);
        Bytes bytes = builder.finish(PRODUCER_ID, EPOCH, SEQUENCE, transactional);
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static MutableRecordBatch theirs(ByteBuffer bytes) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(bytes).batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        return batches.get(0);
    }

    private static List<RecordValue> all(MutableRecordBatch batch) {
        List<RecordValue> records = new ArrayList<>();
        batch.forEach(record -> records.add(RecordValue.of(record)));
        return records;
    }

    private static ByteBuffer theirs(List<RecordValue> records, byte magic, CompressionType type, boolean transactional) {
        boolean hasProducer = magic == 2;
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(1 << 16), magic,
                org.apache.kafka.common.compress.Compression.of(org.apache.kafka.common.record.internal.CompressionType.forId(type.id())).build(),
                org.apache.kafka.common.record.TimestampType.CREATE_TIME, records.get(0).offset(), /* logAppendTime= */ -1,
                hasProducer ? PRODUCER_ID : -1, hasProducer ? EPOCH : -1, hasProducer ? SEQUENCE : -1, transactional,
                /* isControlBatch= */ false, hasProducer ? 5 : -1);
        for (RecordValue record : records) {
            builder.appendWithOffset(record.offset(), record.timestamp(), record.keyBytes(), record.valueBytes(), record.headerArray());
        }
        return builder.build().buffer();
    }

    private static RecordBatch batch(ByteBuffer bytes) {
        RecordBatches batches = RecordBatches.read(bytes);
        RecordBatch only = batches.next();
        assertThat(batches.hasNext()).isFalse();
        return only;
    }
}
