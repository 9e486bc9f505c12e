package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest.AcknowledgePartition;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest.AcknowledgeTopic;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse.LeaderIdAndEpoch;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse.NodeEndpoint;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse.PartitionData;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** ShareAcknowledge (KIP-932): what a member says of records, without asking for more. */
final class ShareAcknowledgeApi {

    private final FakeKafka cluster;

    private ShareAcknowledgeApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(ShareAcknowledgeRequest::new, new ShareAcknowledgeApi(cluster)::acknowledge, ShareAcknowledgeApi::failure));
    }

    private void acknowledge(Exchange<ShareAcknowledgeRequest, ShareAcknowledgeResponse> exchange) {
        ShareAcknowledgeRequest request = exchange.request();
        String groupId = request.groupId();
        String memberId = request.memberId();
        if (!ShareFeature.isOn(cluster.settings())) {
            exchange.reply(new ShareAcknowledgeResponse().errorCode(ErrorCode.UNSUPPORTED_VERSION.code()));
            return;
        }
        if (groupId == null || memberId == null || !ShareSessions.isMemberId(memberId)) {
            exchange.reply(new ShareAcknowledgeResponse().errorCode(ErrorCode.INVALID_REQUEST.code()));
            return;
        }
        ShareSession.Key who = new ShareSession.Key(groupId, memberId);
        ErrorCode error = checkSession(who, request.shareSessionEpoch(), exchange.broker().shareSessions());
        exchange.reply(error == ErrorCode.NONE ? acknowledge(exchange, who) : new ShareAcknowledgeResponse().errorCode(error.code()));
    }

    private static ErrorCode checkSession(ShareSession.Key who, int epoch, ShareSessions sessions) {
        return epoch == ShareSessions.INITIAL_EPOCH ? ErrorCode.INVALID_SHARE_SESSION_EPOCH : sessions.check(who, epoch);
    }

    private ShareAcknowledgeResponse acknowledge(Exchange<ShareAcknowledgeRequest, ShareAcknowledgeResponse> exchange, ShareSession.Key who) {
        ShareAcknowledgeRequest request = exchange.request();
        ShareSessions sessions = exchange.broker().shareSessions();
        ShareSession session = sessions.find(who);
        boolean isLast = request.shareSessionEpoch() == ShareSessions.FINAL_EPOCH;
        if (session != null && !isLast) {
            session.advance();
        }
        Map<Integer, NodeEndpoint> endpoints = new TreeMap<>();
        List<ShareAcknowledgeTopicResponse> topics = request.topics().stream()
                .map(topic -> new ShareAcknowledgeTopicResponse()
                        .topicId(topic.topicId())
                        .partitions(topic.partitions().stream()
                                .filter(partition -> !partition.acknowledgementBatches().isEmpty())
                                .map(partition -> acknowledge(exchange, who, topic, partition, endpoints))
                                .toList()))
                .filter(topic -> !topic.partitions().isEmpty())
                .toList();
        if (session != null && isLast) {
            sessions.end(session);
        }
        return new ShareAcknowledgeResponse()
                .acquisitionLockTimeoutMs(new ShareConfigs(cluster, who.groupId()).recordLockMillis())
                .responses(topics)
                .nodeEndpoints(List.copyOf(endpoints.values()));
    }

    private PartitionData acknowledge(
            Exchange<ShareAcknowledgeRequest, ShareAcknowledgeResponse> exchange, ShareSession.Key who, AcknowledgeTopic topic,
            AcknowledgePartition partition, Map<Integer, NodeEndpoint> endpoints) {
        List<ShareVerdict> verdicts = partition.acknowledgementBatches().stream()
                .map(batch -> new ShareVerdict(batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()))
                .toList();
        GroupPartition key = new GroupPartition(topic.topicId(), partition.partitionIndex());
        SharePartitionAccess access = SharePartitionAccess.of(cluster, exchange.broker(), who.groupId(), key);
        Problem problem = access.acknowledge(who.memberId(), verdicts, exchange.request().isRenewAck());
        PartitionData data = new PartitionData()
                .partitionIndex(partition.partitionIndex())
                .errorCode(problem.error().code())
                .errorMessage(problem.textIfOwn());
        addLeader(access.partition(), data, endpoints);
        return data;
    }

    private void addLeader(@Nullable FakePartition partition, PartitionData data, Map<Integer, NodeEndpoint> endpoints) {
        if (partition == null || data.errorCode() != ErrorCode.NOT_LEADER_OR_FOLLOWER.code()) {
            return;
        }
        data.currentLeader(new LeaderIdAndEpoch().leaderId(partition.leader()).leaderEpoch(partition.leaderEpoch()));
        if (cluster.isKnown(partition.leader())) {
            FakeBroker leader = cluster.broker(partition.leader());
            endpoints.put(leader.id(), new NodeEndpoint().nodeId(leader.id()).host(leader.host()).port(leader.port()).rack(leader.rack()));
        }
    }

    /** As with ShareFetch, an error about partitions is told of them, and every other one of the request. */
    private static ShareAcknowledgeResponse failure(ShareAcknowledgeRequest request, short version, ErrorCode error) {
        ShareAcknowledgeResponse response = new ShareAcknowledgeResponse().responses(request.topics().stream()
                .map(topic -> new ShareAcknowledgeTopicResponse()
                        .topicId(topic.topicId())
                        .partitions(topic.partitions().stream()
                                .map(partition -> new PartitionData().partitionIndex(partition.partitionIndex()).errorCode(error.code()))
                                .toList()))
                .toList());
        return ShareErrors.isAboutPartitions(error) && !request.topics().isEmpty() ? response : response.errorCode(error.code());
    }
}
