package dev.kafkaboot.spring.support.converter;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.KafkaNull;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * Takes topic, partition, key and time-stamp from the headers that {@link KafkaHeaders} names, the value from the payload, and the record's headers from the
 * rest. Thread-safe.
 */
public final class MessagingMessageConverter implements RecordMessageConverter {

    private final HeaderMapper headerMapper = new HeaderMapper();

    /** Makes one. */
    public MessagingMessageConverter() {}

    @Override
    public ProducerRecord<?, ?> fromMessage(Message<?> message, @Nullable String defaultTopic) {
        MessageHeaders headers = message.getHeaders();
        String named = header(headers, KafkaHeaders.TOPIC, String.class);
        String topic = named == null ? defaultTopic : named;
        if (topic == null) {
            throw new IllegalArgumentException("The message has no header '" + KafkaHeaders.TOPIC + "', and there is no default topic");
        }
        Integer partition = header(headers, KafkaHeaders.PARTITION, Integer.class);
        Long timestamp = header(headers, KafkaHeaders.TIMESTAMP, Long.class);
        Headers recordHeaders = new Headers();
        headerMapper.fromMessage(headers, recordHeaders);
        Object payload = message.getPayload();
        return new ProducerRecord<Object, Object>(
                topic, partition, timestamp, headers.get(KafkaHeaders.KEY), payload instanceof KafkaNull ? null : payload, recordHeaders);
    }

    private static <T> @Nullable T header(MessageHeaders headers, String name, Class<T> type) {
        Object value = headers.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "The header '" + name + "' must be of type " + type.getSimpleName() + ", not " + value.getClass().getName());
        }
        return type.cast(value);
    }
}
