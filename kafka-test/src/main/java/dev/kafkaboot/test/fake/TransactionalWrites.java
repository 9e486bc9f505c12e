package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.test.fake.Transaction.ProducerIdentity;
import org.jspecify.annotations.Nullable;

/** Whether what comes to a partition or a group belongs to an open transaction: the brokers ask its coordinator, or have it added (KIP-890). */
final class TransactionalWrites {

    /** Before it, a producer does not know TRANSACTION_ABORTABLE. */
    private static final int FIRST_PRODUCE_WITH_ABORTABLE = 11;

    /** From this version on a partition is in the transaction because something is written to it. */
    private static final int FIRST_PRODUCE_WITH_ADDING = 12;

    private static final int FIRST_COMMIT_WITH_ABORTABLE = 4;
    private static final int FIRST_COMMIT_WITH_ADDING = 5;

    private final FakeKafka cluster;

    TransactionalWrites(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** Whether a version of Produce adds partitions by writing to them. */
    boolean addsByProducing(int version) {
        return version >= FIRST_PRODUCE_WITH_ADDING && TransactionFeature.bumpsEpochs(cluster.settings());
    }

    /** What is in the way of a batch's being written, or NONE. */
    ErrorCode obstacle(@Nullable String transactionalId, LogBatch batch, FakePartition partition, int version) {
        if (transactionalId == null || !batch.header().isTransactional() || !batch.hasProducer()) {
            return ErrorCode.NONE;
        }
        ProducerIdentity producer = new ProducerIdentity(batch.header().producerId(), batch.header().producerEpoch());
        if (partition.log().isInTransaction(producer.producerId(), producer.epoch()) || !TransactionFeature.isVerified(cluster.settings())) {
            return ErrorCode.NONE;
        }
        if (!cluster.coordinators().isAwake(CoordinatorType.TRANSACTION, transactionalId)) {
            return ErrorCode.NOT_ENOUGH_REPLICAS; // so that it comes again; nothing better is known to all producers
        }
        boolean adds = addsByProducing(version);
        ErrorCode error = adds
                ? cluster.transactions().addPartition(transactionalId, producer, partition)
                : cluster.transactions().verifyPartition(transactionalId, producer, partition);
        if (error == ErrorCode.CONCURRENT_TRANSACTIONS && !adds) {
            return ErrorCode.NOT_ENOUGH_REPLICAS;
        }
        return spoken(error, version >= FIRST_PRODUCE_WITH_ABORTABLE);
    }

    /** What is in the way of a group's offsets being kept for a transaction, or NONE. */
    ErrorCode obstacle(String transactionalId, ProducerIdentity producer, String groupId, int version) {
        boolean adds = version >= FIRST_COMMIT_WITH_ADDING && TransactionFeature.bumpsEpochs(cluster.settings());
        if (!adds && !TransactionFeature.isVerified(cluster.settings())) {
            return ErrorCode.NONE;
        }
        if (!cluster.coordinators().isAwake(CoordinatorType.TRANSACTION, transactionalId)) {
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
        ErrorCode error = adds
                ? cluster.transactions().addGroup(transactionalId, producer, groupId)
                : cluster.transactions().verifyGroup(transactionalId, producer, groupId);
        return spoken(error, version >= FIRST_COMMIT_WITH_ABORTABLE);
    }

    private static ErrorCode spoken(ErrorCode error, boolean knowsAbortable) {
        if (error == ErrorCode.PRODUCER_FENCED) {
            return ErrorCode.INVALID_PRODUCER_EPOCH;
        }
        return error == ErrorCode.TRANSACTION_ABORTABLE && !knowsAbortable ? ErrorCode.INVALID_TXN_STATE : error;
    }
}
