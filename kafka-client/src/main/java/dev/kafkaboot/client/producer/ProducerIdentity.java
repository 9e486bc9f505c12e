package dev.kafkaboot.client.producer;

/**
 * Who writes, as a broker knows it: it keeps the sequences of each partition for each of these (KIP-98).
 *
 * @param producerId what InitProducerId answered
 * @param epoch a higher one ends all lower ones in a partition, requests that are still on their way included
 * @param transactional whether what it writes is part of transactions; then its epochs are the coordinator's to give
 */
record ProducerIdentity(long producerId, short epoch, boolean transactional) {

    /** One that writes without transactions. */
    ProducerIdentity(long producerId, short epoch) {
        this(producerId, epoch, /* transactional= */ false);
    }

    /** Whether there is no higher epoch, so that another producer id is needed. */
    boolean isExhausted() {
        return epoch == Short.MAX_VALUE;
    }

    /** The same producer in the next epoch, in which sequences begin at 0 (KIP-360). */
    ProducerIdentity bumped() {
        if (isExhausted()) {
            throw new IllegalStateException("Producer " + producerId + " has no epoch behind " + epoch);
        }
        return new ProducerIdentity(producerId, (short) (epoch + 1), transactional);
    }
}
