package dev.kafkaboot.client.admin;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A topic to be made. Immutable; each method answers a changed copy.
 *
 * <p>What is not said is the broker's to choose ({@code num.partitions}, {@code default.replication.factor}; KIP-464).
 */
public final class NewTopic {

    private static final int BROKER_DEFAULT = -1;

    private final String name;
    private final int partitions;
    private final int replicationFactor;
    private final Map<Integer, List<Integer>> assignments;
    private final Map<String, String> configs;

    private NewTopic(
            String name, int partitions, int replicationFactor, Map<Integer, List<Integer>> assignments, Map<String, String> configs) {
        this.name = name;
        this.partitions = partitions;
        this.replicationFactor = replicationFactor;
        this.assignments = assignments;
        this.configs = configs;
    }

    /** A topic of that name, and all else as the broker has it. */
    public static NewTopic of(String name) {
        return new NewTopic(Objects.requireNonNull(name, "name"), BROKER_DEFAULT, BROKER_DEFAULT, Map.of(), Map.of());
    }

    /**
     * How many partitions.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public NewTopic partitions(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("Topic '" + name + "' needs at least one partition, not " + count);
        }
        return new NewTopic(name, count, replicationFactor, assignments, configs);
    }

    /**
     * How many brokers keep each partition.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32767
     */
    public NewTopic replicationFactor(int count) {
        if (count < 1 || count > Short.MAX_VALUE) {
            throw new IllegalArgumentException("The replication factor of topic '" + name + "' must be from 1 to 32767, not " + count);
        }
        return new NewTopic(name, partitions, count, assignments, configs);
    }

    /**
     * Which brokers keep each partition, the preferred leader first. Then neither partitions nor a replication factor are given.
     *
     * @param brokersByPartition for each partition, from 0 on, the ids of brokers
     */
    public NewTopic replicas(Map<Integer, List<Integer>> brokersByPartition) {
        return new NewTopic(name, BROKER_DEFAULT, BROKER_DEFAULT, new TreeMap<>(brokersByPartition), configs);
    }

    /** Sets one of the topic's own settings, such as {@code retention.ms}. */
    public NewTopic config(String key, String value) {
        return configs(Map.of(key, value));
    }

    /** Sets some of the topic's own settings. */
    public NewTopic configs(Map<String, String> values) {
        Map<String, String> all = new TreeMap<>(configs);
        all.putAll(values);
        return new NewTopic(name, partitions, replicationFactor, assignments, all);
    }

    /** The topic's name. */
    public String name() {
        return name;
    }

    /** How many partitions, or -1 if that is the broker's to choose. */
    public int partitions() {
        return partitions;
    }

    /** How many brokers keep each partition, or -1 if that is the broker's to choose. */
    public int replicationFactor() {
        return replicationFactor;
    }

    /** Which brokers keep each partition, in the order of these; empty if that is the controller's to choose. */
    public Map<Integer, List<Integer>> replicas() {
        return Collections.unmodifiableMap(assignments);
    }

    /** The topic's own settings, in the order of their names. */
    public Map<String, String> configs() {
        return Collections.unmodifiableMap(configs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NewTopic that
                && name.equals(that.name)
                && partitions == that.partitions
                && replicationFactor == that.replicationFactor
                && assignments.equals(that.assignments)
                && configs.equals(that.configs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, partitions, replicationFactor, assignments, configs);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        if (partitions != BROKER_DEFAULT) {
            text.append(", ").append(partitions).append(" partitions");
        }
        if (replicationFactor != BROKER_DEFAULT) {
            text.append(", replication factor ").append(replicationFactor);
        }
        if (!assignments.isEmpty()) {
            text.append(", replicas ").append(assignments);
        }
        return configs.isEmpty() ? text.toString() : text.append(", ").append(configs).toString();
    }
}
