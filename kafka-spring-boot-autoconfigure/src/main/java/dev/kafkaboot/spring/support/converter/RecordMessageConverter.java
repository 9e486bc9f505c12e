package dev.kafkaboot.spring.support.converter;

import dev.kafkaboot.client.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Turns messages into records to send. Thread-safe.
 *
 * @see MessagingMessageConverter
 */
@FunctionalInterface
public interface RecordMessageConverter {

    /**
     * Makes a record of a message.
     *
     * @param defaultTopic the topic if the message names none, or null
     * @return the record; its key and value are objects for the producer's serializers
     * @throws IllegalArgumentException if there is no topic, or a header of ours is not of its type
     */
    ProducerRecord<?, ?> fromMessage(Message<?> message, @Nullable String defaultTopic);
}
