package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A record was not sent, or it is not known whether it was. The cause tells why, and the record which. */
public class KafkaProducerException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final transient ProducerRecord<?, ?> producerRecord;

    /** A record could not be sent. */
    public KafkaProducerException(ProducerRecord<?, ?> producerRecord, Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.producerRecord = producerRecord;
    }

    /** The record. */
    public ProducerRecord<?, ?> getProducerRecord() {
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
