package dev.kafkaboot.client.faults;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * From which topic to which others read and write, and how. What is configured has the same names for either client.
 *
 * @param from the topic that is read
 * @param to the topic that is written to
 * @param assignor how the group shares out the partitions: the name that this client has for it, which is that on the wire
 * @param apachesAssignor the class that Apache's client has for it
 */
record Stage(String from, String to, String assignor, Class<?> apachesAssignor) {

    /** Of the consumer of either client. */
    Map<String, Object> consumerConfig(String servers) {
        return new LinkedHashMap<>(Map.of(
                "bootstrap.servers", servers, "group.id", "from-" + from, "isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "enable.auto.commit", false, "session.timeout.ms", 4_000, "heartbeat.interval.ms", 500, "max.poll.records", 20));
    }

    /** Of the producer of either client; what a crashed one has begun is ended by its successor or by the time-out. */
    static Map<String, Object> producerConfig(String servers, String name) {
        return new LinkedHashMap<>(Map.of("bootstrap.servers", servers, "transactional.id", name, "transaction.timeout.ms", 4_000));
    }
}
