package dev.kafkaboot.test.fake;

import org.jspecify.annotations.Nullable;

/** What can be coordinated, each by the leaders of an internal topic's partitions. */
enum CoordinatorType {
    GROUP("__consumer_offsets"),
    TRANSACTION("__transaction_state"),
    SHARE("__share_group_state");

    private final String topic;

    CoordinatorType(String topic) {
        this.topic = topic;
    }

    /** The topic in which a real broker keeps the state. */
    String topic() {
        return topic;
    }

    /** The type that FindCoordinator names by a number, or null. */
    static @Nullable CoordinatorType of(byte keyType) {
        return keyType >= 0 && keyType < values().length ? values()[keyType] : null;
    }

    /** The type whose state is in a topic, or null. */
    static @Nullable CoordinatorType keptIn(String topic) {
        for (CoordinatorType type : values()) {
            if (type.topic.equals(topic)) {
                return type;
            }
        }
        return null;
    }
}
