package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.SendInvocation;
import dev.kafkaboot.test.history.TransactionInvocation;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An application that writes in transactions, of which it aborts some of its own accord, until it is told to stop. It does what the exceptions say: aborts what must be
 * aborted, asks again where the outcome is not known, and makes another producer where one is of no more use. It records all of it.
 */
final class TransactionalApplication implements SimulatedProcess.Main {

    private final History history;
    private final String topic;
    private final int partitions;
    private final Map<String, ?> config;
    private boolean stopped;
    private boolean ended;
    private int committed;

    TransactionalApplication(History history, String topic, int partitions, Map<String, ?> config) {
        this.history = history;
        this.topic = topic;
        this.partitions = partitions;
        this.config = config;
    }

    /** Lets it begin no more. */
    void stop() {
        stopped = true;
    }

    /** Whether it was stopped and has done so. */
    boolean hasEnded() {
        return ended;
    }

    /** How many transactions it knows to be committed. */
    int committed() {
        return committed;
    }

    @Override
    public void run(SimulatedProcess process) {
        SplittableRandom random = process.simulation().newRandom();
        ClientProcess client = history.process(process.name());
        process.onCrash(client::crash);
        ended = false;
        while (!stopped) {
            KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                    .connections(process.connections())
                    .transactionalId(process.name())
                    .config(config)
                    .build();
            boolean isOfUse = true;
            while (isOfUse && !stopped) {
                isOfUse = begins(producer) && transaction(producer, client, random, process.simulation());
                process.simulation().sleep(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextLong(2_000) : random.nextLong(50)));
            }
            producer.close(Duration.ofSeconds(10));
        }
        ended = true;
    }

    private boolean begins(KafkaProducer<byte[], byte[]> producer) {
        while (!stopped) {
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
    private boolean transaction(KafkaProducer<byte[], byte[]> producer, ClientProcess client, SplittableRandom random, Simulation simulation) {
        TransactionInvocation transaction = client.transaction();
        int count = random.nextInt(10) == 0 ? random.nextInt(50) : random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int partition = random.nextInt(partitions);
            SendInvocation send = transaction.send(topic, partition);
            producer.send(new ProducerRecord<>(topic, partition, null, null, send.payload(), new Headers()))
                    .whenComplete((ack, failure) -> ended(send, ack, failure));
            if (random.nextInt(5) == 0) {
                simulation.sleep(Duration.ofMillis(random.nextLong(200)));
            }
        }
        if (random.nextInt(4) == 0) {
            transaction.aborting();
            return aborts(producer, transaction, /* wasToBeCommitted= */ false);
        }
        transaction.committing();
        return commits(producer, transaction);
    }

    private boolean commits(KafkaProducer<byte[], byte[]> producer, TransactionInvocation transaction) {
        while (true) {
            try {
                producer.commitTransaction();
                transaction.committed();
                committed++;
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
