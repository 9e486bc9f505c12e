package dev.kafkaboot.spring.listener;

import static java.util.Objects.requireNonNull;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a record to the listener, and sees to what comes of it. Runs on workers.
 *
 * <p>Whatever is thrown, an {@link Error} as well, is a failure of the record at hand and goes to the {@link RecordErrorHandler}: it never ends the listener
 * without a word.
 */
final class RecordRunner implements WorkerPool.Step<PartitionWork> {

    /** What a runner needs of its container. */
    interface Container {

        /** Puts a partition in line after a while. */
        void readyAfter(PartitionWork work, Duration delay);

        /** There may be something to commit. */
        void commitDue(PartitionWork work);

        /** Those who want to hear of it. */
        Observers observers();
    }

    private static final Logger logger = LoggerFactory.getLogger(RecordRunner.class);
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
    private final Supplier<KafkaConsumer<?, ?>> consumer;
    private final Container container;

    @SuppressWarnings("unchecked")
    RecordRunner(
            String listenerId,
            @Nullable String groupId,
            MessageListener<?, ?> listener,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer,
            ContainerProperties properties,
            RecordErrorHandler errorHandler,
            Supplier<KafkaConsumer<?, ?>> consumer,
            Container container) {
        this.listenerId = listenerId;
        this.groupId = groupId;
        this.listener = (MessageListener<Object, Object>) listener;
        this.listenerTakesBytes = listener instanceof BytesMessageListener;
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.acknowledges = properties.getAckMode() == AckMode.MANUAL;
        this.tellsAttempts = properties.isDeliveryAttemptHeader();
        this.errorHandler = errorHandler;
        this.consumer = consumer;
        this.container = container;
        if (acknowledges && !takesAcknowledgment(listener)) {
            logger.warn("Listener '{}' has the ack mode MANUAL, but its {} takes no acknowledgment, so that nobody says when a record is done: a partition with too many"
                    + " such records gets no more. Give it an AcknowledgingMessageListener, or another ack mode", listenerId, listener.getClass().getName());
        }
    }

    /** Whether it is called with all that there is, and not by the default, which passes the record on alone. */
    private static boolean takesAcknowledgment(MessageListener<?, ?> listener) {
        try {
            return listener.getClass().getMethod("onMessage", ConsumerRecord.class, Acknowledgment.class, KafkaConsumer.class).getDeclaringClass()
                    != MessageListener.class;
        } catch (NoSuchMethodException notKnown) {
            return true;
        }
    }

    @Override
    public boolean run(PartitionWork work) {
        Delivery delivery = work.begin();
        if (delivery == null) {
            return false;
        }
        long begun = System.nanoTime();
        Throwable failure = call(delivery);
        long nanos = System.nanoTime() - begun;
        if (failure == null) {
            return returned(work, delivery, nanos);
        }
        if (work.isNacked(delivery)) {
            logger.warn("Listener '{}' failed on {} after it had refused it, so it is tried again when that said", listenerId, delivery, failure);
            return returned(work, delivery, nanos);
        }
        container.observers().failed(work.partition(), failure, delivery.attempts(), nanos);
        if (work.isDone(delivery)) {
            logger.error("Listener '{}' failed on {} after it had acknowledged it, so it is not tried again", listenerId, delivery, failure);
            return returned(work, delivery, nanos);
        }
        return failed(work, delivery, failure);
    }

    private @Nullable Throwable call(Delivery delivery) {
        Acknowledgment acknowledgment = acknowledges ? delivery : null;
        if (delivery.unreadable() != null) {
            return delivery.unreadable();
        }
        try {
            ConsumerRecord<byte[], byte[]> bytes = tellsAttempts ? withAttempt(delivery.record(), delivery.attempts()) : delivery.record();
            ConsumerRecord<?, ?> record = listenerTakesBytes ? bytes : read(bytes, keySerializer, valueSerializer);
            @SuppressWarnings("unchecked")
            ConsumerRecord<Object, Object> readable = (ConsumerRecord<Object, Object>) record;
            listener.onMessage(readable, acknowledgment, consumer.get());
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    /** The record as it came stays as it is. */
    static ConsumerRecord<byte[], byte[]> withAttempt(ConsumerRecord<byte[], byte[]> record, int attempts) {
        byte[] attempt = ByteBuffer.allocate(Integer.BYTES).putInt(attempts).array();
        Headers headers = record.headers().copy().remove(KafkaHeaders.DELIVERY_ATTEMPT).add(KafkaHeaders.DELIVERY_ATTEMPT, attempt);
        return Records.with(record, headers);
    }

    /** The record as the serializers read it. */
    static ConsumerRecord<?, ?> read(ConsumerRecord<byte[], byte[]> record, Serializer<?> keySerializer, Serializer<?> valueSerializer) {
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

    private boolean returned(PartitionWork work, Delivery delivery, long nanos) {
        Duration again = work.returned(delivery);
        if (again != null) {
            container.readyAfter(work, again);
            return false;
        }
        container.commitDue(work);
        container.observers().processed(work.partition(), nanos);
        return work.hasMore();
    }

    private boolean failed(PartitionWork work, Delivery delivery, Throwable failure) {
        TopicPartition partition = work.partition();
        ErrorDecision decision = decide(delivery, failure);
        if (decision instanceof ErrorDecision.Retry retry) {
            container.observers().retried(partition, delivery.attempts());
            work.failed(delivery);
            container.readyAfter(work, retry.delay());
            return false;
        }
        work.skipped(delivery);
        container.commitDue(work);
        container.observers().skipped(partition, delivery.offset, failure);
        return work.hasMore();
    }

    private ErrorDecision decide(Delivery delivery, Throwable failure) {
        FailedRecord failed = new FailedRecord(delivery.record(), failure, delivery.attempts(), listenerId, groupId);
        try {
            return requireNonNull(errorHandler.handle(failed), "The error handler returned null");
        } catch (Throwable handlerFailure) {
            handlerFailure.addSuppressed(failure);
            logger.error("The error handler of listener '{}' failed on {}, which is tried again", listenerId, failed.position(), handlerFailure);
            return ErrorDecision.retryAfter(WAIT_AFTER_HANDLER_FAILURE);
        }
    }
}
