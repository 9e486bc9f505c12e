package dev.kafkaboot.test.history;

/** How an operation ended. */
public enum Outcome {
    /** It was done, and the client said so. */
    OK,
    /** It was certainly not done, and never will be. */
    FAIL,
    /** It may or may not have been done, or may still be: a time-out, a broken connection, a crash. */
    UNKNOWN
}
