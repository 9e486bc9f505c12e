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
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member's heartbeats say of it (KIP-848): everything if it joins or cannot be sure that the coordinator knows, else only what has changed. On the
 * loop.
 */
final class MemberReport {

    /** Takes back what was told before; null says that nothing has changed, and is all that older brokers know. */
    private static final String NO_REGEX = "";

    private final String groupId;
    private final @Nullable String instanceId;
    private final @Nullable String rackId;
    private final @Nullable String assignor;
    private final int rebalanceTimeoutMillis;
    private boolean isComplete = true;
    private Set<String> toldTopics = Set.of();

    private @Nullable String toldRegex;

    /** Whether the coordinator was ever told an expression, and may have it still. */
    private boolean knowsRegexes;

    /** What the two were before the last heartbeat. */
    private @Nullable String toldRegexBefore;

    private boolean knewRegexesBefore;

    private Map<TopicPartition, Uuid> toldOwned = Map.of();

    /** Whether the coordinator waits to hear what the member has, be it what it was. */
    private boolean owesOwned;

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

    /**
     * The coordinator has assigned something else. It waits to hear what the member has by then, and takes silence for no answer: what it assigned and took back before it was
     * taken over would stay nobody's.
     */
    void assignedAnew() {
        owesOwned = true;
    }

    /** Whether the next heartbeat has an answer to an assignment. */
    boolean owesOwned() {
        return owesOwned;
    }

    /** The coordinator cannot have got the last heartbeat: its connection does not carry what it says. */
    void notSent() {
        startOver();
        toldRegex = toldRegexBefore;
        knowsRegexes = knewRegexesBefore;
    }

    /** The next heartbeat, which counts as told unless {@link #startOver()} or {@link #notSent()} is called. */
    ConsumerGroupHeartbeatRequest next(
            String memberId, int epoch, Set<String> topics, @Nullable String regex, SortedMap<TopicPartition, Uuid> owned) {
        ConsumerGroupHeartbeatRequest request = heartbeat(memberId, epoch);
        toldRegexBefore = toldRegex;
        knewRegexesBefore = knowsRegexes;
        if (isComplete) {
            request.rackId(rackId).rebalanceTimeoutMs(rebalanceTimeoutMillis).serverAssignor(assignor);
        }
        if (isComplete || !toldTopics.equals(topics)) {
            request.subscribedTopicNames(new ArrayList<>(topics));
            toldTopics = topics;
        }
        if (isComplete && knowsRegexes || !Objects.equals(toldRegex, regex)) {
            request.subscribedTopicRegex(regex == null ? NO_REGEX : regex);
            toldRegex = regex;
            knowsRegexes = true;
        }
        if (isComplete || owesOwned || !toldOwned.equals(owned)) {
            request.topicPartitions(byTopic(owned));
            toldOwned = new TreeMap<>(owned);
            owesOwned = false;
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
