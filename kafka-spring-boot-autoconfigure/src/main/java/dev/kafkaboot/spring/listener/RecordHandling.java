package dev.kafkaboot.spring.listener;

import static java.util.Objects.requireNonNull;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.support.KafkaHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener, with what reads its records, and what decides on those on which it fails. Used by workers; safe from any thread if those are. */
final class RecordHandling {

    private static final Logger logger = LoggerFactory.getLogger(RecordHandling.class);
    private static final Duration WAIT_AFTER_HANDLER_FAILURE = Duration.ofSeconds(1);

    private final String listenerId;
    private final @Nullable String groupId;
    private final MessageListener<Object, Object> listener;
    private final boolean listenerTakesBytes;
    private final Serializer<?> keySerializer;
    private final Serializer<?> valueSerializer;
    private final boolean acknowledges;
    private final boolean tellsAttempts;
    private final RecordErrorHandler errorHandler;

    @SuppressWarnings("unchecked")
    RecordHandling(
            String listenerId,
            @Nullable String groupId,
            MessageListener<?, ?> listener,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer,
            ContainerProperties properties,
            RecordErrorHandler errorHandler) {
        this.listenerId = listenerId;
        this.groupId = groupId;
        this.listener = (MessageListener<Object, Object>) listener;
        this.listenerTakesBytes = listener instanceof BytesMessageListener;
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.acknowledges = properties.getAckMode() == AckMode.MANUAL;
        this.tellsAttempts = properties.isDeliveryAttemptHeader();
        this.errorHandler = errorHandler;
    }

    String listenerId() {
        return listenerId;
    }

    MessageListener<Object, Object> listener() {
        return listener;
    }

    /** Whether the listener says what is done. */
    boolean acknowledges() {
        return acknowledges;
    }

    /**
     * The record as the listener takes it. The one that is given stays as it is.
     *
     * @throws SerializationException if a serializer cannot read it
     */
    ConsumerRecord<Object, Object> readable(ConsumerRecord<byte[], byte[]> record, int attempts) {
        ConsumerRecord<byte[], byte[]> bytes = tellsAttempts ? withAttempt(record, attempts) : record;
        ConsumerRecord<?, ?> read = listenerTakesBytes ? bytes : read(bytes);
        @SuppressWarnings("unchecked")
        ConsumerRecord<Object, Object> readable = (ConsumerRecord<Object, Object>) read;
        return readable;
    }

    private static ConsumerRecord<byte[], byte[]> withAttempt(ConsumerRecord<byte[], byte[]> record, int attempts) {
        byte[] attempt = ByteBuffer.allocate(Integer.BYTES).putInt(attempts).array();
        Headers headers = record.headers().copy().remove(KafkaHeaders.DELIVERY_ATTEMPT).add(KafkaHeaders.DELIVERY_ATTEMPT, attempt);
        return Records.with(record, headers);
    }

    private ConsumerRecord<?, ?> read(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        Object key = read("key", keySerializer, record, headers, record.key());
        Object value = read("value", valueSerializer, record, headers, record.value());
        return Records.with(record, key, value);
    }

    private static @Nullable Object read(
            String what, Serializer<?> serializer, ConsumerRecord<byte[], byte[]> record, Headers headers, byte @Nullable [] bytes) {
        try {
            return serializer.deserialize(record.topic(), headers, bytes);
        } catch (SerializationException known) {
            throw known;
        } catch (RuntimeException e) {
            throw new SerializationException("Cannot read the " + what + " of a record of topic " + record.topic() + " with "
                    + serializer.getClass().getName() + ": " + e, e);
        }
    }

    /** What becomes of a record on which the listener failed. If nothing can decide, it is tried again. */
    ErrorDecision decide(ConsumerRecord<byte[], byte[]> record, int attempts, Throwable failure) {
        FailedRecord failed = new FailedRecord(record, failure, attempts, listenerId, groupId);
        try {
            return requireNonNull(errorHandler.handle(failed), "The error handler returned null");
        } catch (Throwable handlerFailure) {
            handlerFailure.addSuppressed(failure);
            logger.error("The error handler of listener '{}' failed on {}, which is tried again", listenerId, failed.position(), handlerFailure);
            return ErrorDecision.retryAfter(WAIT_AFTER_HANDLER_FAILURE);
        }
    }
}
