package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import dev.kafkaboot.protocol.message.CreatePartitionsResponse;
import dev.kafkaboot.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.List;
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
        exchange.reply(new CreatePartitionsResponse()
                .results(request.topics().stream().map(topic -> create(topic, request.validateOnly())).toList()));
    }

    private CreatePartitionsTopicResult create(CreatePartitionsTopic asked, boolean validateOnly) {
        FakeTopic topic = cluster.topics().find(asked.name());
        if (topic == null) {
            return result(asked, Problem.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        List<List<Integer>> assignment = assignment(asked);
        int replicas = topic.partitions().get(0).replicas().size();
        Problem problem = check(topic, asked.count(), assignment, replicas);
        if (problem == null && !validateOnly) {
            if (assignment.isEmpty()) {
                cluster.topics().grow(topic, asked.count(), replicas);
            } else {
                cluster.topics().growAssigned(topic, assignment);
            }
        }
        return result(asked, problem);
    }

    private @Nullable Problem check(FakeTopic topic, int count, List<List<Integer>> assignment, int replicas) {
        int present = topic.partitions().size();
        if (count <= present) {
            return new Problem(ErrorCode.INVALID_PARTITIONS, "Topic " + topic + " has " + present + " partitions already, and cannot have " + count);
        }
        if (assignment.isEmpty()) {
            return null;
        }
        if (assignment.size() != count - present) {
            return new Problem(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT, "There are " + (count - present) + " new partitions, and not " + assignment.size());
        }
        return ReplicaAssignments.check(cluster, assignment, replicas);
    }

    private static List<List<Integer>> assignment(CreatePartitionsTopic asked) {
        List<CreatePartitionsAssignment> assignments = asked.assignments();
        return assignments == null ? List.of() : assignments.stream().map(CreatePartitionsAssignment::brokerIds).toList();
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
