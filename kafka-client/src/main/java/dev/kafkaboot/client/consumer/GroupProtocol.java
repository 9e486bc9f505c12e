package dev.kafkaboot.client.consumer;

/** How the members of a group and its coordinator come to terms ({@code group.protocol}). */
public enum GroupProtocol {
    /** Members join in rounds, and one of them distributes the partitions. Any broker speaks it. */
    CLASSIC,
    /** The coordinator distributes the partitions and tells each member its own, without rounds (KIP-848). From Kafka 4.0 on. */
    CONSUMER,
    /** The newer one where the coordinator takes it and nothing is configured that only classic groups have, else the classic one. */
    AUTO
}
