package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.spring.support.Acknowledgment;
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

    private final RecordHandling handling;
    private final Supplier<KafkaConsumer<?, ?>> consumer;
    private final Container container;

    RecordRunner(RecordHandling handling, Supplier<KafkaConsumer<?, ?>> consumer, Container container) {
        this.handling = handling;
        this.consumer = consumer;
        this.container = container;
        if (handling.acknowledges() && !takesAcknowledgment(handling.listener())) {
            logger.warn("Listener '{}' has the ack mode MANUAL, but its {} takes no acknowledgment, so that nobody says when a record is done: a partition with too many"
                    + " such records gets no more. Give it an AcknowledgingMessageListener, or another ack mode", handling.listenerId(), handling.listener().getClass().getName());
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
            logger.warn("Listener '{}' failed on {} after it had refused it, so it is tried again when that said", handling.listenerId(), delivery, failure);
            return returned(work, delivery, nanos);
        }
        container.observers().failed(work.partition(), failure, delivery.attempts(), nanos);
        if (work.isDone(delivery)) {
            logger.error("Listener '{}' failed on {} after it had acknowledged it, so it is not tried again", handling.listenerId(), delivery, failure);
            return returned(work, delivery, nanos);
        }
        return failed(work, delivery, failure);
    }

    private @Nullable Throwable call(Delivery delivery) {
        Acknowledgment acknowledgment = handling.acknowledges() ? delivery : null;
        if (delivery.unreadable() != null) {
            return delivery.unreadable();
        }
        try {
            handling.listener().onMessage(handling.readable(delivery.record(), delivery.attempts()), acknowledgment, consumer.get());
            return null;
        } catch (Throwable failure) {
            return failure;
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
        ErrorDecision decision = handling.decide(delivery.record(), delivery.attempts(), failure);
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
}
