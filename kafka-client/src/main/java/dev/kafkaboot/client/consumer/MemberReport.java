package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member's heartbeats say of it (KIP-848): everything if it joins or cannot be sure that the coordinator knows, else only what has changed. On the
 * loop.
 */
final class MemberReport {

    private final String groupId;
    private final @Nullable String instanceId;
    private final @Nullable String rackId;
    private final @Nullable String assignor;
    private final int rebalanceTimeoutMillis;
    private boolean isComplete = true;
    private Set<String> toldTopics = Set.of();
    private Map<TopicPartition, Uuid> toldOwned = Map.of();

    /**
     * Nothing is told yet.
     *
     * @param instanceId the static member's id, or null
     * @param rackId where the consumer is, or null
     * @param assignor the coordinator's assignor that is wished for, or null
     */
    MemberReport(
            String groupId, @Nullable String instanceId, @Nullable String rackId, @Nullable String assignor, Duration rebalanceTimeout) {
        this.groupId = groupId;
        this.instanceId = instanceId;
        this.rackId = rackId;
        this.assignor = assignor;
        this.rebalanceTimeoutMillis = (int) Math.min(Integer.MAX_VALUE, Times.nanos(rebalanceTimeout) / 1_000_000);
    }

    /** The next heartbeat tells everything: the coordinator may not have got the one before. */
    void startOver() {
        isComplete = true;
    }

    /** The next heartbeat, which counts as told unless {@link #startOver()} is called. */
    ConsumerGroupHeartbeatRequest next(String memberId, int epoch, Set<String> topics, SortedMap<TopicPartition, Uuid> owned) {
        ConsumerGroupHeartbeatRequest request = heartbeat(memberId, epoch);
        if (isComplete) {
            request.rackId(rackId).rebalanceTimeoutMs(rebalanceTimeoutMillis).serverAssignor(assignor);
        }
        if (isComplete || !toldTopics.equals(topics)) {
            request.subscribedTopicNames(new ArrayList<>(topics));
            toldTopics = topics;
        }
        if (isComplete || !toldOwned.equals(owned)) {
            request.topicPartitions(byTopic(owned));
            toldOwned = new TreeMap<>(owned);
        }
        isComplete = false;
        return request;
    }

    /** The heartbeat with which the member leaves. */
    ConsumerGroupHeartbeatRequest last(String memberId, int leaveEpoch) {
        startOver();
        return heartbeat(memberId, leaveEpoch);
    }

    private ConsumerGroupHeartbeatRequest heartbeat(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequest().groupId(groupId).memberId(memberId).instanceId(instanceId).memberEpoch(epoch);
    }

    private static List<TopicPartitions> byTopic(SortedMap<TopicPartition, Uuid> owned) {
        Map<Uuid, TopicPartitions> topics = new LinkedHashMap<>();
        owned.forEach((partition, id) ->
                topics.computeIfAbsent(id, absent -> new TopicPartitions().topicId(id)).partitions().add(partition.partition()));
        return new ArrayList<>(topics.values());
    }
}
