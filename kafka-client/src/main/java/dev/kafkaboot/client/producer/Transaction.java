package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What can be done in a transaction; see {@link KafkaProducer#inTransaction}. It is committed as a whole, so nobody has to look at the futures: if one of
 * them fails, the commit does. Safe for any number of threads, until the body returns.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class Transaction<K, V> {

    private final KafkaProducer<K, V> producer;
    private final TransactionCalls calls;
    private final Duration limit;

    Transaction(KafkaProducer<K, V> producer, TransactionCalls calls, Duration limit) {
        this.producer = producer;
        this.calls = calls;
        this.limit = limit;
    }

    /**
     * What is run in a transaction.
     *
     * @param <K> the keys' type
     * @param <V> the values' type
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Body<K, V, E extends Exception> {

        /** Runs; what it throws aborts the transaction. */
        void run(Transaction<K, V> transaction) throws E;
    }

    /** Sends a record without a key. */
    public CompletableFuture<RecordMetadata> send(String topic, @Nullable V value) {
        return producer.send(topic, value);
    }

    /** Sends a record. */
    public CompletableFuture<RecordMetadata> send(String topic, @Nullable K key, @Nullable V value) {
        return producer.send(topic, key, value);
    }

    /** Sends a record. */
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        return producer.send(record);
    }

    /** Commits the offsets of a consumer's group with the transaction; see {@link KafkaProducer#sendOffsets}. */
    public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        producer.sendOffsets(offsets, group);
    }

    /** Runs a body in the transaction that has begun, and ends it. */
    <E extends Exception> void run(Body<K, V, E> body) throws E {
        try {
            body.run(this);
        } catch (Throwable failure) { // whatever it says of itself: it may be of another producer's transaction
            abortAfter(failure);
            throw failure;
        }
        try {
            calls.commitForGood(limit);
        } catch (RuntimeException failure) {
            boolean isOver = failure instanceof UnknownCommitOutcomeException || failure instanceof KafkaException known && known.isFatal();
            if (!isOver) {
                abortAfter(failure);
            }
            throw failure;
        }
    }

    private void abortAfter(Throwable failure) {
        try {
            calls.joinUninterrupted(producer.abortTransactionAsync(limit), limit, "the abort");
        } catch (KafkaException second) {
            failure.addSuppressed(second);
        }
    }
}
