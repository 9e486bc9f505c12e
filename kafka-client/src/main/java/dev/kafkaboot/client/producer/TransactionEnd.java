package dev.kafkaboot.client.producer;

import java.util.concurrent.CompletableFuture;

/** A commit, an abort or a preparation that was asked for, through however many calls. On the loop. */
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

    TransactionEnd(Kind kind) {
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    CompletableFuture<Void> outcome() {
        return outcome;
    }

    /** Somebody who waited has got the outcome. */
    void tell() {
        told = true;
    }

    /** Whether everybody who waited for the outcome has given up before it was there, so that a call that comes now is for this. */
    boolean isUntold() {
        return !told;
    }
}
