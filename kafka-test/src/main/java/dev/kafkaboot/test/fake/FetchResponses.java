package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaboot.protocol.message.FetchResponse.LeaderIdAndEpoch;
import dev.kafkaboot.protocol.message.FetchResponse.NodeEndpoint;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the answer to one Fetch request out of what was read. */
final class FetchResponses {

    /** From this version on the current leader is told (KIP-951). */
    private static final int FIRST_WITH_CURRENT_LEADER = 16;

    private final FakeKafka cluster;
    private final Exchange<FetchRequest, FetchResponse> exchange;
    private final FetchPlan plan;

    FetchResponses(FakeKafka cluster, Exchange<FetchRequest, FetchResponse> exchange, FetchPlan plan) {
        this.cluster = cluster;
        this.exchange = exchange;
        this.plan = plan;
    }

    FetchResponse of(Map<FetchKey, PartitionData> results) {
        FetchSession session = plan.session();
        if (session != null) {
            if (session.epoch() != FetchSession.epochAfter(exchange.request().sessionEpoch())) {
                // The client did not wait for this answer, and asked again.
                return new FetchResponse().errorCode(ErrorCode.INVALID_FETCH_SESSION_EPOCH.code()).sessionId(session.id());
            }
            return response(session.news(results)).sessionId(session.id());
        }
        if (plan.startsSession()) {
            FetchSession begun =
                    exchange.broker().fetchSessions().create(FetchKey.usesIds(exchange.version()), plan.asked());
            results.forEach(begun::told);
            return response(results).sessionId(begun.id());
        }
        return response(results);
    }

    private FetchResponse response(Map<FetchKey, PartitionData> results) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        Map<Integer, NodeEndpoint> endpoints = new TreeMap<>();
        @Nullable FetchKey previous = null;
        List<PartitionData> ofTopic = new ArrayList<>();
        for (Map.Entry<FetchKey, PartitionData> result : results.entrySet()) {
            FetchKey key = result.getKey();
            if (previous == null || !previous.hasTopicOf(key)) {
                ofTopic = new ArrayList<>();
                topics.add(new FetchableTopicResponse().topic(key.topic()).topicId(key.topicId()).partitions(ofTopic));
            }
            previous = key;
            ofTopic.add(result.getValue());
            addLeader(key, result.getValue(), endpoints);
        }
        return new FetchResponse().responses(topics).nodeEndpoints(List.copyOf(endpoints.values()));
    }

    private void addLeader(FetchKey key, PartitionData data, Map<Integer, NodeEndpoint> endpoints) {
        FakePartition partition = PartitionReader.find(cluster, key);
        boolean isStale = data.errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER.code()
                || data.errorCode() == ErrorCode.FENCED_LEADER_EPOCH.code();
        if (exchange.version() < FIRST_WITH_CURRENT_LEADER || !isStale || partition == null) {
            return;
        }
        data.currentLeader(new LeaderIdAndEpoch().leaderId(partition.leader()).leaderEpoch(partition.leaderEpoch()));
        if (cluster.isKnown(partition.leader())) {
            FakeBroker leader = cluster.broker(partition.leader());
            endpoints.put(
                    leader.id(), new NodeEndpoint().nodeId(leader.id()).host(leader.host()).port(leader.port()).rack(leader.rack()));
        }
    }
}
