package dev.kafkaboot.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kafkaboot.fuzz.Memory;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.Decompressor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes with the right checksums are read as batches, of version 0, 1 or 2, or refused with a {@link ProtocolException}, in bounded memory. Offsets are
 * those of a log: not negative, and with a next one. What Apache's classes read as well has the same batches, records and headers.
 */
class RecordsFuzzTest {

    private static final DecompressionLimits LIMITS = new DecompressionLimits(1 << 20, 16);

    /** What it keeps from one input to the next is attacked too. */
    private static final Decompressor DECOMPRESSOR = new Decompressor();

    /** Exceptions, and what the codecs allocate the first time. */
    private static final long FIXED_COST = 1 << 20;

    /** What the fetch of a partition holds, after its checksums were made right. */
    @FuzzTest
    void batches(byte[] input) {
        Checksums.fix(input);
        check(input);
    }

    /** One compressed batch; its plain bytes are the input's, behind a header that {@link CompressedInput} reads. */
    @FuzzTest
    void compressed(byte[] input) {
        byte[] batch = CompressedInput.batch(input);
        if (batch != null) {
            check(batch);
        }
    }

    private static void check(byte[] bytes) {
        Memory.within(FIXED_COST + 100L * bytes.length, () -> walk(bytes));
        try {
            Iterator<MutableRecordBatch> theirs = theirs(bytes);
            RecordBatches ours = RecordBatches.read(ByteBuffer.wrap(bytes), LIMITS);
            while (ours.hasNext()) {
                RecordBatch batch = ours.next();
                batch.ensureValid();
                List<RecordValue> records = records(batch);
                MutableRecordBatch their = theirs == null ? null : next(theirs);
                if (their == null) {
                    theirs = null;
                } else {
                    compare(batch, records, their);
                }
            }
            assertThat(theirs == null || next(theirs) == null).as("Apache's classes read no batch behind the last of ours").isTrue();
            assertThat(ours.sizeOfPartialBatch()).isNotNegative();
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageMatching("(?s).{10,}");
        }
    }

    /** Does what a consumer does that copies nothing. */
    private static void walk(byte[] bytes) {
        try {
            RecordBatches batches = RecordBatches.read(ByteBuffer.wrap(bytes), LIMITS);
            while (batches.hasNext()) {
                RecordBatch batch = batches.next();
                batch.ensureValid();
                try (RecordCursor cursor = batch.cursor(LIMITS, DECOMPRESSOR)) {
                    while (cursor.next()) {
                        cursor.headerCount();
                    }
                }
            }
        } catch (ProtocolException refused) {
            // Looked at where the records are compared.
        }
    }

    private static List<RecordValue> records(RecordBatch batch) {
        List<RecordValue> records = new ArrayList<>();
        try (RecordCursor cursor = batch.cursor(LIMITS, DECOMPRESSOR)) {
            while (cursor.next()) {
                assertThat(cursor.offset()).isBetween(0L, batch.lastOffset());
                records.add(RecordValue.at(cursor));
                if (batch.isControlBatch()) {
                    controlType(cursor);
                }
            }
        }
        assertThat(batch.baseOffset()).isBetween(0L, batch.lastOffset());
        assertThat(batch.nextOffset()).isPositive();
        if (batch.recordCount() >= 0) {
            assertThat(records).hasSize(batch.recordCount());
        }
        return records;
    }

    private static void controlType(RecordCursor cursor) {
        try {
            assertThat(ControlRecordType.of(cursor)).isNotNull();
        } catch (ProtocolException refused) {
            assertThat(cursor.keySize()).isLessThan(4);
        }
    }

    private static void compare(RecordBatch ours, List<RecordValue> records, MutableRecordBatch theirs) {
        List<RecordValue> theirRecords = records(theirs);
        if (theirRecords == null) {
            return;
        }
        if (ours.magic() == 1 && ours.compressionType() != CompressionType.NONE && ours.lastOffset() == 0) {
            // An offset of 0 in front is not believed by Apache's class: old producers sent it. No broker answers with it.
            return;
        }
        assertThat(records).isEqualTo(theirRecords);
        assertThat(ours.sizeInBytes()).isEqualTo(theirs.sizeInBytes());
        assertThat(ours.magic()).isEqualTo(theirs.magic());
        assertThat(ours.baseOffset()).isEqualTo(theirs.baseOffset());
        assertThat(ours.nextOffset()).isEqualTo(theirs.nextOffset());
        assertThat(ours.compressionType().id()).isEqualTo(theirs.compressionType().id);
        assertThat(ours.timestampType().name()).isEqualTo(theirs.timestampType().name().replace("NO_TIMESTAMP_TYPE", "NO_TIMESTAMP"));
        assertThat(ours.maxTimestamp()).isEqualTo(theirs.maxTimestamp());
        assertThat(ours.leaderEpoch()).isEqualTo(theirs.partitionLeaderEpoch());
        assertThat(ours.producerId()).isEqualTo(theirs.producerId());
        assertThat(ours.producerEpoch()).isEqualTo(theirs.producerEpoch());
        assertThat(ours.baseSequence()).isEqualTo(theirs.baseSequence());
        assertThat(ours.isTransactional()).isEqualTo(theirs.isTransactional());
        assertThat(ours.isControlBatch()).isEqualTo(theirs.isControlBatch());
        assertThat(ours.deleteHorizon()).isEqualTo(theirs.deleteHorizonMs());
    }

    private static @Nullable Iterator<MutableRecordBatch> theirs(byte[] bytes) {
        try {
            return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches().iterator();
        } catch (RuntimeException refused) {
            return null;
        }
    }

    private static @Nullable MutableRecordBatch next(Iterator<MutableRecordBatch> theirs) {
        try {
            return theirs.hasNext() ? theirs.next() : null;
        } catch (RuntimeException refused) {
            return null;
        }
    }

    private static @Nullable List<RecordValue> records(MutableRecordBatch theirs) {
        List<RecordValue> records = new ArrayList<>();
        try {
            theirs.ensureValid();
            theirs.forEach(record -> records.add(RecordValue.of(record)));
            return records;
        } catch (RuntimeException refused) {
            return null;
        }
    }
}
