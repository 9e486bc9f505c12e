package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareFetchResponse.LeaderIdAndEpoch;
import dev.kafkaboot.protocol.message.ShareFetchResponse.NodeEndpoint;
import dev.kafkaboot.protocol.message.ShareFetchResponse.PartitionData;
import dev.kafkaboot.protocol.message.ShareFetchResponse.ShareFetchableTopicResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A ShareFetch request until it is answered: as soon as there is as much as it wants, or something that it cannot wait for, or its time is over. */
final class PendingShareFetch {

    private static final byte STRICT = 1;

    private final FakeKafka cluster;
    private final Exchange<ShareFetchRequest, ShareFetchResponse> exchange;
    private final ShareSession session;
    private final Map<GroupPartition, PartitionData> acknowledged;
    private final List<GroupPartition> turn;
    /** Kept, because it is taken away again as the one that was given. */
    private final Runnable watcher = this::lookAgain;

    PendingShareFetch(
            FakeKafka cluster, Exchange<ShareFetchRequest, ShareFetchResponse> exchange, ShareSession session,
            Map<GroupPartition, PartitionData> acknowledged) {
        this.cluster = cluster;
        this.exchange = exchange;
        this.session = session;
        this.acknowledged = acknowledged;
        this.turn = session.inTurn();
    }

    /** Answers with what became of what the member said of records. */
    void replyWithoutRecords() {
        reply(new LinkedHashMap<>());
    }

    private void lookAgain() {
        look(/* force= */ false);
    }

    void start() {
        ShareFetchRequest request = exchange.request();
        look(/* force= */ request.maxWaitMs() <= 0 || request.maxRecords() <= 0 || turn.isEmpty());
        if (!exchange.isOpen()) {
            return;
        }
        List<SharePartition> shared = turn.stream().map(this::access).map(SharePartitionAccess::shared).filter(each -> each != null).toList();
        Timers.Entry timeout = cluster.timers().afterMillis(request.maxWaitMs(), () -> look(/* force= */ true));
        exchange.onEnd(() -> {
            timeout.cancel();
            shared.forEach(each -> {
                each.unwatch(watcher);
                each.partition().log().unwatch(watcher);
            });
        });
        shared.forEach(each -> {
            each.watch(watcher);
            each.partition().log().watch(watcher);
        });
    }

    private SharePartitionAccess access(GroupPartition key) {
        return SharePartitionAccess.of(cluster, exchange.broker(), session.key().groupId(), key);
    }

    private void look(boolean force) {
        Map<GroupPartition, PartitionData> results = new LinkedHashMap<>();
        long readable = 0;
        for (GroupPartition key : turn) {
            SharePartitionAccess access = access(key);
            if (access.shared() == null) {
                results.put(key, new PartitionData().partitionIndex(key.partition()).errorCode(access.error().code()));
            } else {
                readable += access.shared().readable();
            }
        }
        if (!force && results.isEmpty() && readable < Math.max(1, exchange.request().minBytes())) {
            return;
        }
        acquire(results);
        if (force || !results.isEmpty()) {
            reply(results);
        }
    }

    private void acquire(Map<GroupPartition, PartitionData> results) {
        ShareFetchRequest request = exchange.request();
        ShareDemand demand = new ShareDemand(request.maxRecords(), Math.max(1, request.batchSize()), request.shareAcquireMode() == STRICT);
        long room = request.maxBytes();
        for (GroupPartition key : turn) {
            SharePartition shared = access(key).shared();
            if (shared == null || demand.maxRecords() <= 0 || room <= 0) {
                continue;
            }
            SharePartition.Read read = shared.acquire(session.key().memberId(), demand, room);
            if (!read.acquired().isEmpty()) {
                results.put(key, new PartitionData().partitionIndex(key.partition()).records(read.bytes()).acquiredRecords(read.acquired()));
                demand = demand.less(read.count());
                room -= read.bytes().size();
            }
        }
    }

    // ---- the answer

    private void reply(Map<GroupPartition, PartitionData> results) {
        if (exchange.request().shareSessionEpoch() == ShareSessions.INITIAL_EPOCH && exchange.request().maxRecords() > 0) {
            addWhatWasReadForNothing(results);
        }
        acknowledged.forEach((key, said) -> {
            PartitionData data = results.computeIfAbsent(key, any -> new PartitionData().partitionIndex(key.partition()));
            data.acknowledgeErrorCode(said.acknowledgeErrorCode()).acknowledgeErrorMessage(said.acknowledgeErrorMessage());
        });
        Map<Uuid, List<PartitionData>> byTopic = new LinkedHashMap<>();
        Map<Integer, NodeEndpoint> endpoints = new TreeMap<>();
        results.forEach((key, data) -> {
            byTopic.computeIfAbsent(key.topicId(), topic -> new ArrayList<>()).add(data);
            addLeader(access(key).partition(), data, endpoints);
        });
        exchange.reply(new ShareFetchResponse()
                .acquisitionLockTimeoutMs(new ShareConfigs(cluster, session.key().groupId()).recordLockMillis())
                .nodeEndpoints(List.copyOf(endpoints.values()))
                .responses(byTopic.entrySet().stream()
                        .map(topic -> new ShareFetchableTopicResponse().topicId(topic.getKey()).partitions(topic.getValue()))
                        .toList()));
    }

    /** The first answer in a session tells of each partition that was read, and later ones only of those of which there is something to tell. */
    private void addWhatWasReadForNothing(Map<GroupPartition, PartitionData> results) {
        for (GroupPartition key : turn) {
            SharePartition shared = access(key).shared();
            if (shared != null && !shared.isFull()) {
                results.computeIfAbsent(key, any -> new PartitionData().partitionIndex(key.partition()));
            }
        }
    }

    private void addLeader(@Nullable FakePartition partition, PartitionData data, Map<Integer, NodeEndpoint> endpoints) {
        short moved = ErrorCode.NOT_LEADER_OR_FOLLOWER.code();
        if (partition == null || data.errorCode() != moved && data.acknowledgeErrorCode() != moved) {
            return;
        }
        data.currentLeader(new LeaderIdAndEpoch().leaderId(partition.leader()).leaderEpoch(partition.leaderEpoch()));
        if (cluster.isKnown(partition.leader())) {
            FakeBroker leader = cluster.broker(partition.leader());
            endpoints.put(leader.id(), new NodeEndpoint().nodeId(leader.id()).host(leader.host()).port(leader.port()).rack(leader.rack()));
        }
    }
}
