package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableTopic;
import dev.kafkaboot.protocol.message.CreateTopicsResponse.CreatableTopicConfigs;
import dev.kafkaboot.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Creates topics as CreateTopics asks, after the checks that a controller makes. */
final class TopicCreations {

    /** Stands for the cluster's default, of partitions and of replicas. */
    private static final int DEFAULT = -1;

    private final FakeKafka cluster;

    TopicCreations(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** Creates a topic, or only tells what would come of it. */
    CreatableTopicResult create(CreatableTopic asked, boolean validateOnly) {
        TreeMap<String, @Nullable String> configs = new TreeMap<>();
        asked.configs().forEach(config -> configs.put(config.name(), config.value()));
        Problem problem = firstProblem(asked, configs);
        if (problem != null) {
            return failed(asked.name(), problem);
        }
        TreeMap<String, String> set = new TreeMap<>();
        configs.forEach((name, value) -> set.put(name, value == null ? "" : value));
        boolean assigned = !asked.assignments().isEmpty();
        List<List<Integer>> assignment = assigned ? assignment(asked) : List.of();
        int partitions = assigned ? assignment.size() : orDefault(asked.numPartitions(), cluster.settings().defaultPartitions());
        int replicas = assigned ? assignment.get(0).size() : replicationFactor(asked);
        if (validateOnly) {
            return created(asked.name(), partitions, replicas, set).topicId(cluster.newUuid());
        }
        FakeTopic topic = assigned
                ? cluster.topics().createAssigned(asked.name(), assignment, set)
                : cluster.topics().create(asked.name(), partitions, replicas, set, /* internal= */ CoordinatorType.keptIn(asked.name()) != null);
        return created(asked.name(), partitions, replicas, set).topicId(topic.id());
    }

    static CreatableTopicResult failed(String name, Problem problem) {
        return new CreatableTopicResult().name(name).errorCode(problem.error().code()).errorMessage(problem.message());
    }

    private @Nullable Problem firstProblem(CreatableTopic asked, Map<String, @Nullable String> configs) {
        Problem problem = TopicNames.check(asked.name(), cluster.allTopics());
        if (problem == null) {
            problem = asked.assignments().isEmpty() ? checkNumbers(asked) : checkAssignments(asked);
        }
        return problem == null ? TopicConfigs.check(configs, cluster.settings()) : problem;
    }

    private @Nullable Problem checkNumbers(CreatableTopic asked) {
        if (asked.numPartitions() == 0 || asked.numPartitions() < DEFAULT) {
            return new Problem(ErrorCode.INVALID_PARTITIONS, "A topic cannot have " + asked.numPartitions() + " partitions");
        }
        int brokers = cluster.brokers().size();
        int replicas = asked.replicationFactor();
        if (replicas == 0 || replicas < DEFAULT || replicas > brokers) {
            return new Problem(
                    ErrorCode.INVALID_REPLICATION_FACTOR, "A partition cannot have " + replicas + " replicas where " + brokers + " brokers are registered");
        }
        return null;
    }

    private @Nullable Problem checkAssignments(CreatableTopic asked) {
        if (asked.numPartitions() != DEFAULT || asked.replicationFactor() != DEFAULT) {
            return new Problem(ErrorCode.INVALID_REQUEST, "Where replicas are assigned, partitions and replication factor must be -1");
        }
        TreeSet<Integer> indexes = new TreeSet<>();
        asked.assignments().forEach(partition -> indexes.add(partition.partitionIndex()));
        if (indexes.size() != asked.assignments().size() || indexes.first() != 0 || indexes.last() != indexes.size() - 1) {
            return new Problem(ErrorCode.INVALID_REPLICA_ASSIGNMENT, "The assigned partitions are not 0 to n: " + indexes);
        }
        return ReplicaAssignments.check(cluster, assignment(asked), assignment(asked).get(0).size());
    }

    private static List<List<Integer>> assignment(CreatableTopic asked) {
        TreeMap<Integer, List<Integer>> byIndex = new TreeMap<>();
        for (CreatableReplicaAssignment partition : asked.assignments()) {
            byIndex.put(partition.partitionIndex(), partition.brokerIds());
        }
        return List.copyOf(byIndex.values());
    }

    private int replicationFactor(CreatableTopic asked) {
        return Math.min(orDefault(asked.replicationFactor(), cluster.settings().replicationFactor()), cluster.brokers().size());
    }

    private static int orDefault(int asked, int usual) {
        return asked == DEFAULT ? usual : asked;
    }

    private CreatableTopicResult created(String name, int partitions, int replicas, Map<String, String> set) {
        List<CreatableTopicConfigs> effective = TopicConfigs.definitions(cluster.settings()).stream()
                .map(definition -> {
                    String own = set.get(definition.name());
                    return new CreatableTopicConfigs()
                            .name(definition.name())
                            .value(own == null ? TopicConfigs.defaultOf(definition, cluster.settings()) : own)
                            .configSource((own == null ? ConfigSource.DEFAULT : ConfigSource.TOPIC).code());
                })
                .toList();
        return new CreatableTopicResult()
                .name(name)
                .numPartitions(partitions)
                .replicationFactor((short) replicas)
                .errorMessage(null)
                .configs(effective);
    }
}
