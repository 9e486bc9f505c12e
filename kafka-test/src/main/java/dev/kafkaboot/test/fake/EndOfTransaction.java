package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.test.fake.Transaction.ProducerIdentity;

/** Which ends of a transaction are allowed, which have been before, and which cannot be. */
final class EndOfTransaction {

    private EndOfTransaction() {}

    /**
     * Looks at an end by a producer that keeps its epoch from one transaction to the next.
     *
     * @return false if the transaction has ended so already
     * @throws RefusedException if it cannot end so, or not yet
     */
    static boolean isNew(Transaction transaction, ProducerIdentity producer, boolean commit) {
        if (transaction.producerId != producer.producerId()) {
            throw Transactions.refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        if (transaction.epoch != producer.epoch()) {
            throw Transactions.refused(ErrorCode.PRODUCER_FENCED);
        }
        return switch (transaction.state) {
            case ONGOING -> true;
            case EMPTY -> throw Transactions.refused(ErrorCode.INVALID_TXN_STATE);
            case PREPARE_COMMIT, PREPARE_ABORT -> throw notYet(transaction, commit);
            case COMPLETE_COMMIT -> requireRepeated(commit);
            case COMPLETE_ABORT -> requireRepeated(!commit);
        };
    }

    /**
     * Looks at an end by a producer that gets another epoch with each (KIP-890). So a request that comes again is told by its epoch, and an abort of nothing
     * is a way to get another epoch.
     *
     * @return false if the transaction has ended so already
     * @throws RefusedException if it cannot end so, or not yet
     */
    static boolean isNewWithEpochs(Transaction transaction, ProducerIdentity producer, boolean commit) {
        boolean isRepeatedInNewId = transaction.endsBumpTheEpoch
                && transaction.previousProducerId == producer.producerId()
                && producer.epoch() == Transaction.LAST_EPOCH
                && transaction.epoch == 0;
        boolean isRepeated = isRepeatedInNewId || transaction.endsBumpTheEpoch && transaction.epoch == producer.epoch() + 1;
        if (transaction.producerId != producer.producerId() && !isRepeatedInNewId) {
            throw Transactions.refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        boolean isCurrent = transaction.epoch == producer.epoch();
        boolean isKnown = switch (transaction.state) {
            case EMPTY, ONGOING -> isCurrent;
            case PREPARE_COMMIT, PREPARE_ABORT -> isRepeated;
            case COMPLETE_COMMIT, COMPLETE_ABORT -> isRepeated || isCurrent;
        };
        if (!isKnown) {
            throw Transactions.refused(ErrorCode.PRODUCER_FENCED);
        }
        return switch (transaction.state) {
            case ONGOING -> true;
            case EMPTY -> !requireRepeated(!commit);
            case PREPARE_COMMIT, PREPARE_ABORT -> throw notYet(transaction, commit);
            case COMPLETE_COMMIT -> isRepeated ? requireRepeated(commit) : !requireRepeated(!commit);
            case COMPLETE_ABORT -> isRepeated ? requireRepeated(!commit) : !requireRepeated(!commit);
        };
    }

    /** Nothing is new, if the end is the one that can be. */
    private static boolean requireRepeated(boolean possible) {
        if (!possible) {
            throw Transactions.refused(ErrorCode.INVALID_TXN_STATE);
        }
        return false;
    }

    private static RefusedException notYet(Transaction transaction, boolean commit) {
        boolean isSame = commit == (transaction.state == TransactionState.PREPARE_COMMIT);
        return Transactions.refused(isSame ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE);
    }
}
