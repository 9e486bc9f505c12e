package dev.kafkaboot.spring.listener;

import static java.util.Objects.requireNonNull;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a record of a share group to the listener, and sees to what comes of it. Runs on workers.
 *
 * <p>Whatever is thrown is a failure of the record at hand and goes to the {@link RecordErrorHandler}. A record that is to be tried again stays here meanwhile, and
 * its lock is renewed: to release it would count as one of the few deliveries after which brokers give a record up, without asking anybody.
 */
final class ShareRecordRunner implements WorkerPool.Step<ShareDelivery> {

    /** Puts a record in line after a while. */
    @FunctionalInterface
    interface Line {

        void readyAfter(ShareDelivery delivery, Duration delay);
    }

    private static final Logger logger = LoggerFactory.getLogger(ShareRecordRunner.class);
    private static final Duration WAIT_AFTER_HANDLER_FAILURE = Duration.ofSeconds(1);

    private final String listenerId;
    private final String groupId;
    private final MessageListener<Object, Object> listener;
    private final boolean listenerTakesBytes;
    private final Serializer<?> keySerializer;
    private final Serializer<?> valueSerializer;
    private final boolean acknowledges;
    private final boolean tellsAttempts;
    private final RecordErrorHandler errorHandler;
    private final KafkaShareConsumer<?, ?> consumer;
    private final ShareWork work;
    private final Observers observers;
    private final Line line;

    @SuppressWarnings("unchecked")
    ShareRecordRunner(
            String listenerId,
            String groupId,
            MessageListener<?, ?> listener,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer,
            ContainerProperties properties,
            RecordErrorHandler errorHandler,
            KafkaShareConsumer<?, ?> consumer,
            ShareWork work,
            Observers observers,
            Line line) {
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
        this.work = work;
        this.observers = observers;
        this.line = line;
    }

    @Override
    public boolean run(ShareDelivery delivery) {
        if (!work.begin(delivery)) {
            return false;
        }
        long begun = System.nanoTime();
        try {
            call(delivery);
        } catch (Throwable failure) {
            failed(delivery, failure, System.nanoTime() - begun);
            return false;
        }
        work.returned(delivery);
        observers.processed(delivery.partition(), System.nanoTime() - begun);
        return false;
    }

    private void call(ShareDelivery delivery) throws Exception {
        ConsumerRecord<byte[], byte[]> bytes =
                tellsAttempts ? RecordRunner.withAttempt(delivery.record(), delivery.attempts) : delivery.record();
        ConsumerRecord<?, ?> record =
                listenerTakesBytes ? bytes : RecordRunner.read(bytes, keySerializer, valueSerializer);
        @SuppressWarnings("unchecked")
        ConsumerRecord<Object, Object> readable = (ConsumerRecord<Object, Object>) record;
        if (listener instanceof AcknowledgingShareConsumerAwareMessageListener<Object, Object> acknowledging) {
            acknowledging.onShareRecord(readable, acknowledges ? delivery : null, consumer);
        } else {
            listener.onMessage(readable);
        }
    }

    private void failed(ShareDelivery delivery, Throwable failure, long nanos) {
        observers.failed(delivery.partition(), failure, delivery.attempts, nanos);
        if (delivery.isAcknowledged()) {
            logger.error("Listener '{}' failed on {} after it had acknowledged it, so it is not tried again", listenerId, delivery, failure);
            work.returned(delivery);
            return;
        }
        if (work.failedInVain(delivery)) {
            logger.warn("Listener '{}' failed on {}, whose lock it had lost, so somebody gets it again", listenerId, delivery, failure);
            return;
        }
        ErrorDecision decision = decide(delivery, failure);
        if (!(decision instanceof ErrorDecision.Retry retry)) {
            work.skipped(delivery);
            observers.skipped(delivery.partition(), delivery.record().offset(), failure);
        } else if (work.retries(delivery)) {
            observers.retried(delivery.partition(), delivery.attempts);
            line.readyAfter(delivery, retry.delay());
        }
    }

    private ErrorDecision decide(ShareDelivery delivery, Throwable failure) {
        FailedRecord failed = new FailedRecord(delivery.record(), failure, delivery.attempts, listenerId, groupId);
        try {
            return requireNonNull(errorHandler.handle(failed), "The error handler returned null");
        } catch (Throwable handlerFailure) {
            handlerFailure.addSuppressed(failure);
            logger.error("The error handler of listener '{}' failed on {}, which is tried again", listenerId, failed.position(), handlerFailure);
            return ErrorDecision.retryAfter(WAIT_AFTER_HANDLER_FAILURE);
        }
    }
}
