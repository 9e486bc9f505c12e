package dev.kafkaboot.test.fake;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the coordinator knows of one transactional id. Changed by {@link Transactions} alone. */
final class Transaction {

    static final long NO_ID = -1;
    static final short NO_EPOCH = -1;
    static final long NO_TIME = -1;

    /** For a transaction that lasts until somebody ends it. */
    static final int NO_TIMEOUT = Integer.MAX_VALUE;

    /** The last epoch that a producer gets; the one behind it is for fencing it. */
    static final short LAST_EPOCH = Short.MAX_VALUE - 1;

    final String transactionalId;
    long producerId;
    long previousProducerId = NO_ID;
    long nextProducerId = NO_ID;
    short epoch = NO_EPOCH;
    short lastEpoch = NO_EPOCH;
    int timeoutMillis;
    long startMillis = NO_TIME;
    TransactionState state = TransactionState.EMPTY;

    /** Whether the last transaction ended in an epoch of its own (KIP-890). */
    boolean endsBumpTheEpoch;

    /** Who ends the open transaction in the place of the producer that wrote it, and has begun after it (KIP-939); null if nobody does. */
    @Nullable ProducerIdentity keeper;

    final Set<FakePartition> partitions = new LinkedHashSet<>();
    final Set<String> groups = new TreeSet<>();
    Timers.@Nullable Entry timeout;

    Transaction(String transactionalId, long producerId) {
        this.transactionalId = transactionalId;
        this.producerId = producerId;
    }

    boolean isEpochExhausted() {
        return epoch >= LAST_EPOCH;
    }

    /** What the producer goes on with: after the last epoch of one id comes the first of the next. */
    ProducerIdentity identity() {
        return nextProducerId == NO_ID ? new ProducerIdentity(producerId, epoch) : new ProducerIdentity(nextProducerId, (short) 0);
    }

    /** Who the transaction's partitions know as its producer. */
    ProducerIdentity writer() {
        return new ProducerIdentity(producerId, epoch);
    }

    /** A producer's id and epoch. */
    record ProducerIdentity(long producerId, short epoch) {

        static final ProducerIdentity NONE = new ProducerIdentity(NO_ID, NO_EPOCH);
    }
}
