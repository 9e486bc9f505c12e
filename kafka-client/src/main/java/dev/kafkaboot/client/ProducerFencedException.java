package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Another producer with the same {@code transactional.id} has begun, or the coordinator has ended a transaction that took longer than
 * {@code transaction.timeout.ms}. This producer can do nothing any more and must be closed; the open transaction was, or will be, aborted.
 *
 * @see <a href="https://cwiki.apache.org/confluence/x/ASD1Bg">KIP-98</a>
 */
public class ProducerFencedException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public ProducerFencedException(String message, @Nullable Throwable cause) {
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
