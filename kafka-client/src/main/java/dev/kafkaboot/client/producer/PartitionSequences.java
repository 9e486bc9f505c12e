package dev.kafkaboot.client.producer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the batches of one partition are known by, in the order in which they are sent (KIP-98, KIP-360). Under the partition's lock.
 *
 * <p>A batch gets its stamp when it is first sent and keeps it in every attempt, so the broker knows a repetition. One batch is in flight at a time, so the
 * one that is sent next always follows the one before it, unless that was given up. Then nobody knows for sure which sequence the broker expects, and with
 * that of a batch which was written after all it would take the next one for a repetition, and drop it. So the next batch begins at 0 in the next epoch, which
 * every broker takes, and behind which it refuses what is still on its way in an earlier one.
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

    /** Gives a batch that is about to be sent its stamp, unless it was sent before. */
    void stamp(ProducerBatch batch) {
        ProducerIdentity producer = identity;
        if (producer == null || exhausted) {
            throw new IllegalStateException("A batch of " + batch.partition() + " is to be sent by nobody");
        }
        if (batch.stamp() == null) {
            batch.stampAs(new BatchStamp(producer, next));
            next += batch.count();
        }
    }

    /** A batch with a stamp is over with; it is the last that got one, or a part of that. */
    void over(ProducerBatch batch, boolean isWritten) {
        BatchStamp stamp = batch.stamp();
        if (stamp != null && !isWritten && stamp.identity().equals(identity)) {
            beginEpoch();
        }
    }

    /**
     * The batch that was stamped last is sent again in parts. If it may have been written, they keep its sequences, whatever becomes of one another: if it was
     * written after all, the broker takes none of them, as it expects what follows the whole.
     */
    void takenApart(ProducerBatch batch, List<ProducerBatch> parts) {
        BatchStamp stamp = batch.stamp();
        if (stamp != null && batch.isPossiblyPersisted()) {
            BatchStamp ofPart = stamp;
            for (ProducerBatch part : parts) {
                part.stampAs(ofPart);
                ofPart = ofPart.plus(part.count());
            }
        } else if (stamp != null) {
            next = stamp.sequence();
        }
    }

    /** The batch that was stamped last was not written in any attempt, and is sent again as the first of a new epoch. */
    void renew(ProducerBatch batch) {
        batch.stampAs(null);
        beginEpoch();
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
