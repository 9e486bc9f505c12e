package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.OffsetCommitResponse;
import dev.kafkaboot.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import dev.kafkaboot.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** OffsetCommit. */
final class OffsetCommitApi {

    /** From this version on topics go by id. */
    private static final short FIRST_WITH_TOPIC_IDS = 10;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;
    private final OffsetCommits commits;

    private OffsetCommitApi(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
        this.commits = coordinator.commits();
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        OffsetCommitApi own = new OffsetCommitApi(cluster);
        apis.add(new Api<>(OffsetCommitRequest::new, own::commit, (request, version, error) -> answer(request, (topic, partition) -> error)));
    }

    private void commit(Exchange<OffsetCommitRequest, OffsetCommitResponse> exchange) {
        OffsetCommitRequest request = exchange.request();
        ErrorCode coordinated = coordinator.checkAlsoUnnamed(request.groupId(), exchange.broker());
        ErrorCode error = coordinated == ErrorCode.NONE ? commits.check(request.groupId(), committer(exchange)) : coordinated;
        exchange.reply(answer(request, (topic, partition) -> {
            String name = nameOf(topic, exchange.version());
            if (name == null) {
                return ErrorCode.UNKNOWN_TOPIC_ID;
            }
            return commit(request, new OffsetKey(name, partition.partitionIndex()), partition, error);
        }));
    }

    private Committer committer(Exchange<OffsetCommitRequest, OffsetCommitResponse> exchange) {
        OffsetCommitRequest request = exchange.request();
        List<OffsetKey> partitions = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            String name = nameOf(topic, exchange.version());
            if (name != null) {
                topic.partitions().forEach(partition -> partitions.add(new OffsetKey(name, partition.partitionIndex())));
            }
        }
        return new Committer(
                request.memberId(), request.groupInstanceId(), request.generationIdOrMemberEpoch(), /* transactional= */ false, exchange.version(),
                partitions);
    }

    private @Nullable String nameOf(OffsetCommitRequestTopic topic, short version) {
        if (version < FIRST_WITH_TOPIC_IDS) {
            return topic.name();
        }
        FakeTopic found = cluster.topics().find(topic.topicId());
        return found == null ? null : found.name();
    }

    private ErrorCode commit(OffsetCommitRequest request, OffsetKey key, OffsetCommitRequestPartition partition, ErrorCode groupError) {
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        ErrorCode error = commits.checkPartition(key, metadata);
        if (error != ErrorCode.NONE) {
            return error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || groupError == ErrorCode.NONE ? error : groupError;
        }
        if (groupError == ErrorCode.NONE) {
            long now = cluster.timers().nowMillis();
            long expires = request.retentionTimeMs() == CommittedOffset.NONE ? CommittedOffset.NONE : now + request.retentionTimeMs();
            coordinator.offsets()
                    .commit(
                            request.groupId(), key,
                            new CommittedOffset(partition.committedOffset(), partition.committedLeaderEpoch(), metadata, now, expires));
        }
        return groupError;
    }

    private static OffsetCommitResponse answer(
            OffsetCommitRequest request, BiFunction<OffsetCommitRequestTopic, OffsetCommitRequestPartition, ErrorCode> outcome) {
        return new OffsetCommitResponse()
                .topics(request.topics().stream()
                        .map(topic -> new OffsetCommitResponseTopic()
                                .name(topic.name())
                                .topicId(topic.topicId())
                                .partitions(topic.partitions().stream()
                                        .map(partition -> new OffsetCommitResponsePartition()
                                                .partitionIndex(partition.partitionIndex())
                                                .errorCode(outcome.apply(topic, partition).code()))
                                        .toList()))
                        .toList());
    }
}
