package dev.kafkaboot.test.conformance;

/** What a coordinator is asked for. */
enum CoordinatorKind {
    GROUP(0),
    TRANSACTION(1);

    private final byte keyType;

    CoordinatorKind(int keyType) {
        this.keyType = (byte) keyType;
    }

    /** Its number in FindCoordinator. */
    byte keyType() {
        return keyType;
    }
}
