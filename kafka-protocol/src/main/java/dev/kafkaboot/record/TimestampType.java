package dev.kafkaboot.record;

/** What a record's timestamp tells (KIP-32). */
public enum TimestampType {
    /** Message sets of version 0 have no timestamps. */
    NO_TIMESTAMP,
    /** When the producer made the record. */
    CREATE_TIME,
    /** When the broker appended its batch. */
    LOG_APPEND_TIME
}
