package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.spring.support.converter.MessagingMessageConverter;
import dev.kafkaboot.spring.support.converter.RecordMessageConverter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Sends records with one shared producer. Thread-safe once it is set up.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class KafkaTemplate<K, V> implements KafkaOperations<K, V> {

    private final ProducerFactory<K, V> producerFactory;
    private @Nullable String defaultTopic;
    private RecordMessageConverter messageConverter = new MessagingMessageConverter();

    /** A template on the factory's producer. */
    public KafkaTemplate(ProducerFactory<K, V> producerFactory) {
        this.producerFactory = producerFactory;
    }

    /** Where the producer comes from. */
    public ProducerFactory<K, V> getProducerFactory() {
        return producerFactory;
    }

    public @Nullable String getDefaultTopic() {
        return defaultTopic;
    }

    /** Where records go that name no topic. */
    public void setDefaultTopic(@Nullable String defaultTopic) {
        this.defaultTopic = defaultTopic;
    }

    /** How messages become records. */
    public void setMessageConverter(RecordMessageConverter messageConverter) {
        this.messageConverter = messageConverter;
    }

    @Override
    public CompletableFuture<SendResult<K, V>> sendDefault(@Nullable V data) {
        return sendDefault(null, null, null, data);
    }

    @Override
    public CompletableFuture<SendResult<K, V>> sendDefault(@Nullable K key, @Nullable V data) {
        return sendDefault(null, null, key, data);
    }

    @Override
    public CompletableFuture<SendResult<K, V>> sendDefault(@Nullable Integer partition, @Nullable K key, @Nullable V data) {
        return sendDefault(partition, null, key, data);
    }

    @Override
    public CompletableFuture<SendResult<K, V>> sendDefault(
            @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V data) {
        String topic = defaultTopic;
        return topic == null ? refused("The template has no default topic") : send(topic, partition, timestamp, key, data);
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(String topic, @Nullable V data) {
        return send(topic, null, null, null, data);
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(String topic, @Nullable K key, @Nullable V data) {
        return send(topic, null, null, key, data);
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(String topic, @Nullable Integer partition, @Nullable K key, @Nullable V data) {
        return send(topic, partition, null, key, data);
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(
            String topic, @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V data) {
        ProducerRecord<K, V> record;
        try {
            record = new ProducerRecord<>(topic, partition, timestamp, key, data, new Headers());
        } catch (RuntimeException notARecord) {
            return CompletableFuture.failedFuture(new KafkaProducerException(null, notARecord));
        }
        return send(record);
    }

    @Override
    @SuppressWarnings("unchecked")
    public CompletableFuture<SendResult<K, V>> send(Message<?> message) {
        ProducerRecord<K, V> record;
        try {
            record = (ProducerRecord<K, V>) messageConverter.fromMessage(message, defaultTopic);
        } catch (RuntimeException notARecord) {
            return CompletableFuture.failedFuture(new KafkaProducerException(null, notARecord));
        }
        return send(record);
    }

    private static <T> CompletableFuture<T> refused(String reason) {
        return CompletableFuture.failedFuture(new KafkaProducerException(null, new IllegalStateException(reason)));
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(ProducerRecord<K, V> record) {
        CompletableFuture<SendResult<K, V>> result = new CompletableFuture<>();
        try {
            producerFactory.getProducer().send(record).whenComplete((metadata, failure) -> {
                if (failure == null) {
                    result.complete(new SendResult<>(record, metadata));
                } else {
                    result.completeExceptionally(new KafkaProducerException(record, causeOf(failure)));
                }
            });
        } catch (RuntimeException refused) {
            result.completeExceptionally(new KafkaProducerException(record, refused));
        }
        return result;
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return producerFactory.getProducer().partitionsFor(topic);
    }

    @Override
    public <T> T execute(ProducerCallback<K, V, T> callback) {
        return callback.doInKafka(producerFactory.getProducer());
    }

    @Override
    public void flush() {
        producerFactory.getProducer().flush();
    }
}
