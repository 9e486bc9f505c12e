package dev.kafkaboot.client.producer;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the sender asks of transactions. On the loop. */
interface TransactionGate {

    /** What the sender does for transactions. */
    interface Sending {

        /** Sends what there is without lingering; completes when all of it was acknowledged or has failed. */
        CompletableFuture<Void> flush();

        /** Partitions that were not {@linkplain TransactionGate#admits admitted} may be now. */
        void reconsider();
    }

    /** The {@code transactional.id}, which goes with every Produce request. */
    String transactionalId();

    /** The highest version of Produce that the open transaction can be written with. */
    int highestProduceVersion();

    /** The lowest one: before it, writing does not add to a transaction what nobody has added. */
    int lowestProduceVersion();

    /**
     * Whether the partition's batches may be sent now; then it has its identity. If not, the sender keeps it until it is told to
     * {@linkplain Sending#reconsider reconsider}.
     */
    boolean admits(PartitionQueue queue);

    /** What went wrong when a coordinator was last asked, if it did. */
    @Nullable Throwable lastFailure();

    /** Something has happened to a partition: it has got something, or a batch of it is over with. What must not be sent any more is taken away from it. */
    void looked(PartitionQueue queue);

    /** Whether a topic can be forgotten now: where the epoch stays, what comes again in the same transaction would begin with sequences that were there. */
    boolean mayForget();

    /** Nothing is sent to a partition for so long that it is not known any more what was; it may come again. */
    void forgotten(PartitionQueue queue);
}
