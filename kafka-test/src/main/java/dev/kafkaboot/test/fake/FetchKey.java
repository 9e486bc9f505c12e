package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;

/** A partition as a fetch names it: its topic by name up to version 12, by id from version 13 on, and the other one empty. */
record FetchKey(String topic, Uuid topicId, int partition) {

    private static final int FIRST_WITH_TOPIC_IDS = 13;

    static FetchKey of(String topic, Uuid topicId, int partition, int version) {
        return usesIds(version) ? new FetchKey("", topicId, partition) : new FetchKey(topic, Uuid.ZERO, partition);
    }

    static boolean usesIds(int version) {
        return version >= FIRST_WITH_TOPIC_IDS;
    }

    boolean isById() {
        return !topicId.equals(Uuid.ZERO);
    }

    boolean hasTopicOf(FetchKey other) {
        return topic.equals(other.topic) && topicId.equals(other.topicId);
    }
}
