package dev.kafkaboot.client.sim;

import dev.kafkaboot.protocol.Uuid;

/** What a client asked about one topic, when, and what it was told. */
final class TopicCall {

    /** What was asked. */
    enum Kind {
        CREATE,
        DELETE,
        /** A description or a list. */
        LOOK
    }

    /** What was told. */
    enum Outcome {
        /** It is done, or it is there. */
        YES,
        /** It cannot be done as things are: it is there already, or it is not there. */
        NO,
        /** Nobody knows, or the caller did not live to hear it. */
        UNKNOWN
    }

    private final long number;
    private final String process;
    private final Kind kind;
    private final String topic;
    private final long fromNanos;
    private long toNanos = Long.MAX_VALUE;
    private Outcome outcome = Outcome.UNKNOWN;
    private Uuid id = Uuid.ZERO;

    TopicCall(long number, String process, Kind kind, String topic, long fromNanos) {
        this.number = number;
        this.process = process;
        this.kind = kind;
        this.topic = topic;
        this.fromNanos = fromNanos;
    }

    void ended(long nanos, Outcome told, Uuid toldId) {
        toNanos = nanos;
        outcome = told;
        id = toldId;
    }

    long number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    String topic() {
        return topic;
    }

    long fromNanos() {
        return fromNanos;
    }

    long toNanos() {
        return toNanos;
    }

    Outcome outcome() {
        return outcome;
    }

    /** The topic's id if it was told, or zero. */
    Uuid id() {
        return id;
    }

    /** What can only have happened between its beginning and this time; without an end if nobody knows whether it was done. */
    long latestEffectNanos() {
        return outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : toNanos;
    }

    @Override
    public String toString() {
        return "call " + number + " of " + process + ", " + kind + " " + topic + " from " + fromNanos + " to " + toNanos + ": " + outcome + " " + id;
    }
}
