package dev.kafkaboot.client;

/** What is known about a record whose send failed. */
public enum Persistence {
    /** It was not written and will not be: sending it again cannot make a duplicate. */
    NOT_PERSISTED,
    /** It may have been written: sending it again may make a duplicate. */
    POSSIBLY_PERSISTED,
    /** It was written, although its acknowledgement failed. */
    PERSISTED
}
