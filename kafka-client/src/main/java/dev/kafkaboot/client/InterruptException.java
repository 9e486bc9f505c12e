package dev.kafkaboot.client;

/** The thread that waited in a call was interrupted. Its interrupt flag is set again. */
public class InterruptException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public InterruptException(String message, InterruptedException cause) {
        super(message, cause);
        Thread.currentThread().interrupt();
    }
}
