package dev.kafkaboot.client.consumer;

/** Whether the application marks the records that it has finished, and who commits what is marked ({@code commit.marks}). */
public enum CommitMarks {
    /** Nothing is marked: what a poll handed out counts as finished when the same thread polls again. */
    OFF,
    /** The application marks records, and commits what is marked by {@link KafkaConsumer#commitMarked()}. */
    MANUAL,
    /** The application marks records, and what is marked is committed from time to time, before partitions are given up, and on close. */
    AUTO
}
