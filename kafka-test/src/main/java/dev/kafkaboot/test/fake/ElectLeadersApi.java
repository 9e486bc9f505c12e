package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ElectLeadersRequest;
import dev.kafkaboot.protocol.message.ElectLeadersRequest.TopicPartitions;
import dev.kafkaboot.protocol.message.ElectLeadersResponse;
import dev.kafkaboot.protocol.message.ElectLeadersResponse.PartitionResult;
import dev.kafkaboot.protocol.message.ElectLeadersResponse.ReplicaElectionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** ElectLeaders: gives partitions their preferred leaders back, or a leader that lacks records to those that have none (KIP-460). */
final class ElectLeadersApi {

    private static final byte PREFERRED = 0;

    private final FakeKafka cluster;

    private ElectLeadersApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        ElectLeadersApi own = new ElectLeadersApi(cluster);
        apis.add(new Api<>(ElectLeadersRequest::new, own::elect, (request, version, error) -> failure(version, error)));
    }

    private void elect(Exchange<ElectLeadersRequest, ElectLeadersResponse> exchange) {
        ElectLeadersRequest request = exchange.request();
        boolean preferred = request.electionType() == PREFERRED;
        List<TopicPartitions> asked = request.topicPartitions();
        List<ReplicaElectionResult> results = new ArrayList<>();
        for (TopicPartitions topic : asked == null ? everything() : asked) {
            List<PartitionResult> partitions = new ArrayList<>();
            for (int partition : topic.partitions()) {
                ErrorCode error = elect(topic.topic(), partition, preferred);
                // Whoever asks for everything wants to be told of what was done only.
                if (asked != null || error != ErrorCode.ELECTION_NOT_NEEDED) {
                    partitions.add(new PartitionResult()
                            .partitionId(partition)
                            .errorCode(error.code())
                            .errorMessage(error == ErrorCode.NONE ? null : error.message()));
                }
            }
            if (!partitions.isEmpty()) {
                results.add(new ReplicaElectionResult().topic(topic.topic()).partitionResult(partitions));
            }
        }
        exchange.reply(new ElectLeadersResponse().replicaElectionResults(results));
    }

    private List<TopicPartitions> everything() {
        return cluster.allTopics().stream()
                .map(topic -> new TopicPartitions()
                        .topic(topic.name())
                        .partitions(IntStream.range(0, topic.partitions().size()).boxed().toList()))
                .toList();
    }

    private ErrorCode elect(String topic, int index, boolean preferred) {
        FakePartition partition = cluster.topics().find(topic, index);
        if (partition == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return preferred ? electPreferred(partition) : electAny(partition);
    }

    private ErrorCode electPreferred(FakePartition partition) {
        int first = partition.replicas().get(0);
        if (partition.leader() == first) {
            return ErrorCode.ELECTION_NOT_NEEDED;
        }
        if (!cluster.isRunning(first) || !partition.inSync().contains(first)) {
            return ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE;
        }
        cluster.topics().lead(partition, first, /* lossy= */ false);
        return ErrorCode.NONE;
    }

    private ErrorCode electAny(FakePartition partition) {
        if (partition.leader() != FakePartition.NO_LEADER) {
            return ErrorCode.ELECTION_NOT_NEEDED;
        }
        for (int replica : partition.replicas()) {
            if (cluster.isRunning(replica)) {
                boolean unclean = !partition.inSync().contains(replica);
                if (unclean) {
                    partition.inSync().clear();
                    partition.inSync().add(replica);
                }
                cluster.topics().lead(partition, replica, unclean);
                return ErrorCode.NONE;
            }
        }
        return ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE;
    }

    private static ElectLeadersResponse failure(short version, ErrorCode error) {
        // Version 0 has no error of its own.
        return version == 0 ? new ElectLeadersResponse() : new ElectLeadersResponse().errorCode(error.code());
    }
}
