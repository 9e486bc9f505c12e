package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.test.fake.Transaction.ProducerIdentity;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives out producer ids, and decides on transactions (KIP-98, KIP-360, KIP-890).
 *
 * <p>A transactional id has an epoch, and whoever comes with an older one is fenced. Asking for a new one while a transaction is open aborts that first.
 * {@link EndOfTransaction} says which ends are allowed. Once an end is decided, marks are written to all partitions that took part; until all have theirs,
 * whatever else is asked for is answered with CONCURRENT_TRANSACTIONS.
 *
 * <p>With two-phase commits (KIP-939) an open transaction may be kept for the producer that asks: its {@linkplain Transaction#keeper keeper} is in a later epoch
 * than the transaction is written in, and ends it in its own name.
 */
final class Transactions {

    /** transaction.max.timeout.ms. */
    private static final int TIMEOUT_MAX_MILLIS = 15 * 60 * 1000;

    private final FakeKafka cluster;
    private final TreeMap<String, Transaction> byId = new TreeMap<>();
    private TransactionalOffsets offsets = new StagedOffsets();
    private long nextProducerId;

    Transactions(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** Who keeps the offsets that are committed in transactions. */
    TransactionalOffsets offsets() {
        return offsets;
    }

    void offsets(TransactionalOffsets keeper) {
        offsets = keeper;
    }

    /** A producer id that nobody had. */
    long newProducerId() {
        return nextProducerId++;
    }

    /** What is known of a transactional id, or null. */
    @Nullable Transaction find(String transactionalId) {
        return byId.get(transactionalId);
    }

    /** All that is known, by transactional id. */
    Collection<Transaction> all() {
        return List.copyOf(byId.values());
    }

    // ---- beginning

    /**
     * Gives a transactional id to a producer, and takes it from the one before.
     *
     * @param expected whom the producer thinks that it is, after an error (KIP-360), or {@link ProducerIdentity#NONE}
     * @throws RefusedException if it may not have it, or not yet
     */
    ProducerIdentity init(String transactionalId, int timeoutMillis, ProducerIdentity expected) {
        if (transactionalId.isEmpty()) {
            throw refused(ErrorCode.INVALID_REQUEST);
        }
        boolean isTooLong = timeoutMillis > TIMEOUT_MAX_MILLIS && timeoutMillis != Transaction.NO_TIMEOUT;
        if (timeoutMillis <= 0 || isTooLong) {
            throw refused(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        Transaction transaction = byId.computeIfAbsent(transactionalId, id -> new Transaction(id, newProducerId()));
        boolean expects = !expected.equals(ProducerIdentity.NONE);
        if (expects && !mayBe(transaction, expected)) {
            throw refused(ErrorCode.PRODUCER_FENCED);
        }
        switch (transaction.state) {
            case PREPARE_COMMIT, PREPARE_ABORT -> throw refused(ErrorCode.CONCURRENT_TRANSACTIONS);
            case ONGOING -> {
                abortAndFence(transaction);
                throw refused(ErrorCode.CONCURRENT_TRANSACTIONS);
            }
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> renew(transaction, expects ? expected.epoch() : null);
        }
        transaction.timeoutMillis = timeoutMillis;
        transaction.state = TransactionState.EMPTY;
        return transaction.identity();
    }

    /**
     * The same, but a transaction that is open stays so: whoever asks is the one who ends it.
     *
     * @throws RefusedException if it may not have it, or not yet
     */
    ProducerIdentity initAndKeep(String transactionalId, int timeoutMillis, ProducerIdentity expected) {
        Transaction transaction = find(transactionalId);
        if (transaction == null || transaction.state != TransactionState.ONGOING) {
            return init(transactionalId, timeoutMillis, expected);
        }
        ProducerIdentity last = transaction.keeper == null ? transaction.writer() : transaction.keeper;
        ProducerIdentity keeper = after(last);
        transaction.keeper = keeper;
        return keeper;
    }

    private ProducerIdentity after(ProducerIdentity producer) {
        return producer.epoch() >= Transaction.LAST_EPOCH
                ? new ProducerIdentity(newProducerId(), (short) 0)
                : new ProducerIdentity(producer.producerId(), (short) (producer.epoch() + 1));
    }

    private static boolean mayBe(Transaction transaction, ProducerIdentity expected) {
        return transaction.epoch == Transaction.NO_EPOCH
                || expected.producerId() == transaction.producerId
                || expected.producerId() == transaction.previousProducerId && expected.epoch() >= Transaction.LAST_EPOCH;
    }

    private void renew(Transaction transaction, @Nullable Short expectedEpoch) {
        if (transaction.isEpochExhausted() && (expectedEpoch == null || expectedEpoch == transaction.epoch)) {
            transaction.previousProducerId = transaction.producerId;
            transaction.producerId = newProducerId();
            transaction.lastEpoch = expectedEpoch == null ? Transaction.NO_EPOCH : transaction.epoch;
            transaction.epoch = 0;
        } else if (expectedEpoch == null) {
            transaction.lastEpoch = Transaction.NO_EPOCH;
            transaction.epoch++;
        } else if (transaction.epoch == Transaction.NO_EPOCH || expectedEpoch == transaction.epoch) {
            transaction.lastEpoch = transaction.epoch;
            transaction.epoch++;
        } else if (expectedEpoch != transaction.lastEpoch) {
            throw refused(ErrorCode.PRODUCER_FENCED);
        } // else it was renewed already, and the answer got lost
    }

    /** Takes a partition into a transaction, which begins with it if it has not begun. */
    ErrorCode addPartition(String transactionalId, ProducerIdentity producer, FakePartition partition) {
        ErrorCode obstacle = obstacle(transactionalId, producer);
        Transaction transaction = find(transactionalId);
        if (obstacle == ErrorCode.NONE && transaction != null) {
            begin(transaction);
            transaction.partitions.add(partition);
        }
        return obstacle;
    }

    /** Takes a group's offsets into a transaction, which begins with them if it has not begun. */
    ErrorCode addGroup(String transactionalId, ProducerIdentity producer, String groupId) {
        ErrorCode obstacle = obstacle(transactionalId, producer);
        Transaction transaction = find(transactionalId);
        if (obstacle == ErrorCode.NONE && transaction != null) {
            begin(transaction);
            transaction.groups.add(groupId);
        }
        return obstacle;
    }

    private void begin(Transaction transaction) {
        if (transaction.state != TransactionState.ONGOING) {
            transaction.state = TransactionState.ONGOING;
            transaction.startMillis = cluster.timers().nowMillis();
            transaction.timeout = transaction.timeoutMillis == Transaction.NO_TIMEOUT
                    ? null
                    : cluster.timers().afterMillis(transaction.timeoutMillis, () -> abortAndFence(transaction));
        }
    }

    /** Whether a partition is in a producer's transaction already. */
    ErrorCode verifyPartition(String transactionalId, ProducerIdentity producer, FakePartition partition) {
        ErrorCode obstacle = obstacle(transactionalId, producer);
        Transaction transaction = find(transactionalId);
        boolean isIn = transaction != null && transaction.partitions.contains(partition);
        return obstacle != ErrorCode.NONE || isIn ? obstacle : ErrorCode.TRANSACTION_ABORTABLE;
    }

    /** Whether a group's offsets are in a producer's transaction already. */
    ErrorCode verifyGroup(String transactionalId, ProducerIdentity producer, String groupId) {
        ErrorCode obstacle = obstacle(transactionalId, producer);
        Transaction transaction = find(transactionalId);
        boolean isIn = transaction != null && transaction.groups.contains(groupId);
        return obstacle != ErrorCode.NONE || isIn ? obstacle : ErrorCode.TRANSACTION_ABORTABLE;
    }

    private ErrorCode obstacle(String transactionalId, ProducerIdentity producer) {
        if (transactionalId.isEmpty()) {
            return ErrorCode.INVALID_REQUEST;
        }
        Transaction transaction = find(transactionalId);
        if (transaction == null || transaction.producerId != producer.producerId()) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (transaction.keeper != null) {
            return transaction.keeper.equals(producer) ? ErrorCode.INVALID_TXN_STATE : ErrorCode.PRODUCER_FENCED;
        }
        if (transaction.epoch != producer.epoch()) {
            return ErrorCode.PRODUCER_FENCED;
        }
        return transaction.state.isEnding() ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.NONE;
    }

    // ---- ending

    /**
     * Ends a transaction.
     *
     * @param bumpsTheEpoch whether the producer goes on with another epoch (KIP-890)
     * @return whom the producer goes on as
     * @throws RefusedException if it cannot be ended so, or not yet
     */
    ProducerIdentity end(String transactionalId, ProducerIdentity producer, boolean commit, boolean bumpsTheEpoch) {
        if (transactionalId.isEmpty()) {
            throw refused(ErrorCode.INVALID_REQUEST);
        }
        Transaction transaction = find(transactionalId);
        if (transaction == null) {
            throw refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        if (transaction.keeper != null) {
            return endOfKept(transaction, transaction.keeper, producer, commit);
        }
        boolean isNew = bumpsTheEpoch
                ? EndOfTransaction.isNewWithEpochs(transaction, producer, commit)
                : EndOfTransaction.isNew(transaction, producer, commit);
        if (isNew) {
            transaction.nextProducerId = bumpsTheEpoch && transaction.isEpochExhausted() ? newProducerId() : Transaction.NO_ID;
            if (bumpsTheEpoch) {
                transaction.lastEpoch = transaction.epoch;
                transaction.epoch++;
            }
            transaction.endsBumpTheEpoch = bumpsTheEpoch;
            ProducerIdentity next = transaction.identity();
            writeMarks(transaction, transaction.writer(), commit);
            return next;
        }
        return transaction.identity();
    }

    /** The marks are of who wrote the transaction, and its keeper goes on in the next epoch of its own. */
    private ProducerIdentity endOfKept(Transaction transaction, ProducerIdentity keeper, ProducerIdentity producer, boolean commit) {
        if (!keeper.equals(producer)) {
            throw refused(ErrorCode.PRODUCER_FENCED);
        }
        ProducerIdentity marked = new ProducerIdentity(transaction.producerId, (short) (transaction.epoch + 1));
        ProducerIdentity next = after(keeper);
        if (next.producerId() != transaction.producerId) {
            transaction.previousProducerId = keeper.producerId();
        }
        transaction.producerId = next.producerId();
        transaction.epoch = next.epoch();
        transaction.lastEpoch = keeper.epoch();
        transaction.endsBumpTheEpoch = true;
        transaction.keeper = null;
        writeMarks(transaction, marked, commit);
        return next;
    }

    private void abortAndFence(Transaction transaction) {
        if (transaction.keeper != null) {
            endOfKept(transaction, transaction.keeper, transaction.keeper, /* commit= */ false);
            return;
        }
        boolean bumps = TransactionFeature.bumpsEpochs(cluster.settings());
        transaction.lastEpoch = bumps ? transaction.epoch : Transaction.NO_EPOCH;
        transaction.epoch++;
        transaction.endsBumpTheEpoch = bumps;
        writeMarks(transaction, transaction.writer(), /* commit= */ false);
    }

    private void writeMarks(Transaction transaction, ProducerIdentity marked, boolean commit) {
        if (transaction.timeout != null) {
            transaction.timeout.cancel();
        }
        transaction.state = commit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
        transaction.groups.forEach(group -> offsets.end(group, marked.producerId(), commit));
        List<FakePartition> partitions = List.copyOf(transaction.partitions);
        TransactionMarks.Mark mark =
                new TransactionMarks.Mark(marked.producerId(), marked.epoch(), commit, transaction.endsBumpTheEpoch);
        new TransactionMarks(cluster, mark, partitions, () -> complete(transaction, commit)).write();
    }

    private static void complete(Transaction transaction, boolean commit) {
        transaction.state = commit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT;
        transaction.partitions.clear();
        transaction.groups.clear();
        if (transaction.nextProducerId != Transaction.NO_ID) {
            transaction.previousProducerId = transaction.producerId;
            transaction.producerId = transaction.nextProducerId;
            transaction.nextProducerId = Transaction.NO_ID;
            transaction.lastEpoch = transaction.epoch;
            transaction.epoch = 0;
        }
    }

    static RefusedException refused(ErrorCode error) {
        return new RefusedException(error, error.name());
    }
}
