package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.List;

/** A broker does not do what it was asked to, and answers with an error. Without a stack: it is an answer and not a defect. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ErrorCode error;
    private final transient List<RecordError> recordErrors;

    /**
     * What is wrong with one record of a batch (KIP-467).
     *
     * @param index where the record is in its batch
     * @param message what is wrong with it
     */
    record RecordError(int index, String message) {}

    RefusedException(ErrorCode error, String message) {
        this(error, message, List.of());
    }

    RefusedException(ErrorCode error, String message, List<RecordError> recordErrors) {
        super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.error = error;
        this.recordErrors = List.copyOf(recordErrors);
    }

    ErrorCode error() {
        return error;
    }

    /** The text that goes with the error. */
    String reason() {
        String message = getMessage();
        return message == null ? error.name() : message;
    }

    /** Which records are to blame, if it is not the batch as a whole. */
    List<RecordError> recordErrors() {
        return recordErrors;
    }
}
