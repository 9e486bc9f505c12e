package dev.kafkaboot.test.fake;

import dev.kafkaboot.record.ControlRecordType;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import java.nio.ByteBuffer;

/**
 * A batch as a log holds it: its bytes, and a view on them.
 *
 * @param bytes all of it, from position 0; never changed once it is in a log
 * @param header reads the bytes
 */
record LogBatch(ByteBuffer bytes, RecordBatch header) {

    /** The one batch that is in a buffer. */
    static LogBatch of(ByteBuffer bytes) {
        return new LogBatch(bytes, RecordBatches.read(bytes).next());
    }

    long baseOffset() {
        return header.baseOffset();
    }

    long lastOffset() {
        return header.lastOffset();
    }

    int sizeInBytes() {
        return bytes.limit();
    }

    boolean hasProducer() {
        return header.producerId() >= 0;
    }

    /** The sequence of the last record; sequences begin again at 0 behind the largest. */
    int lastSequence() {
        long unbounded = header.baseSequence() + header.lastOffset() - header.baseOffset();
        return (int) (unbounded > Integer.MAX_VALUE ? unbounded - Integer.MAX_VALUE - 1 : unbounded);
    }

    /** Of a batch that ends a transaction: whether its records are to be seen. */
    boolean isCommit() {
        try (RecordCursor mark = header.cursor(DecompressionLimits.DEFAULT)) {
            return mark.next() && ControlRecordType.of(mark) == ControlRecordType.COMMIT;
        }
    }
}
