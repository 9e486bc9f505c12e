package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The brokers do not let a producer take part in two-phase commits (KIP-939), or not in what was asked for. Nothing was aborted on account of it, and this
 * producer is of no more use. The message says what is missing: a newer broker, a setting of the brokers, or a right.
 */
public class TwoPhaseCommitException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public TwoPhaseCommitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public @Nullable ErrorCode errorCode() {
        return getCause() instanceof KafkaException cause ? cause.errorCode() : null;
    }

    @Override
    public boolean isFatal() {
        return true;
    }
}
