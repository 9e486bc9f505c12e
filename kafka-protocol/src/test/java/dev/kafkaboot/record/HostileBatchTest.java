package dev.kafkaboot.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that are not what they should be are refused by a {@link ProtocolException}, and cost no more memory than is allowed to them. */
class HostileBatchTest {

    private static final int MUTATIONS = 1_500;
    private static final DecompressionLimits NARROW = new DecompressionLimits(1 << 20, 64);

    /** Windows and tables of the codecs, stack traces, and the batch itself decompressed as far as it may be. */
    private static final long COST = 16L << 20;

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void changedBytesAreReadOrRefusedWhateverTheChecksumSays(CompressionType type) {
        byte[] valid = batch(type, 30, 200);
        for (int seed = 0; seed < MUTATIONS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] broken = valid.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                // Beyond the length, so that the batch stays one: what its header says and what follows is what is attacked.
                broken[BatchLayout.MAGIC + random.nextInt(broken.length - BatchLayout.MAGIC)] = (byte) random.nextInt(256);
            }
            fixChecksum(broken);
            readAll(broken, "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void everyPrefixIsReadOrRefused(CompressionType type) {
        byte[] valid = batch(type, 10, 40);
        for (int length = 0; length < valid.length; length++) {
            byte[] cut = Arrays.copyOf(valid, length);
            if (length > BatchLayout.LOG_OVERHEAD) {
                ByteBuffer.wrap(cut).putInt(BatchLayout.LENGTH, length - BatchLayout.LOG_OVERHEAD);
            }
            if (length > BatchLayout.HEADER_SIZE) {
                fixChecksum(cut);
            }
            readAll(cut, length + " bytes");
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void batchThatExpandsTooFarIsRefused(CompressionType type) {
        byte[] bomb = batch(type, 8, 1 << 20);
        DecompressionLimits limits = new DecompressionLimits(1 << 20, 2);

        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> read(bomb, limits)).isInstanceOf(CorruptRecordException.class).hasMessageContaining("1048576");

        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(COST);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void changedByteFailsTheChecksum(CompressionType type) {
        byte[] valid = batch(type, 10, 40);
        for (int at = BatchLayout.ATTRIBUTES; at < valid.length; at++) {
            byte[] broken = valid.clone();
            broken[at] ^= 0x10;
            RecordBatch batch = RecordBatches.read(ByteBuffer.wrap(broken)).next();

            assertThatThrownBy(batch::ensureValid).as("byte %s", at).isInstanceOf(CorruptRecordException.class);
        }
    }

    private static void readAll(byte[] bytes, String what) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            read(bytes, NARROW);
        } catch (ProtocolException refused) {
            assertThat(refused).as(what).hasMessageMatching("(?s).{10,}");
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as(what).isLessThan(COST);
    }

    private static void read(byte[] bytes, DecompressionLimits limits) {
        RecordBatches batches = RecordBatches.read(ByteBuffer.wrap(bytes));
        while (batches.hasNext()) {
            RecordBatch batch = batches.next();
            batch.ensureValid();
            try (RecordCursor cursor = batch.cursor(limits)) {
                while (cursor.next()) {
                    RecordValue.at(cursor);
                }
            }
        }
    }

    private static void fixChecksum(byte[] batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch, BatchLayout.ATTRIBUTES, batch.length - BatchLayout.ATTRIBUTES);
        ByteBuffer.wrap(batch).putInt(BatchLayout.CRC, (int) crc.getValue());
    }

    private static byte[] batch(CompressionType type, int count, int valueSize) {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 4_096);
        byte[] value = new byte[valueSize];
        for (int i = 0; i < count; i++) {
            builder.append(1_700_000_000_000L + i, i % 3 == 0 ? null : new byte[] {(byte) i}, value, HeaderList.EMPTY);
        }
        try (Codec codec = Compression.of(type).newCodec()) {
            builder.close(codec);
        }
        return builder.finish(1, (short) 0, 0, /* transactional= */ false).toByteArray();
    }
}
