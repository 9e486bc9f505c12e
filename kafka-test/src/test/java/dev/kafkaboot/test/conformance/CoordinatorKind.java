package dev.kafkaboot.test.conformance;

/** What a coordinator is asked for. */
enum CoordinatorKind {
    GROUP,
    TRANSACTION;

    /** Its number in FindCoordinator. */
    byte keyType() {
        return (byte) ordinal();
    }
}
