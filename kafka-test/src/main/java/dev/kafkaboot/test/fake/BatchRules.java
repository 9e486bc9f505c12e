package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.record.CorruptRecordException;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordCursor;
import dev.kafkaboot.record.TimestampType;
import dev.kafkaboot.test.fake.RefusedException.RecordError;
import java.util.ArrayList;
import java.util.List;

/** What a batch of a client must be so that a topic takes it. */
final class BatchRules {

    /** How many of a batch's bad records are named in the text. */
    private static final int NAMED_ERRORS = 3;

    private final TopicSettings topic;

    BatchRules(TopicSettings topic) {
        this.topic = topic;
    }

    /**
     * Checks a batch.
     *
     * @throws RefusedException if it breaks a rule
     */
    void check(LogBatch batch, long nowMillis) {
        RecordBatch header = batch.header();
        if (header.baseOffset() != 0) {
            throw invalid("The base offset should be 0, and is " + header.baseOffset());
        }
        if (batch.sizeInBytes() > topic.maxMessageBytes()) {
            throw new RefusedException(ErrorCode.MESSAGE_TOO_LARGE,
                    "The batch has " + batch.sizeInBytes() + " bytes, more than the topic's max.message.bytes, " + topic.maxMessageBytes());
        }
        if (batch.sizeInBytes() > topic.segmentBytes()) {
            throw new RefusedException(ErrorCode.RECORD_LIST_TOO_LARGE,
                    "The batch has " + batch.sizeInBytes() + " bytes, more than the topic's segment.bytes, " + topic.segmentBytes());
        }
        try {
            header.ensureValid();
            checkHeader(header);
            checkRecords(header, nowMillis);
        } catch (CorruptRecordException corrupt) {
            throw new RefusedException(ErrorCode.CORRUPT_MESSAGE, String.valueOf(corrupt.getMessage()));
        }
    }

    private static void checkHeader(RecordBatch header) {
        long offsets = header.lastOffset() - header.baseOffset() + 1;
        if (header.recordCount() <= 0 || offsets != header.recordCount()) {
            throw invalid("The batch claims " + header.recordCount() + " records with " + offsets + " offsets");
        }
        if (header.isControlBatch()) {
            throw invalid("Clients are not allowed to write control records");
        }
        if (header.producerId() >= 0 && header.baseSequence() < 0) {
            throw invalid("Producer " + header.producerId() + " sent the sequence " + header.baseSequence());
        }
        if (header.timestampType() == TimestampType.LOG_APPEND_TIME) {
            throw new RefusedException(ErrorCode.INVALID_TIMESTAMP, "A producer does not know the time of the append");
        }
    }

    private void checkRecords(RecordBatch header, long nowMillis) {
        boolean needsKeys = topic.isCompacted();
        boolean checksTimes = !topic.hasAppendTime() && mayHaveWrongTime(header, nowMillis);
        if (!needsKeys && !checksTimes) {
            return; // so that a compressed batch need not be opened
        }
        List<RecordError> errors = new ArrayList<>();
        boolean wrongTime = false;
        try (RecordCursor records = header.cursor(DecompressionLimits.DEFAULT)) {
            for (int index = 0; records.next(); index++) {
                if (needsKeys && records.keySize() < 0) {
                    errors.add(new RecordError(index, "Compacted topic cannot accept message without key"));
                } else if (checksTimes && isWrongTime(records.timestamp(), nowMillis)) {
                    wrongTime = true;
                    errors.add(new RecordError(index, "Timestamp " + records.timestamp() + " is out of range"));
                }
            }
        }
        if (!errors.isEmpty()) {
            throw wrongTime
                    ? new RefusedException(
                            ErrorCode.INVALID_TIMESTAMP, "One or more records have been rejected due to invalid timestamp", errors)
                    : new RefusedException(ErrorCode.INVALID_RECORD, describe(errors), errors);
        }
    }

    /** Whether the header allows that a record's time lies outside of the bounds; the smallest is not in it. */
    private boolean mayHaveWrongTime(RecordBatch header, long nowMillis) {
        return topic.timestampBeforeMaxMillis() != Long.MAX_VALUE || isWrongTime(header.maxTimestamp(), nowMillis);
    }

    private boolean isWrongTime(long timestamp, long nowMillis) {
        return timestamp != -1
                && (nowMillis - timestamp > topic.timestampBeforeMaxMillis() || timestamp - nowMillis > topic.timestampAfterMaxMillis());
    }

    private static String describe(List<RecordError> errors) {
        return "One or more records have been rejected due to " + errors.size() + " record errors in total, among them "
                + errors.subList(0, Math.min(NAMED_ERRORS, errors.size()));
    }

    private static RefusedException invalid(String message) {
        return new RefusedException(ErrorCode.INVALID_RECORD, message);
    }
}
