package dev.kafkaboot.client.producer;

import java.util.EnumSet;
import java.util.Set;

/** Where a transactional producer stands, and where it can go from there. */
enum TransactionState {

    /** Nothing was asked for yet. */
    UNINITIALIZED("has not been initialised", "call initTransactions first"),
    /** The coordinator is asked for a producer id and epoch, and ends whatever the producer before left open. */
    INITIALIZING("is being initialised", "wait for initTransactions"),
    /** A transaction can begin. */
    READY("is in no transaction", "call beginTransaction first"),
    /** The coordinator is asked for another epoch, because a request of the last transaction may still be on its way (KAFKA-17754). */
    RENEWING("is in no transaction", "call beginTransaction first"),
    /** Records and offsets may be sent. */
    IN_TRANSACTION("is in a transaction", "commit or abort it first"),
    /** The transaction is to be prepared (KIP-939), and what was sent is waited for. The transaction can still fail. */
    PREPARING("is preparing a transaction", "wait for prepareTransaction"),
    /** All of the transaction is written, and it is open until it is decided on; maybe by the producer before this one. */
    PREPARED("has a prepared transaction", "call completeTransaction, commitTransaction or abortTransaction"),
    /** A commit was asked for, and what was sent is waited for. The transaction can still fail. */
    FLUSHING("is committing a transaction", "wait for the commit"),
    /** The coordinator was asked to commit. Until it answers nobody knows whether it has. */
    COMMITTING("is committing a transaction", "wait for the commit, or call commitTransaction again if its limit has passed"),
    /** What was not sent is dropped, what is under way is waited for, and then the coordinator is asked to abort. */
    ABORTING("is aborting a transaction", "wait for the abort, or call abortTransaction again if its limit has passed"),
    /** Something failed, so that the transaction can only be aborted. */
    ABORTABLE_ERROR("is in a transaction that has failed", "call abortTransaction"),
    /** There is nothing that this producer can do any more. */
    FATAL_ERROR("has failed for good", "close it"),
    /** The producer is closed. */
    CLOSED("is closed", "make another one");

    private final String text;
    private final String advice;

    TransactionState(String text, String advice) {
        this.text = text;
        this.advice = advice;
    }

    /** What the producer is or does, to follow its name. */
    String text() {
        return text;
    }

    /** What its user can do. */
    String advice() {
        return advice;
    }

    /** Whether what is appended is part of the open transaction, and is sent. */
    boolean isSending() {
        return this == IN_TRANSACTION || this == PREPARING || this == FLUSHING;
    }

    private Set<TransactionState> next() {
        return switch (this) {
            case UNINITIALIZED -> EnumSet.of(INITIALIZING, CLOSED);
            case INITIALIZING -> EnumSet.of(READY, PREPARED, FATAL_ERROR, CLOSED);
            case RENEWING -> EnumSet.of(READY, FATAL_ERROR, CLOSED);
            case READY -> EnumSet.of(IN_TRANSACTION, RENEWING, CLOSED);
            case IN_TRANSACTION -> EnumSet.of(PREPARING, FLUSHING, ABORTING, ABORTABLE_ERROR, FATAL_ERROR, CLOSED);
            case PREPARING -> EnumSet.of(PREPARED, ABORTABLE_ERROR, FATAL_ERROR, CLOSED);
            case PREPARED -> EnumSet.of(COMMITTING, ABORTING, READY, RENEWING, CLOSED);
            case FLUSHING -> EnumSet.of(COMMITTING, READY, RENEWING, ABORTABLE_ERROR, FATAL_ERROR, CLOSED);
            case COMMITTING -> EnumSet.of(READY, RENEWING, ABORTABLE_ERROR, FATAL_ERROR, CLOSED);
            case ABORTING -> EnumSet.of(READY, ABORTABLE_ERROR, FATAL_ERROR, CLOSED);
            case ABORTABLE_ERROR -> EnumSet.of(ABORTING, FATAL_ERROR, CLOSED);
            case FATAL_ERROR -> EnumSet.of(CLOSED);
            case CLOSED -> EnumSet.noneOf(TransactionState.class);
        };
    }

    /**
     * Goes on to another state.
     *
     * @throws IllegalStateException if there is no way there, which is a fault of this library
     */
    TransactionState to(TransactionState target) {
        if (!next().contains(target)) {
            throw new IllegalStateException("A transactional producer cannot go from " + this + " to " + target);
        }
        return target;
    }
}
