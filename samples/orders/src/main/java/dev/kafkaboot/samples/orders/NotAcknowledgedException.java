package dev.kafkaboot.samples.orders;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import java.util.stream.Stream;

/** The broker did not acknowledge what was sent to it. */
final class NotAcknowledgedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotAcknowledgedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Why, in the client's words: which server, which topic, how long. */
    String reason() {
        return causes().filter(KafkaException.class::isInstance).findFirst().map(Throwable::getMessage).orElse("the reason is in the log");
    }

    /** Whether it may have been stored all the same, so that sending it again may store it twice. */
    boolean possiblyStored() {
        return causes().anyMatch(cause -> cause instanceof SendException send && send.persistence() != Persistence.NOT_PERSISTED);
    }

    private Stream<Throwable> causes() {
        return Stream.iterate(getCause(), cause -> cause != null, Throwable::getCause);
    }
}
