package dev.kafkaboot.client.consumer;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a consumer subscribes to. */
sealed interface Subscription {

    /** Whether it is nothing at all. */
    default boolean isEmpty() {
        return false;
    }

    /**
     * Topics by their names.
     *
     * @param topics the names
     */
    record Names(Set<String> topics) implements Subscription {

        public Names {
            topics = Collections.unmodifiableSet(new LinkedHashSet<>(topics));
        }

        @Override
        public boolean isEmpty() {
            return topics.isEmpty();
        }

        @Override
        public String toString() {
            return topics.toString();
        }
    }

    /**
     * Topics that the consumer finds.
     *
     * @param pattern what they are called
     */
    record Matching(TopicPattern pattern) implements Subscription {

        @Override
        public String toString() {
            return pattern.toString();
        }
    }

    /**
     * Topics that the coordinator finds.
     *
     * @param pattern what they are called
     */
    record MatchedByCoordinator(SubscriptionPattern pattern) implements Subscription {

        @Override
        public String toString() {
            return pattern.toString();
        }
    }
}
