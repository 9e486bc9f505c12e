package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import dev.kafkaboot.protocol.message.OffsetFetchResponse;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.List;

/** OffsetFetch, of one group or of several (KIP-709). */
final class OffsetFetchApi {

    /** From this version on the response has an error of its own. */
    private static final short FIRST_WITH_ERROR = 2;

    private static final short FIRST_BATCHED = 8;

    /** From this version on topics go by id. */
    private static final short FIRST_WITH_TOPIC_IDS = 10;

    private final OffsetFetches fetches;

    private OffsetFetchApi(FakeKafka cluster) {
        this.fetches = new OffsetFetches(cluster);
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        OffsetFetchApi own = new OffsetFetchApi(cluster);
        apis.add(new Api<>(OffsetFetchRequest::new, own::fetch, OffsetFetchApi::failure));
    }

    private void fetch(Exchange<OffsetFetchRequest, OffsetFetchResponse> exchange) {
        OffsetFetchRequest request = exchange.request();
        short version = exchange.version();
        List<OffsetFetchResponseGroup> groups = groups(request, version).stream()
                .map(group -> fetches.fetch(exchange.broker(), group, request.requireStable(), version >= FIRST_WITH_TOPIC_IDS))
                .toList();
        exchange.reply(response(request, groups, version));
    }

    /** What is asked for, in the words of the newer versions. */
    private static List<OffsetFetchRequestGroup> groups(OffsetFetchRequest request, short version) {
        if (version >= FIRST_BATCHED) {
            return request.groups();
        }
        List<OffsetFetchRequestTopic> topics = request.topics();
        OffsetFetchRequestGroup only = new OffsetFetchRequestGroup().groupId(request.groupId());
        return List.of(only.topics(
                topics == null
                        ? null
                        : topics.stream()
                                .map(topic -> new OffsetFetchRequestTopics().name(topic.name()).partitionIndexes(topic.partitionIndexes()))
                                .toList()));
    }

    private static OffsetFetchResponse response(OffsetFetchRequest request, List<OffsetFetchResponseGroup> groups, short version) {
        if (version >= FIRST_BATCHED) {
            return new OffsetFetchResponse().groups(groups);
        }
        OffsetFetchResponseGroup only = groups.get(0);
        if (only.errorCode() != ErrorCode.NONE.code() && version < FIRST_WITH_ERROR) {
            return failure(request, version, ErrorCode.forCode(only.errorCode()));
        }
        return new OffsetFetchResponse()
                .errorCode(only.errorCode())
                .topics(only.topics().stream().map(OffsetFetchApi::older).toList());
    }

    private static OffsetFetchResponseTopic older(OffsetFetchResponseTopics topic) {
        return new OffsetFetchResponseTopic().name(topic.name()).partitions(topic.partitions().stream().map(OffsetFetchApi::older).toList());
    }

    private static OffsetFetchResponsePartition older(OffsetFetchResponsePartitions partition) {
        return new OffsetFetchResponsePartition()
                .partitionIndex(partition.partitionIndex())
                .committedOffset(partition.committedOffset())
                .committedLeaderEpoch(partition.committedLeaderEpoch())
                .metadata(partition.metadata())
                .errorCode(partition.errorCode());
    }

    private static OffsetFetchResponse failure(OffsetFetchRequest request, short version, ErrorCode error) {
        if (version >= FIRST_BATCHED) {
            return new OffsetFetchResponse()
                    .groups(request.groups().stream()
                            .map(group -> new OffsetFetchResponseGroup().groupId(group.groupId()).errorCode(error.code()))
                            .toList());
        }
        if (version >= FIRST_WITH_ERROR) {
            return new OffsetFetchResponse().errorCode(error.code());
        }
        List<OffsetFetchRequestTopic> topics = request.topics() == null ? List.of() : request.topics();
        return new OffsetFetchResponse()
                .topics(topics.stream()
                        .map(topic -> new OffsetFetchResponseTopic()
                                .name(topic.name())
                                .partitions(topic.partitionIndexes().stream()
                                        .map(partition -> older(OffsetFetches.failed(partition, error)))
                                        .toList()))
                        .toList());
    }
}
