package dev.kafkaboot.client.producer;

/** What {@link KafkaProducer#purge} fails. */
public enum Purge {
    /** What was not sent yet, or has come back and waits to be sent again. */
    QUEUED,
    /** That, and what a broker has not answered yet: it may be written all the same. */
    QUEUED_AND_IN_FLIGHT
}
