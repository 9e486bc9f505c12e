package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import java.util.List;

/** A member of a share group that reads the first partition of a topic from its leader. */
final class ShareTestMember {

    static final byte ACCEPT = 1;
    static final byte RELEASE = 2;
    static final byte REJECT = 3;
    static final byte RENEW = 4;

    private static final int NEWEST = 2;

    private final FakeKafka cluster;
    private final String groupId;
    private final String memberId;
    private final String topic;
    private TestClient leader;
    private int sessionEpoch;

    ShareTestMember(FakeKafka cluster, String groupId, String memberId, String topic) {
        this.cluster = cluster;
        this.groupId = groupId;
        this.memberId = memberId;
        this.topic = topic;
        this.leader = new TestClient(cluster, cluster.leaderOf(topic, 0));
    }

    TestClient leader() {
        return leader;
    }

    /** Goes to the partition's present leader, with which it has no session. */
    void followLeader() {
        leader = new TestClient(cluster, cluster.leaderOf(topic, 0));
        sessionEpoch = 0;
    }

    ShareGroupHeartbeatRequest heartbeatRequest(int epoch) {
        return new ShareGroupHeartbeatRequest().groupId(groupId).memberId(memberId).memberEpoch(epoch);
    }

    ShareGroupHeartbeatResponse heartbeat(ShareGroupHeartbeatRequest request) {
        return TestClient.ofCoordinator(cluster, groupId, "client").ask(request);
    }

    ShareGroupHeartbeatResponse join() {
        return heartbeat(heartbeatRequest(0).subscribedTopicNames(List.of(topic)));
    }

    ShareTestMember joined() {
        join();
        return this;
    }

    /** A fetch that does not wait. */
    ShareFetchRequest fetchRequest() {
        boolean isFirst = sessionEpoch == 0;
        var partition = new FetchTopic().topicId(LogRequests.idOf(cluster, topic)).partitions(List.of(new FetchPartition().partitionIndex(0)));
        return new ShareFetchRequest()
                .groupId(groupId)
                .memberId(memberId)
                .shareSessionEpoch(sessionEpoch)
                .minBytes(1)
                .maxBytes(1 << 20)
                .maxRecords(500)
                .batchSize(500)
                .topics(isFirst ? List.of(partition) : List.of());
    }

    TestClient.Reply<ShareFetchResponse> send(ShareFetchRequest request) {
        sessionEpoch++;
        return leader.send(request, NEWEST);
    }

    /** What it is given at once, as {@code first-last x deliveries}. */
    List<String> fetch() {
        return acquired(send(fetchRequest()).get());
    }

    static List<String> acquired(ShareFetchResponse response) {
        return response.responses().stream()
                .flatMap(each -> each.partitions().stream())
                .flatMap(partition -> partition.acquiredRecords().stream())
                .map(range -> range.firstOffset() + "-" + range.lastOffset() + " x " + range.deliveryCount())
                .toList();
    }

    ShareAcknowledgeRequest acknowledgement(long first, long last, byte type) {
        var batch = new ShareAcknowledgeRequest.AcknowledgementBatch().firstOffset(first).lastOffset(last).acknowledgeTypes(List.of(type));
        var partition = new ShareAcknowledgeRequest.AcknowledgePartition().partitionIndex(0).acknowledgementBatches(List.of(batch));
        return new ShareAcknowledgeRequest()
                .groupId(groupId)
                .memberId(memberId)
                .shareSessionEpoch(sessionEpoch)
                .isRenewAck(type == RENEW)
                .topics(List.of(new ShareAcknowledgeRequest.AcknowledgeTopic()
                        .topicId(LogRequests.idOf(cluster, topic)).partitions(List.of(partition))));
    }

    /** Says what becomes of records, and returns what is said of that. */
    ErrorCode acknowledge(long first, long last, byte type) {
        ShareAcknowledgeResponse response = leader.ask(acknowledgement(first, last, type), NEWEST);
        sessionEpoch++;
        return ErrorCode.forCode(response.errorCode() != 0 ? response.errorCode() : response.responses().get(0).partitions().get(0).errorCode());
    }
}
