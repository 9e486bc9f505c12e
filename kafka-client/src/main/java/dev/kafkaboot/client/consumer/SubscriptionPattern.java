package dev.kafkaboot.client.consumer;

/**
 * A regular expression that the group's coordinator matches with the names of all topics, so that no member has to know of them (KIP-848). The coordinator reads
 * it as RE2 does, which knows no looking around and no references back, and the whole name has to match.
 *
 * @param pattern the expression
 * @see TopicPattern
 */
public record SubscriptionPattern(String pattern) {

    /** An expression; whether it is one, the coordinator tells. */
    public SubscriptionPattern {
        if (pattern.isBlank()) {
            throw new IllegalArgumentException("A subscription pattern must not be blank");
        }
    }

    @Override
    public String toString() {
        return "/" + pattern + "/";
    }
}
