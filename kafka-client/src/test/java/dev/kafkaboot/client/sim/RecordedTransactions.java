package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.SendInvocation;
import dev.kafkaboot.test.history.TransactionInvocation;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Transactions as an application makes them that does what the exceptions say: it aborts what must be aborted, asks again where the outcome is not known, and
 * gives a producer up that is of no more use. Some it aborts of its own accord. All of it is recorded. For one thread, but for {@link #committed}.
 */
public final class RecordedTransactions {

    private final ClientProcess client;
    private final String topic;
    private final int partitions;
    private final SplittableRandom random;
    private final Consumer<Duration> pause;
    private final BooleanSupplier stopped;
    private final AtomicInteger committed;

    /**
     * None yet.
     *
     * @param client as whom they are recorded
     * @param pause lets a time pass
     * @param stopped whether no more are to begin
     * @param committed counts those that have records and are known to be committed
     */
    public RecordedTransactions(
            ClientProcess client, String topic, int partitions, SplittableRandom random, Consumer<Duration> pause, BooleanSupplier stopped,
            AtomicInteger committed) {
        this.client = client;
        this.topic = topic;
        this.partitions = partitions;
        this.random = random;
        this.pause = pause;
        this.stopped = stopped;
        this.committed = committed;
    }

    /** Makes one after the other, until none is to begin or the producer is of no more use. */
    public void run(KafkaProducer<byte[], byte[]> producer) {
        boolean isOfUse = true;
        while (isOfUse && !stopped.getAsBoolean()) {
            isOfUse = begins(producer) && transaction(producer);
            pause.accept(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextLong(2_000) : random.nextLong(50)));
        }
    }

    private boolean begins(KafkaProducer<byte[], byte[]> producer) {
        while (!stopped.getAsBoolean()) {
            try {
                producer.initTransactions();
                producer.beginTransaction();
                return true;
            } catch (TimeoutException late) {
                // It goes on, and is waited for again.
            } catch (KafkaException failure) {
                if (!failure.isFatal()) {
                    throw failure;
                }
                return false;
            }
        }
        return false;
    }

    /** One transaction; whether the producer can make another. */
    private boolean transaction(KafkaProducer<byte[], byte[]> producer) {
        TransactionInvocation transaction = client.transaction();
        int count = random.nextInt(10) == 0 ? random.nextInt(50) : random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int partition = random.nextInt(partitions);
            SendInvocation send = transaction.send(topic, partition);
            producer.send(new ProducerRecord<>(topic, partition, null, null, send.payload(), new Headers()))
                    .whenComplete((ack, failure) -> ended(send, ack, failure));
            if (random.nextInt(5) == 0) {
                pause.accept(Duration.ofMillis(random.nextLong(200)));
            }
        }
        if (random.nextInt(4) == 0) {
            transaction.aborting();
            return aborts(producer, transaction, /* wasToBeCommitted= */ false);
        }
        transaction.committing();
        return commits(producer, transaction, count);
    }

    private boolean commits(KafkaProducer<byte[], byte[]> producer, TransactionInvocation transaction, int records) {
        while (true) {
            try {
                producer.commitTransaction();
                transaction.committed();
                committed.addAndGet(records > 0 ? 1 : 0); // nobody is asked to commit an empty one
                return true;
            } catch (UnknownCommitOutcomeException unknown) {
                // The next call waits on.
            } catch (KafkaException failure) {
                if (failure.requiresAbort()) {
                    return aborts(producer, transaction, /* wasToBeCommitted= */ true);
                }
                transaction.failed(failure, ClientFailures::read);
                return false;
            }
        }
    }

    private static boolean aborts(KafkaProducer<byte[], byte[]> producer, TransactionInvocation transaction, boolean wasToBeCommitted) {
        while (true) {
            try {
                producer.abortTransaction();
                transaction.aborted();
                return true;
            } catch (TimeoutException late) {
                // The next call waits on.
            } catch (KafkaException failure) {
                if (!failure.isFatal()) {
                    throw failure;
                }
                if (wasToBeCommitted) {
                    transaction.unknown(String.valueOf(failure.getMessage()));
                } else {
                    transaction.aborted();
                }
                return false;
            }
        }
    }

    private static void ended(SendInvocation send, @Nullable RecordMetadata ack, @Nullable Throwable failure) {
        if (ack != null) {
            send.ok(ack.partition(), ack.offset());
        } else {
            send.failed(failure == null ? new KafkaException("no outcome") : failure, ClientFailures::read);
        }
    }
}
