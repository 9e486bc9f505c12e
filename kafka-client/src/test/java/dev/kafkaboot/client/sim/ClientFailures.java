package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.test.history.Failure;
import org.jspecify.annotations.Nullable;

/** What this client's exceptions say, in the words of a history. */
public final class ClientFailures {

    private ClientFailures() {}

    /**
     * Reads an exception.
     *
     * @throws IllegalArgumentException if it is none that the client may throw
     */
    public static Failure read(Throwable thrown) {
        Throwable cause = Failures.cause(thrown);
        if (!(cause instanceof KafkaException failure)) {
            throw new IllegalArgumentException("The client failed with something else than a KafkaException", cause);
        }
        Object code = failure.errorCode();
        return new Failure(cause.getClass().getSimpleName(), code == null ? null : code.toString(), persistence(failure), failure.getMessage());
    }

    private static Failure.@Nullable Persistence persistence(KafkaException failure) {
        return failure instanceof SendException send ? Failure.Persistence.valueOf(send.persistence().name()) : null;
    }
}
