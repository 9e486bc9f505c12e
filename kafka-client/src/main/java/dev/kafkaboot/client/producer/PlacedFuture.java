package dev.kafkaboot.client.producer;

/**
 * The future of a record for which the user's own partitioner is asked. What it chose stays with the record: where a record has to wait for memory, or for its
 * topic, it is put into its batch in several attempts, and asking each time would make partitioners that count pass partitions over (KAFKA-9965).
 */
final class PlacedFuture extends SendFuture {

    private int chosenPartition = -1;

    PlacedFuture(long timestamp, int keySize, int valueSize) {
        super(timestamp, keySize, valueSize);
    }

    @Override
    int chosenPartition() {
        return chosenPartition;
    }

    @Override
    void chosenPartition(int partition) {
        chosenPartition = partition;
    }
}
