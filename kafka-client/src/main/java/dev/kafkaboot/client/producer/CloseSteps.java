package dev.kafkaboot.client.producer;

import org.jspecify.annotations.Nullable;

/** Steps that are all taken, whatever one of them throws. One thread. */
final class CloseSteps {

    private @Nullable RuntimeException failure;

    /** Takes a step. */
    void take(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException thrown) {
            if (failure == null) {
                failure = thrown;
            } else {
                failure.addSuppressed(thrown);
            }
        }
    }

    /** Throws what the first step threw that failed, if one did. */
    void finish() {
        if (failure != null) {
            throw failure;
        }
    }
}
