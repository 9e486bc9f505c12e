package dev.kafkaboot.record;

import dev.kafkaboot.protocol.ProtocolException;

/** A record batch is not what it should be. The message names its offset and the reason. */
public class CorruptRecordException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    public CorruptRecordException(String message) {
        super(message);
    }

    public CorruptRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
