package dev.kafkaboot.test.fake;

import org.jspecify.annotations.Nullable;

/** What a topic's configuration means, as it is at the moment of asking; where it says nothing, the defaults of Kafka 4.x. */
final class TopicSettings {

    private static final int MAX_MESSAGE_BYTES = 1_048_588;
    private static final int SEGMENT_BYTES = 1024 * 1024 * 1024;
    private static final long TIMESTAMP_AFTER_MAX_MILLIS = 3_600_000;

    private final FakeTopic topic;
    private final FakeSettings cluster;

    TopicSettings(FakeTopic topic, FakeSettings cluster) {
        this.topic = topic;
        this.cluster = cluster;
    }

    /** The largest batch. */
    int maxMessageBytes() {
        return (int) number("max.message.bytes", MAX_MESSAGE_BYTES);
    }

    /** The largest segment, and so the largest batch whatever else is allowed. */
    int segmentBytes() {
        return (int) number("segment.bytes", SEGMENT_BYTES);
    }

    /** How many replicas must have what {@code acks=all} acknowledges. */
    int minInsyncReplicas() {
        return (int) number("min.insync.replicas", cluster.minInsyncReplicas());
    }

    /** Whether a record may be removed once a newer one has its key. */
    boolean isCompacted() {
        return cleanupPolicy().contains("compact");
    }

    /** Whether records may be removed because they are old, or because somebody asked for it. */
    boolean isDeletedFrom() {
        return cleanupPolicy().contains("delete");
    }

    private String cleanupPolicy() {
        String policy = topic.configs().get("cleanup.policy");
        return policy == null ? "delete" : policy;
    }

    /** Whether records have the time of their append instead of the producer's. */
    boolean hasAppendTime() {
        return "LogAppendTime".equals(topic.configs().get("message.timestamp.type"));
    }

    /** How far back a producer's timestamp may lie. */
    long timestampBeforeMaxMillis() {
        return number("message.timestamp.before.max.ms", Long.MAX_VALUE);
    }

    /** How far ahead a producer's timestamp may lie. */
    long timestampAfterMaxMillis() {
        return number("message.timestamp.after.max.ms", TIMESTAMP_AFTER_MAX_MILLIS);
    }

    private long number(String key, long otherwise) {
        @Nullable String value = topic.configs().get(key);
        return value == null ? otherwise : Long.parseLong(value.trim());
    }
}
