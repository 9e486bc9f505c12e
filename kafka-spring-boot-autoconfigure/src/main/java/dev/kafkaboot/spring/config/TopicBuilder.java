package dev.kafkaboot.spring.config;

import dev.kafkaboot.client.admin.NewTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes a topic step by step; a bean of the result is created by {@link dev.kafkaboot.spring.core.KafkaAdmin}.
 *
 * <pre>{@code
 * @Bean
 * NewTopic orders() {
 *     return TopicBuilder.name("orders").partitions(12).replicas(3).compact().build();
 * }
 * }</pre>
 *
 * <p>What is not said is the broker's to choose. Not thread-safe.
 *
 * @see NewTopic#of the same without a builder
 */
public final class TopicBuilder {

    private final Map<Integer, List<Integer>> assignments = new HashMap<>();
    private NewTopic topic;

    private TopicBuilder(NewTopic topic) {
        this.topic = topic;
    }

    /** Begins with a name. */
    public static TopicBuilder name(String name) {
        return new TopicBuilder(NewTopic.of(name));
    }

    /** How many partitions. */
    public TopicBuilder partitions(int partitionCount) {
        topic = topic.partitions(partitionCount);
        return this;
    }

    /** How many brokers keep each partition. */
    public TopicBuilder replicas(int replicaCount) {
        topic = topic.replicationFactor(replicaCount);
        return this;
    }

    /** Which brokers keep a partition, the preferred leader first; in place of the numbers of partitions and replicas. */
    public TopicBuilder assignReplicas(int partition, List<Integer> brokers) {
        assignments.put(partition, List.copyOf(brokers));
        return this;
    }

    /** Sets one of the topic's own settings, such as {@code retention.ms}. */
    public TopicBuilder config(String key, String value) {
        topic = topic.config(key, value);
        return this;
    }

    /** Sets some of the topic's own settings. */
    public TopicBuilder configs(Map<String, String> values) {
        topic = topic.configs(values);
        return this;
    }

    /** Keeps the last record of each key ({@code cleanup.policy=compact}). */
    public TopicBuilder compact() {
        return config("cleanup.policy", "compact");
    }

    /** The topic. */
    public NewTopic build() {
        return assignments.isEmpty() ? topic : topic.replicas(assignments);
    }
}
