package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import dev.kafkaboot.protocol.message.OffsetDeleteResponse;
import dev.kafkaboot.protocol.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import dev.kafkaboot.protocol.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;

/** OffsetDelete: of topics that no member reads (KIP-496). */
final class OffsetDeleteApi {

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    private OffsetDeleteApi(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        OffsetDeleteApi own = new OffsetDeleteApi(cluster);
        apis.add(new Api<>(OffsetDeleteRequest::new, own::delete, (request, version, error) -> failed(error)));
    }

    private void delete(Exchange<OffsetDeleteRequest, OffsetDeleteResponse> exchange) {
        OffsetDeleteRequest request = exchange.request();
        ErrorCode error = coordinator.check(request.groupId(), exchange.broker());
        Group group = coordinator.find(request.groupId());
        if (error == ErrorCode.NONE) {
            error = group == null ? ErrorCode.GROUP_ID_NOT_FOUND : group.checkOffsetDelete();
        }
        if (error != ErrorCode.NONE || group == null) {
            exchange.reply(failed(error));
            return;
        }
        exchange.reply(new OffsetDeleteResponse()
                .topics(request.topics().stream().map(topic -> delete(group, topic)).toList()));
    }

    private OffsetDeleteResponseTopic delete(Group group, OffsetDeleteRequestTopic topic) {
        return new OffsetDeleteResponseTopic()
                .name(topic.name())
                .partitions(topic.partitions().stream()
                        .map(partition -> new OffsetDeleteResponsePartition()
                                .partitionIndex(partition.partitionIndex())
                                .errorCode(delete(group, new OffsetKey(topic.name(), partition.partitionIndex())).code()))
                        .toList());
    }

    private ErrorCode delete(Group group, OffsetKey key) {
        if (cluster.topics().find(key.topic(), key.partition()) == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (group.isSubscribedTo(key.topic())) {
            return ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC;
        }
        coordinator.offsets().remove(group.id(), key);
        return ErrorCode.NONE;
    }

    private static OffsetDeleteResponse failed(ErrorCode error) {
        return new OffsetDeleteResponse().errorCode(error.code());
    }
}
