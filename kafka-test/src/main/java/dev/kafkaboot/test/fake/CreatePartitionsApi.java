package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import dev.kafkaboot.protocol.message.CreatePartitionsResponse;
import dev.kafkaboot.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CreatePartitions: makes topics grow. */
final class CreatePartitionsApi {

    private final FakeKafka cluster;

    private CreatePartitionsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        CreatePartitionsApi own = new CreatePartitionsApi(cluster);
        apis.add(new Api<>(CreatePartitionsRequest::new, own::create, CreatePartitionsApi::failure));
    }

    private void create(Exchange<CreatePartitionsRequest, CreatePartitionsResponse> exchange) {
        CreatePartitionsRequest request = exchange.request();
        Map<String, List<CreatePartitionsTopic>> byName = new LinkedHashMap<>();
        request.topics().forEach(topic -> byName.computeIfAbsent(topic.name(), name -> new ArrayList<>()).add(topic));
        exchange.reply(new CreatePartitionsResponse()
                .results(byName.entrySet().stream()
                        .map(topic -> topic.getValue().size() > 1
                                ? result(topic.getValue().get(0), new Problem(ErrorCode.INVALID_REQUEST, "Topic " + topic.getKey() + " is named twice"))
                                : create(topic.getValue().get(0), request.validateOnly()))
                        .toList()));
    }

    private CreatePartitionsTopicResult create(CreatePartitionsTopic asked, boolean validateOnly) {
        FakeTopic topic = cluster.topics().find(asked.name());
        if (topic == null) {
            return new CreatePartitionsTopicResult().name(asked.name()).errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        @Nullable List<List<Integer>> assignment = assignment(asked);
        int replicas = topic.partitions().get(0).replicas().size();
        Problem problem = check(topic, asked.count(), assignment, replicas);
        if (problem == null && !validateOnly) {
            if (assignment == null) {
                cluster.topics().grow(topic, asked.count(), replicas);
            } else {
                cluster.topics().growAssigned(topic, assignment);
            }
        }
        return result(asked, problem);
    }

    private @Nullable Problem check(FakeTopic topic, int count, @Nullable List<List<Integer>> assignment, int replicas) {
        int present = topic.partitions().size();
        if (count <= present) {
            return new Problem(ErrorCode.INVALID_PARTITIONS, "Topic " + topic + " has " + present + " partitions already, and cannot have " + count);
        }
        if (assignment == null) {
            return null;
        }
        if (assignment.size() != count - present) {
            return new Problem(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT, "There are " + (count - present) + " new partitions, and not " + assignment.size());
        }
        return ReplicaAssignments.check(cluster, assignment, replicas);
    }

    /** Who is to hold the new partitions, or null where the cluster decides. */
    private static @Nullable List<List<Integer>> assignment(CreatePartitionsTopic asked) {
        List<CreatePartitionsAssignment> assignments = asked.assignments();
        return assignments == null ? null : assignments.stream().map(CreatePartitionsAssignment::brokerIds).toList();
    }

    private static CreatePartitionsResponse failure(CreatePartitionsRequest request, short version, ErrorCode error) {
        return new CreatePartitionsResponse()
                .results(request.topics().stream().map(topic -> result(topic, Problem.of(error))).toList());
    }

    private static CreatePartitionsTopicResult result(CreatePartitionsTopic asked, @Nullable Problem problem) {
        CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().name(asked.name());
        return problem == null ? result : result.errorCode(problem.error().code()).errorMessage(problem.message());
    }
}
