package dev.kafkaboot.client.producer;

import java.util.concurrent.CompletableFuture;

/** The future of one record, which also keeps what its metadata needs: the one object that a send makes. */
final class SendFuture extends CompletableFuture<RecordMetadata> {

    private final long timestamp;
    private final int keySize;
    private final int valueSize;

    SendFuture(long timestamp, int keySize, int valueSize) {
        this.timestamp = timestamp;
        this.keySize = keySize;
        this.valueSize = valueSize;
    }

    /**
     * The record was written.
     *
     * @param appendTime the broker's time, or -1 if the record's own holds
     */
    void acknowledge(String topic, int partition, long offset, long appendTime) {
        complete(new RecordMetadata(topic, partition, offset, appendTime < 0 ? timestamp : appendTime, keySize, valueSize));
    }

    /** What callers get from the stages that they add: ordinary futures. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
