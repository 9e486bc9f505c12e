package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.producer.PreparedTxnState;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.SendInvocation;
import dev.kafkaboot.test.history.TransactionInvocation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the database of an application holds of its transactions: who may decide on them, which one has no end yet, whether it was prepared, and what was decided. It
 * outlives the application's processes, and is what the history of a run is written from: a transaction is committed if that was decided, whatever any process has
 * come to hear of it.
 *
 * <p>Whoever comes takes the record over; what is asked for in the name of an earlier term is refused, as a database fences whoever has lost a lock.
 */
final class DecisionRecord {

    private final List<SendInvocation> underWay = new ArrayList<>();
    private int term;
    private int committed;
    private String lastCommitted = "";
    private @Nullable Open open;

    /** A transaction that has no end yet. */
    private static final class Open {

        final TransactionInvocation invocation;
        String prepared = "";
        boolean isPrepared;
        @Nullable Boolean commit;

        Open(TransactionInvocation invocation) {
            this.invocation = invocation;
        }
    }

    /** Begins a term, and ends the one before. What was sent in that and has no outcome will not be heard of. */
    int takeOver() {
        underWay.forEach(send -> send.unknown("somebody else has taken over"));
        underWay.clear();
        return ++term;
    }

    boolean isOf(int who) {
        return who == term;
    }

    /** Whether there is a transaction that has no end. */
    boolean hasOpen() {
        return open != null;
    }

    /** Whether something was decided on that. */
    boolean isDecided() {
        return required().commit != null;
    }

    /** How many transactions were committed. */
    int committed() {
        return committed;
    }

    // ---- in the order in which it happens

    /** A transaction begins; null if it may not. */
    @Nullable TransactionInvocation begin(int who, ClientProcess client) {
        if (!isOf(who)) {
            return null;
        }
        if (open != null) {
            throw new AssertionError("A transaction begins before the one before has ended");
        }
        TransactionInvocation invocation = client.transaction();
        open = new Open(invocation);
        return invocation;
    }

    /** A record is sent. */
    SendInvocation sent(SendInvocation send) {
        underWay.add(send);
        return send;
    }

    /** Whether a record's outcome is to be noted: only once, and only if nobody has given it up. */
    boolean isNews(SendInvocation send) {
        return underWay.remove(send);
    }

    /** The transaction is prepared; false if that is of no use any more. */
    boolean prepared(int who, PreparedTxnState state) {
        if (!isOf(who)) {
            return false;
        }
        Open transaction = required();
        transaction.prepared = state.toString();
        transaction.isPrepared = true;
        return true;
    }

    /** It is decided; false if it is not for this one to decide. Only what is prepared can be committed. */
    boolean decide(int who, boolean commit) {
        if (!isOf(who)) {
            return false;
        }
        Open transaction = required();
        if (transaction.commit != null || commit && !transaction.isPrepared) {
            throw new AssertionError("Decided on twice, or before it was prepared: " + transaction.prepared);
        }
        transaction.commit = commit;
        if (commit) {
            lastCommitted = transaction.prepared;
            transaction.invocation.committing();
        } else {
            transaction.invocation.aborting();
        }
        return true;
    }

    /** What the producer is to be told: the transaction that was last decided to be committed, which is another than the open one if that is to be aborted. */
    PreparedTxnState decided() {
        return new PreparedTxnState(lastCommitted);
    }

    /** It has come to the end that was decided on; false if somebody else has noted that. */
    boolean ended(int who) {
        if (!isOf(who)) {
            return false;
        }
        Open transaction = required();
        if (Boolean.TRUE.equals(transaction.commit)) {
            transaction.invocation.committed();
            committed++;
        } else {
            transaction.invocation.aborted();
        }
        open = null;
        return true;
    }

    // ---- for whoever comes later

    /**
     * Looks at what was left open.
     *
     * @param kept the transaction that the brokers have kept
     * @return whether it was prepared and is to be decided on; nothing else can be decided but that it is aborted
     */
    boolean isUndecided(PreparedTxnState kept) {
        Open transaction = required();
        if (transaction.commit != null) {
            return false;
        }
        boolean holdsSomething = !transaction.prepared.isEmpty();
        if (transaction.isPrepared && holdsSomething && !kept.toString().equals(transaction.prepared)) {
            throw new AssertionError("Prepared was " + transaction.prepared + " and nobody has decided on it, but the brokers have kept '" + kept + "'");
        }
        return transaction.isPrepared;
    }

    private Open required() {
        Open transaction = open;
        if (transaction == null) {
            throw new AssertionError("There is no transaction");
        }
        return transaction;
    }
}
