package dev.kafkaboot.client.producer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the batches of one partition are known by, in the order in which they are sent (KIP-98, KIP-360). Under the partition's lock.
 *
 * <p>A batch gets its stamp when it is first sent and keeps it in every attempt, so the broker knows a repetition. What is sent next follows what was sent
 * last, unless that was given up. Then nobody knows for sure which sequence the broker expects, and with that of a batch which was written after all it would
 * take the next one for a repetition, and drop it. So the next batch begins at 0 in the next epoch, which every broker takes, and behind which it refuses
 * what is still on its way in an earlier one. Those that were in flight behind the one that was given up were refused with it, and go into the new epoch as
 * well; but for one that may have been written all the same, which stays what it was: as something else it might be written a second time.
 *
 * <p>Epochs are of this partition alone: a broker compares them partition by partition. But a transactional producer has those that its coordinator gives: then
 * nothing can be stamped until there is another one.
 */
final class PartitionSequences {

    private @Nullable ProducerIdentity identity;
    private boolean exhausted;
    private long next;

    /** Whether a batch can be stamped. */
    boolean isReady() {
        return identity != null && !exhausted;
    }

    /** The identity of the last stamp, or null if there was none. */
    @Nullable ProducerIdentity identity() {
        return identity;
    }

    /** Begins as a producer that nothing was sent as before in this partition. */
    void identify(ProducerIdentity fresh) {
        identity = fresh;
        exhausted = false;
        next = 0;
    }

    /** Gives a batch that is about to be sent its stamp, unless it has one that holds. */
    void stamp(ProducerBatch batch) {
        ProducerIdentity producer = identity;
        if (producer == null || exhausted) {
            throw new IllegalStateException("A batch of " + batch.partition() + " is to be sent by nobody");
        }
        BatchStamp had = batch.stamp();
        if (had == null || !had.identity().equals(producer) && !batch.isPossiblyPersisted()) {
            batch.stampAs(new BatchStamp(producer, next));
            next += batch.count();
        }
    }

    /** A batch is over with, and is not known to be written. */
    void givenUp(ProducerBatch batch) {
        if (batch.stamp() != null && !isOfAnotherEpoch(batch)) {
            beginEpoch();
        }
    }

    /** Whether a batch has a stamp of another epoch than the next one would be of. */
    boolean isOfAnotherEpoch(ProducerBatch batch) {
        BatchStamp stamp = batch.stamp();
        return stamp != null && !stamp.identity().equals(identity);
    }

    /**
     * A batch is sent again in parts, which take its sequences. If it was written after all, the broker takes none of them, as it expects what follows the
     * whole.
     */
    static void takenApart(ProducerBatch batch, List<ProducerBatch> parts) {
        BatchStamp ofPart = batch.stamp();
        if (ofPart == null) {
            return;
        }
        for (ProducerBatch part : parts) {
            part.stampAs(ofPart);
            ofPart = ofPart.plus(part.count());
        }
    }

    /** A batch that was not written in any attempt is sent again as the first of a new epoch, or behind those that are in it already. */
    void renew(ProducerBatch batch) {
        givenUp(batch);
        batch.stampAs(null);
    }

    private void beginEpoch() {
        ProducerIdentity last = identity;
        if (last != null && (last.transactional() || last.isExhausted())) {
            exhausted = true;
        } else if (last != null) {
            identify(last.bumped());
        }
    }
}
