package dev.kafkaboot.test.fake;

/** Where a transactional id is between one transaction and the next. */
enum TransactionState {
    /** The producer has an epoch and has begun nothing. */
    EMPTY,
    /** Partitions or groups take part. */
    ONGOING,
    /** It is decided that all is to be seen, and not all partitions know. */
    PREPARE_COMMIT,
    /** It is decided that nothing is to be seen, and not all partitions know. */
    PREPARE_ABORT,
    /** All partitions know that all is to be seen. */
    COMPLETE_COMMIT,
    /** All partitions know that nothing is to be seen. */
    COMPLETE_ABORT;

    boolean isEnding() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }
}
