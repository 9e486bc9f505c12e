package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A record was not sent, or it is not known whether it was. The cause tells why, and the record which. */
public class KafkaProducerException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable ProducerRecord<?, ?> producerRecord;

    /**
     * A record could not be sent.
     *
     * @param producerRecord null if what was to be sent never became a record
     */
    public KafkaProducerException(@Nullable ProducerRecord<?, ?> producerRecord, Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.producerRecord = producerRecord;
    }

    /** The record; null if what was to be sent never became one, because it had no topic or could not be converted. */
    public @Nullable ProducerRecord<?, ?> getProducerRecord() {
        return producerRecord;
    }

    @Override
    public @Nullable ErrorCode errorCode() {
        return getCause() instanceof KafkaException known ? known.errorCode() : null;
    }

    @Override
    public boolean isRetriable() {
        return getCause() instanceof KafkaException known && known.isRetriable();
    }

    @Override
    public boolean isFatal() {
        return getCause() instanceof KafkaException known && known.isFatal();
    }
}
