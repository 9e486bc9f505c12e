package dev.kafkaboot.protocol;

/** Bytes are not the message that they should be. */
public class MalformedMessageException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
