package dev.kafkaboot.client.sim;

/** Ends a thread from within whatever it waits for: its process has crashed, or the simulation is over. Nothing is meant to catch it. */
final class Unwound extends Error {

    private static final long serialVersionUID = 1L;

    Unwound(String reason) {
        super(reason, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
