package dev.kafkaboot.client.producer;

/**
 * What a batch is known by to the broker, from its first sending on: a retry with the same stamp is not written twice.
 *
 * @param identity the producer and its epoch
 * @param sequence the first record's, counted from 0 without an end
 */
record BatchStamp(ProducerIdentity identity, long sequence) {

    private static final long SEQUENCES = 1L << 31;

    /** The sequence as it is sent: behind the largest one comes 0. */
    int baseSequence() {
        return (int) (sequence % SEQUENCES);
    }

    /** The stamp of a part of the batch, which begins so many records behind its beginning. */
    BatchStamp plus(int records) {
        return new BatchStamp(identity, sequence + records);
    }
}
