package dev.kafkaboot.test.fake;

/** Where a transactional id is between one transaction and the next. */
enum TransactionState {
    /** The producer has an epoch and has begun nothing. */
    EMPTY("Empty"),
    /** Partitions or groups take part. */
    ONGOING("Ongoing"),
    /** It is decided that all is to be seen, and not all partitions know. */
    PREPARE_COMMIT("PrepareCommit"),
    /** It is decided that nothing is to be seen, and not all partitions know. */
    PREPARE_ABORT("PrepareAbort"),
    /** All partitions know that all is to be seen. */
    COMPLETE_COMMIT("CompleteCommit"),
    /** All partitions know that nothing is to be seen. */
    COMPLETE_ABORT("CompleteAbort");

    private final String label;

    TransactionState(String label) {
        this.label = label;
    }

    /** What administrators know it as. */
    String label() {
        return label;
    }

    boolean isEnding() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }
}
