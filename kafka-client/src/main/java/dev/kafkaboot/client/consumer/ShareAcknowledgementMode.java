package dev.kafkaboot.client.consumer;

/** Who says what becomes of the records of a share group. */
public enum ShareAcknowledgementMode {
    /** What a poll handed out counts as processed when the same thread polls again or commits. */
    IMPLICIT,
    /** The application acknowledges each record before it polls again. */
    EXPLICIT
}
