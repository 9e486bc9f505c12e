package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.PreparedTxnState;
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
 * An application whose transactions are decided on by its own database (KIP-939): it prepares one, notes that, decides, notes that, and completes it. It may crash or
 * leave in between, at any point, and whoever comes next goes by what was noted. Several processes may run it; each that comes takes over from the others.
 */
final class DecidingApplication implements SimulatedProcess.Main {

    private final History history;
    private final String transactionalId;
    private final String topic;
    private final int partitions;
    private final Map<String, ?> config;
    private final DecisionRecord record = new DecisionRecord();
    private boolean stopped;

    DecidingApplication(History history, String transactionalId, String topic, int partitions, Map<String, ?> config) {
        this.history = history;
        this.transactionalId = transactionalId;
        this.topic = topic;
        this.partitions = partitions;
        this.config = config;
    }

    /** Lets it begin no more. */
    void stop() {
        stopped = true;
    }

    /** Whether it was stopped, and nothing is left to be decided on. */
    boolean hasEnded() {
        return stopped && !record.hasOpen();
    }

    DecisionRecord record() {
        return record;
    }

    @Override
    public void run(SimulatedProcess process) {
        SplittableRandom random = process.simulation().newRandom();
        while (!hasEnded()) {
            if (process.incarnation() > 1 || process.name().endsWith("1") || random.nextBoolean()) { // a standby lets the first one begin
                KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                        .connections(process.connections())
                        .transactionalId(transactionalId)
                        .twoPhaseCommit(true)
                        .config(config)
                        .build();
                new Life(process, producer, random).live();
                producer.close(Duration.ofSeconds(10));
            }
            process.simulation().sleep(Duration.ofMillis(random.nextLong(6_000)));
        }
    }

    /** What one producer is used for, until it is of no more use or the application leaves. */
    private final class Life {

        private final SimulatedProcess process;
        private final KafkaProducer<byte[], byte[]> producer;
        private final SplittableRandom random;
        private final ClientProcess client;
        private final int term = record.takeOver();

        Life(SimulatedProcess process, KafkaProducer<byte[], byte[]> producer, SplittableRandom random) {
            this.process = process;
            this.producer = producer;
            this.random = random;
            this.client = history.process(process.name());
        }

        void live() {
            PreparedTxnState kept = keep();
            if (kept == null || !record.isOf(term) || !settles(kept)) {
                return;
            }
            boolean goesOn = true;
            while (goesOn && !stopped) {
                goesOn = transaction();
                pause(random.nextInt(10) == 0 ? 2_000 : 50);
            }
        }

        private void pause(int millis) {
            process.simulation().sleep(Duration.ofMillis(random.nextLong(millis)));
        }

        /** The transaction that was left open, or none; null if the producer is of no use. */
        private @Nullable PreparedTxnState keep() {
            while (true) {
                try {
                    return producer.initTransactions(/* keepPrepared= */ true);
                } catch (TimeoutException late) {
                    // It goes on, and is waited for again.
                } catch (KafkaException failure) {
                    requireFatal(failure);
                    return null;
                }
            }
        }

        /** Ends what was left open, as it was decided on; whether the producer can go on. */
        private boolean settles(PreparedTxnState kept) {
            if (!record.hasOpen()) {
                if (kept.hasTransaction()) {
                    throw new AssertionError("Kept was " + kept + ", and all have ended");
                }
                return true;
            }
            if (record.isUndecided(kept)) {
                record.decide(term, random.nextBoolean());
            } else if (!record.isDecided()) {
                record.decide(term, /* commit= */ false);
            }
            return (!kept.hasTransaction() || completes()) && record.ended(term);
        }

        /** One transaction; whether the producer can make another. */
        private boolean transaction() {
            TransactionInvocation transaction = record.begin(term, client);
            if (transaction == null || !begins()) {
                return false;
            }
            int count = random.nextInt(10) == 0 ? random.nextInt(50) : random.nextInt(4);
            for (int i = 0; i < count; i++) {
                send(transaction);
                if (random.nextInt(5) == 0) {
                    pause(200);
                }
            }
            if (random.nextInt(6) == 0) {
                return record.decide(term, /* commit= */ false) && aborts() && record.ended(term);
            }
            if (leaves() || !prepares()) {
                return false;
            }
            if (record.isDecided()) { // for it could not be prepared
                return aborts() && record.ended(term);
            }
            if (leaves() || !record.decide(term, random.nextInt(4) > 0) || leaves()) {
                return false;
            }
            return completes() && !leaves() && record.ended(term);
        }

        private boolean begins() {
            try {
                producer.beginTransaction();
                return true;
            } catch (KafkaException failure) {
                requireFatal(failure);
                return false;
            }
        }

        private void send(TransactionInvocation transaction) {
            int partition = random.nextInt(partitions);
            SendInvocation send = record.sent(transaction.send(topic, partition));
            producer.send(new ProducerRecord<>(topic, partition, null, null, send.payload(), new Headers()))
                    .whenComplete((ack, failure) -> ended(send, ack, failure));
        }

        private void ended(SendInvocation send, @Nullable RecordMetadata ack, @Nullable Throwable failure) {
            if (!record.isNews(send)) {
                return;
            }
            if (ack != null) {
                send.ok(ack.partition(), ack.offset());
            } else {
                send.failed(failure == null ? new KafkaException("no outcome") : failure, ClientFailures::read);
            }
        }

        /** Prepares it, or decides that it is to be aborted; false if the producer is of no more use, or the application of another. */
        private boolean prepares() {
            while (true) {
                try {
                    return record.prepared(term, producer.prepareTransaction());
                } catch (TimeoutException stoodStill) {
                    // All of the process did, so that nobody could say more. The next call waits on, or is told what has failed.
                } catch (KafkaException failure) {
                    if (!failure.requiresAbort()) {
                        requireFatal(failure);
                        return false;
                    }
                    return record.decide(term, /* commit= */ false);
                }
            }
        }

        /** Ends what is prepared or kept as it was decided on; whether the producer can go on. */
        private boolean completes() {
            PreparedTxnState decided = record.decided();
            while (true) {
                try {
                    producer.completeTransaction(decided);
                    return true;
                } catch (TimeoutException late) { // of which a commit with an unknown outcome is one
                    // The next call waits on.
                } catch (KafkaException failure) {
                    requireFatal(failure);
                    return false;
                }
            }
        }

        private boolean aborts() {
            while (true) {
                try {
                    producer.abortTransaction();
                    return true;
                } catch (TimeoutException late) {
                    // The next call waits on.
                } catch (KafkaException failure) {
                    requireFatal(failure);
                    return false;
                }
            }
        }

        /** Now and then the application crashes or leaves, whatever it is at; if it crashes, this does not return. */
        private boolean leaves() {
            int draw = random.nextInt(40);
            if (draw == 0 && !stopped) {
                process.simulation().later(Duration.ZERO, process::crash);
                process.simulation().later(Duration.ofMillis(random.nextLong(1, 5_000)), process::restart);
                process.simulation().sleep(Duration.ofHours(1));
            }
            return draw == 1;
        }
    }

    /** What is prepared cannot fail otherwise than by somebody's taking over. */
    private static void requireFatal(KafkaException failure) {
        if (!failure.isFatal()) {
            throw failure;
        }
    }
}
