package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A member of a consumer group: what it said of itself, what it has, and how far it is on the way to what it is to have. */
final class ConsumerMember {

    /** How far a member is. */
    enum State {
        /** It has what it was to have in its epoch. */
        STABLE,
        /** It is to let go of partitions, and has not said that it did. */
        UNREVOKED,
        /** It waits for partitions that others have not let go of. */
        UNRELEASED
    }

    private final String id;
    private final @Nullable String instanceId;
    private String clientId = "";
    private @Nullable String rackId;
    private int rebalanceTimeoutMillis = -1;
    private Set<String> subscribedNames = Set.of();
    private @Nullable String subscribedRegex;
    private @Nullable String assignor;
    private @Nullable ClassicPart classic;
    private int epoch;
    private int previousEpoch;
    private State state = State.STABLE;
    private final TreeMap<GroupPartition, Integer> assigned = new TreeMap<>();
    private final TreeMap<GroupPartition, Integer> revoked = new TreeMap<>();

    ConsumerMember(String id, @Nullable String instanceId) {
        this.id = id;
        this.instanceId = instanceId;
    }

    /** A static member that is back under a new id, and has yet to say that it has what the old one had. */
    ConsumerMember renamed(String newId) {
        ConsumerMember renamed = new ConsumerMember(newId, instanceId);
        renamed.clientId = clientId;
        renamed.rackId = rackId;
        renamed.rebalanceTimeoutMillis = rebalanceTimeoutMillis;
        renamed.subscribedNames = subscribedNames;
        renamed.subscribedRegex = subscribedRegex;
        renamed.assignor = assignor;
        renamed.classic = classic;
        renamed.state = state;
        renamed.assigned.putAll(assigned);
        renamed.revoked.putAll(revoked);
        return renamed;
    }

    // ---- what it says of itself

    String id() {
        return id;
    }

    @Nullable String instanceId() {
        return instanceId;
    }

    String clientId() {
        return clientId;
    }

    @Nullable String rackId() {
        return rackId;
    }

    int rebalanceTimeoutMillis() {
        return rebalanceTimeoutMillis;
    }

    /** The topics that it reads by name, in the order of their names. */
    Set<String> subscribedNames() {
        return subscribedNames;
    }

    @Nullable String subscribedRegex() {
        return subscribedRegex;
    }

    /** The assignor that it wishes for, or null. */
    @Nullable String assignor() {
        return assignor;
    }

    /** Takes over what a heartbeat tells, and says whether the subscription is another one now. */
    boolean update(ConsumerGroupHeartbeatRequest request, String client) {
        classic = null;
        clientId = client;
        rackId = request.rackId() == null ? rackId : request.rackId();
        rebalanceTimeoutMillis = request.rebalanceTimeoutMs() == -1 ? rebalanceTimeoutMillis : request.rebalanceTimeoutMs();
        assignor = request.serverAssignor() == null ? assignor : request.serverAssignor();
        Set<String> names = request.subscribedTopicNames() == null ? subscribedNames : new TreeSet<>(request.subscribedTopicNames());
        String regex = request.subscribedTopicRegex() == null ? subscribedRegex : request.subscribedTopicRegex();
        if (regex != null && regex.isEmpty()) {
            regex = null; // takes the expression back
        }
        boolean changed = !names.equals(subscribedNames) || !Objects.equals(regex, subscribedRegex);
        subscribedNames = names;
        subscribedRegex = regex;
        return changed;
    }

    /** What it is besides if it speaks the classic protocol; null if it speaks the newer one. */
    @Nullable ClassicPart classic() {
        return classic;
    }

    /** Takes over what a member tells that joins by the classic protocol, and says whether the subscription is another one now. */
    boolean update(ClassicPart part, int newRebalanceTimeoutMillis, String client) {
        ConsumerProtocolSubscription subscription = part.subscription();
        classic = part;
        clientId = client;
        rackId = subscription.rackId() == null ? rackId : subscription.rackId();
        rebalanceTimeoutMillis = newRebalanceTimeoutMillis;
        Set<String> names = new TreeSet<>(subscription.topics());
        boolean changed = !names.equals(subscribedNames) || subscribedRegex != null;
        subscribedNames = names;
        subscribedRegex = null;
        return changed;
    }

    // ---- where it is

    int epoch() {
        return epoch;
    }

    /** The epoch before, with which a member may come that has not got the answer that told it of the present one. */
    int previousEpoch() {
        return previousEpoch;
    }

    State state() {
        return state;
    }

    /** Whether nothing is left to be done in an epoch of the group. */
    boolean isReconciledTo(int assignmentEpoch) {
        return state == State.STABLE && epoch == assignmentEpoch;
    }

    /** What it has, or is told to take now. */
    NavigableSet<GroupPartition> assigned() {
        return new TreeSet<>(assigned.keySet());
    }

    /** All that it may have: what it has, and what it has been told to let go of. */
    NavigableSet<GroupPartition> held() {
        NavigableSet<GroupPartition> held = assigned();
        held.addAll(revoked.keySet());
        return held;
    }

    /** What it has been told to let go of, and may still have. */
    NavigableSet<GroupPartition> revoked() {
        return new TreeSet<>(revoked.keySet());
    }

    /** Since which of its epochs it has a partition, or null if it has not (KIP-1251). */
    @Nullable Integer hasSince(GroupPartition partition) {
        Integer since = assigned.get(partition);
        return since == null ? revoked.get(partition) : since;
    }

    /** It is gone for a while, and keeps what it has. */
    void leaveForAWhile(int markedEpoch) {
        epoch = markedEpoch;
        revoked.clear();
    }

    /** It comes from a classic group, with what it had there. */
    void settle(int generation, NavigableSet<GroupPartition> partitions) {
        epoch = generation;
        previousEpoch = generation;
        partitions.forEach(partition -> assigned.put(partition, generation));
    }

    /** A step on the way. */
    void advance(State next, int nextEpoch, NavigableSet<GroupPartition> nextAssigned, NavigableSet<GroupPartition> nextRevoked) {
        previousEpoch = epoch;
        epoch = nextEpoch;
        state = next;
        TreeMap<GroupPartition, Integer> held = new TreeMap<>(assigned);
        held.putAll(revoked);
        assigned.clear();
        revoked.clear();
        nextAssigned.forEach(partition -> assigned.put(partition, held.getOrDefault(partition, nextEpoch)));
        nextRevoked.forEach(partition -> revoked.put(partition, held.getOrDefault(partition, nextEpoch)));
    }
}
