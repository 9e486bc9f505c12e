package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is configured for topics, brokers and groups. Of topics and groups there is a table of what there is; brokers keep whatever is set. Of all that only what other
 * parts of the cluster look for has an effect.
 */
final class Configs {

    private final FakeKafka cluster;
    private final TreeMap<String, TreeMap<String, String>> brokers = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, String>> groups = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, String>> clientMetrics = new TreeMap<>();

    /** What can be configured, with the numbers of DescribeConfigs. */
    enum Kind {
        TOPIC(2),
        BROKER(4),
        CLIENT_METRICS(16),
        GROUP(32);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static @Nullable Kind of(byte code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    Configs(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** What speaks against a resource, or null. */
    @Nullable Problem check(byte type, String name) {
        Kind kind = Kind.of(type);
        if (kind == null) {
            return new Problem(ErrorCode.INVALID_REQUEST, "Resources of type " + type + " have no configuration here");
        }
        return switch (kind) {
            case TOPIC -> cluster.topics().find(name) == null ? Problem.of(ClusterApis.unknown(name)) : null;
            case BROKER -> isBroker(name) ? null : new Problem(ErrorCode.INVALID_REQUEST, "There is no broker '" + name + "'");
            case CLIENT_METRICS, GROUP -> name.isEmpty() ? Problem.of(ErrorCode.INVALID_REQUEST) : null;
        };
    }

    private boolean isBroker(String name) {
        return name.isEmpty() || cluster.brokers().stream().anyMatch(broker -> Integer.toString(broker.id()).equals(name));
    }

    /** What is set for a resource that has passed the check; may be changed. A broker without a name stands for all. */
    Map<String, String> of(byte type, String name) {
        Kind kind = Kind.of(type);
        FakeTopic topic = kind == Kind.TOPIC ? cluster.topics().find(name) : null;
        if (topic != null) {
            return topic.configs();
        }
        TreeMap<String, TreeMap<String, String>> known = kind == Kind.GROUP ? groups : kind == Kind.CLIENT_METRICS ? clientMetrics : brokers;
        return known.computeIfAbsent(name, resource -> new TreeMap<>());
    }

    /** What is set for each subscription to clients' metrics. */
    List<Map<String, String>> clientMetrics() {
        return List.copyOf(clientMetrics.values());
    }

    /** What is set for a group. */
    Map<String, String> ofGroup(String id) {
        return groups.getOrDefault(id, new TreeMap<>());
    }

    /** What is wrong with what a resource is to be set to, or null. */
    @Nullable Problem checkValues(byte type, Map<String, @Nullable String> configs) {
        Kind kind = Kind.of(type);
        if (kind == Kind.TOPIC) {
            return TopicConfigs.check(configs, cluster.settings());
        }
        if (kind == Kind.CLIENT_METRICS) {
            return TelemetryConfigs.check(configs);
        }
        return kind == Kind.GROUP ? GroupConfig.check(configs, cluster.settings()) : null;
    }
}
