package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The future of one record, which also keeps what its metadata needs: the one object that a send makes.
 *
 * <p>The futures of a batch are a chain, in the order of the records, so that a batch needs no list of them. Links are cut as the futures complete: an
 * old future that somebody keeps must not keep all later ones.
 */
class SendFuture extends CompletableFuture<RecordMetadata> {

    private final long timestamp;
    private final int keySize;
    private final int valueSize;
    private @Nullable SendFuture next;

    SendFuture(long timestamp, int keySize, int valueSize) {
        this.timestamp = timestamp;
        this.keySize = keySize;
        this.valueSize = valueSize;
    }

    /** The record's time, in milliseconds since the epoch. */
    long timestamp() {
        return timestamp;
    }

    /** The partition that the user's partitioner chose, or -1 if it has not. */
    int chosenPartition() {
        return -1;
    }

    /** Keeps what the user's partitioner chose. */
    void chosenPartition(int partition) {
        throw new IllegalStateException("This future keeps no partition; the producer has no partitioner of the user's");
    }

    /** Puts a future behind this one, which must be the last. */
    void append(SendFuture following) {
        next = following;
    }

    /** Cuts the chain behind this future, and answers the rest of it. */
    @Nullable SendFuture takeNext() {
        SendFuture following = next;
        next = null;
        return following;
    }

    /**
     * The record was written.
     *
     * @param appendTime the broker's time, or -1 if the record's own holds
     */
    void acknowledge(TopicPartition partition, long offset, long appendTime) {
        complete(new RecordMetadata(partition, offset, appendTime < 0 ? timestamp : appendTime, keySize, valueSize));
    }

    /** What callers get from the stages that they add: ordinary futures. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
