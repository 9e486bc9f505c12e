package dev.kafkaboot.client.producer;

/**
 * Who writes, as a broker knows it: it keeps the sequences of each partition for each of these (KIP-98).
 *
 * @param producerId what InitProducerId answered
 * @param epoch a higher one ends all lower ones in a partition, requests that are still on their way included
 */
record ProducerIdentity(long producerId, short epoch) {

    /** Whether there is no higher epoch, so that another producer id is needed. */
    boolean isExhausted() {
        return epoch == Short.MAX_VALUE;
    }

    /** The same producer in the next epoch, in which sequences begin at 0 (KIP-360). */
    ProducerIdentity bumped() {
        if (isExhausted()) {
            throw new IllegalStateException("Producer " + producerId + " has no epoch behind " + epoch);
        }
        return new ProducerIdentity(producerId, (short) (epoch + 1));
    }
}
