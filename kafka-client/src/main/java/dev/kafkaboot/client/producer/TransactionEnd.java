package dev.kafkaboot.client.producer;

import java.util.concurrent.CompletableFuture;

/** A commit, an abort or a preparation that was asked for, through however many calls. On the loop, but for {@link #mayBeCommitted}. */
final class TransactionEnd {

    /** How a transaction ends, or comes to the point from which on it cannot fail any more. */
    enum Kind {
        PREPARE,
        COMMIT,
        ABORT
    }

    private final Kind kind;
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private boolean told;
    private boolean abandoned;

    /** Set on the loop; read by whoever was told that the producer is closed. */
    private volatile boolean asked;

    TransactionEnd(Kind kind) {
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    CompletableFuture<Void> outcome() {
        return outcome;
    }

    /** The coordinator is asked to commit. */
    void asksToCommit() {
        asked = true;
    }

    /** Whether the coordinator was asked to commit, so that the transaction may be committed if its answer does not come. Any thread. */
    boolean mayBeCommitted() {
        return asked;
    }

    /** Somebody who waited has got the outcome. */
    void tell() {
        told = true;
    }

    /** Whether everybody who waited for the outcome has given up before it was there, so that a call that comes now is for this. */
    boolean isUntold() {
        return !told;
    }

    /** Nobody will do anything about its failure. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }
}
