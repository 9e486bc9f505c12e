package dev.kafkaboot.autoconfigure;

import java.util.stream.Stream;

/** Kafka's own keys that are about security: one that is not honoured could mean that secrets and records go over the wire in plain text. */
final class SecurityNames {

    private SecurityNames() {}

    /** Whether one of Kafka's own keys is about security. */
    static boolean isKey(String key) {
        return Stream.of("security.", "ssl.", "sasl.").anyMatch(key::startsWith);
    }
}
