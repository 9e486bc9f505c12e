package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
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

    private final RecordHandling handling;
    private final KafkaShareConsumer<?, ?> consumer;
    private final ShareWork work;
    private final Observers observers;
    private final Line line;

    ShareRecordRunner(RecordHandling handling, KafkaShareConsumer<?, ?> consumer, ShareWork work, Observers observers, Line line) {
        this.handling = handling;
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
        ConsumerRecord<Object, Object> record = handling.readable(delivery.record(), delivery.attempts);
        if (handling.listener() instanceof AcknowledgingShareConsumerAwareMessageListener<Object, Object> acknowledging) {
            acknowledging.onShareRecord(record, handling.acknowledges() ? delivery : null, consumer);
        } else {
            handling.listener().onMessage(record);
        }
    }

    private void failed(ShareDelivery delivery, Throwable failure, long nanos) {
        observers.failed(delivery.partition(), failure, delivery.attempts, nanos);
        if (delivery.isAcknowledged()) {
            logger.error("Listener '{}' failed on {} after it had acknowledged it, so it is not tried again", handling.listenerId(), delivery, failure);
            work.returned(delivery);
            return;
        }
        if (work.failedInVain(delivery)) {
            logger.warn("Listener '{}' failed on {}, whose lock it had lost, so somebody gets it again", handling.listenerId(), delivery, failure);
            return;
        }
        ErrorDecision decision = handling.decide(delivery.record(), delivery.attempts, failure);
        if (!(decision instanceof ErrorDecision.Retry retry)) {
            work.skipped(delivery);
            observers.skipped(delivery.partition(), delivery.record().offset(), failure);
        } else if (work.retries(delivery)) {
            observers.retried(delivery.partition(), delivery.attempts);
            line.readyAfter(delivery, retry.delay());
        }
    }
}
