package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.consumer.PartitionAssignor.MemberSubscription;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership in a classic group. On the loop, so heartbeats go on whatever the application does.
 *
 * <pre>
 * IDLE --poll--&gt; JOINING --assignment--&gt; STABLE --rebalance--&gt; JOINING ...
 *   any --left, fenced, silent too long--&gt; IDLE
 * </pre>
 *
 * <p>A rebalance gives up what has to be given up ({@link Handover}), joins, lets the leader distribute, and takes over what it was given. With an eager
 * protocol everything is given up before joining, with a cooperative one only what the new assignment lacks, which takes a second round. Every request
 * carries the attempt under which it was made; an answer to an older attempt is dropped.
 */
final class GroupMembership implements OffsetCommits.Committer {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

    /** What a coordinator may take beyond the rebalance time-out to answer a join. */
    private static final Duration JOIN_GRACE = Duration.ofSeconds(5);

    private enum State {
        IDLE,
        JOINING,
        STABLE
    }

    private final ClientConnections connections;
    private final Assignment assignment;
    private final Handover handover;
    private final GroupRequests requests;
    private final ConsumerListener listener;
    private final LongSupplier idleNanos;
    private final Consumer<KafkaException> onFatal;
    private final String groupId;
    private final List<PartitionAssignor> assignors;
    private final boolean cooperative;
    private final Duration sessionTimeout;
    private final Duration heartbeatInterval;
    private final Duration maxPollInterval;
    private final Backoff backoff;

    private State state = State.IDLE;
    private Set<String> topics = Set.of();
    private String memberId = "";
    private int generation = -1;

    /** Read by any thread: what a commit carries. */
    private volatile ConsumerGroupMetadata identity;

    private int attempt;
    private int failures;
    private boolean rejoinAgain;
    private long rebalanceStart;
    private long lastHeartbeat;
    private boolean heartbeatUnderWay;
    private @Nullable Timer heartbeatTimer;
    private Map<String, Integer> assignedFrom = Map.of();

    GroupMembership(
            ClientConnections connections, Assignment assignment, Handover handover, String groupId, ClientConfig config,
            ConsumerListener listener, LongSupplier idleNanos, Consumer<KafkaException> onFatal) {
        this.connections = connections;
        this.assignment = assignment;
        this.handover = handover;
        this.listener = listener;
        this.idleNanos = idleNanos;
        this.onFatal = onFatal;
        this.groupId = groupId;
        this.assignors = config.get(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY).stream()
                .map(PartitionAssignor::named)
                .map(Objects::requireNonNull)
                .toList();
        this.cooperative = assignors.stream().allMatch(PartitionAssignor::isCooperative);
        this.sessionTimeout = config.get(ConsumerConfig.SESSION_TIMEOUT);
        this.heartbeatInterval = config.get(ConsumerConfig.HEARTBEAT_INTERVAL);
        this.maxPollInterval = config.get(ConsumerConfig.MAX_POLL_INTERVAL);
        this.backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.requests = new GroupRequests(connections, groupId, sessionTimeout, maxPollInterval, config.get(CommonConfig.REQUEST_TIMEOUT));
        this.identity = new ConsumerGroupMetadata(groupId, -1, "", null);
    }

    /** Who this is in the group now. Any thread. */
    @Override
    public ConsumerGroupMetadata identity() {
        return identity;
    }

    @Override
    public boolean isSubscribed() {
        return !topics.isEmpty();
    }

    @Override
    public boolean isJoining() {
        return state == State.JOINING;
    }

    private void identify() {
        identity = new ConsumerGroupMetadata(groupId, generation, memberId, null);
    }

    private EventLoop loop() {
        return connections.loop();
    }

    /** Changes what is subscribed to. */
    void subscribe(Set<String> subscribed) {
        boolean changed = !topics.equals(subscribed);
        topics = Collections.unmodifiableSet(new LinkedHashSet<>(subscribed));
        if (changed && state == State.STABLE) {
            rejoin("the subscription changed");
        }
    }

    /** The application polls: a member that is not one joins. */
    void polled() {
        handover.workFinished();
        if (state == State.IDLE && !topics.isEmpty()) {
            rejoin("the application polls");
        }
    }

    /** New metadata: the leader lets the group rebalance if a topic has grown, or has come. */
    void metadataChanged(ClusterSnapshot cluster) {
        if (state == State.STABLE && !assignedFrom.isEmpty()
                && assignedFrom.entrySet().stream().anyMatch(entry -> cluster.partitionCount(entry.getKey()) > entry.getValue())) {
            rejoin("the number of partitions changed");
        }
    }

    private void rejoin(String reason) {
        if (state == State.JOINING) {
            rejoinAgain = true;
            return;
        }
        LOG.info("Group {}: joining, because {}", groupId, reason);
        state = State.JOINING;
        stopHeartbeats();
        rebalanceStart = loop().nanoTime();
        listener.rebalanceStarted(reason);
        int now = ++attempt;
        // The coordinator hears of this member meanwhile: the application may need time to finish.
        startHeartbeats();
        CompletableFuture<Void> ready = cooperative ? handover.settled() : handover.giveUp(assignment.states(), maxPollInterval);
        ready.whenComplete((done, failure) -> {
            if (now == attempt) {
                stopHeartbeats();
                join(now, reason);
            }
        });
    }

    private void join(int now, String reason) {
        requests.join(memberId, assignors, topics, cooperative ? assignment.partitions() : Set.of(), generation, reason,
                maxPollInterval.plus(JOIN_GRACE)).whenComplete((response, failure) -> {
            if (now != attempt) {
                return;
            }
            if (response == null) {
                tryAgain(now, reason, Failures.cause(Objects.requireNonNull(failure)));
            } else {
                joined(now, reason, response);
            }
        });
    }

    private void joined(int now, String reason, JoinGroupResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error == ErrorCode.NONE) {
            memberId = response.memberId();
            generation = response.generationId();
            identify();
            boolean leads = response.leader().equals(memberId);
            CompletableFuture<Map<String, byte[]>> assignments =
                    leads ? distribute(response) : CompletableFuture.completedFuture(Map.of());
            if (!leads) {
                assignedFrom = Map.of();
            }
            assignments.whenComplete((byMember, failure) -> {
                if (now == attempt) {
                    if (byMember == null) {
                        tryAgain(now, reason, Failures.cause(Objects.requireNonNull(failure)));
                    } else {
                        sync(now, reason, Objects.requireNonNullElse(response.protocolName(), ""), byMember);
                    }
                }
            });
        } else if (error == ErrorCode.MEMBER_ID_REQUIRED) {
            memberId = response.memberId();
            join(now, reason);
        } else {
            refused(now, reason, error, ApiKey.JOIN_GROUP);
        }
    }

    /** This member leads: it distributes the partitions of all topics that anybody subscribes to. */
    private CompletableFuture<Map<String, byte[]>> distribute(JoinGroupResponse response) {
        Map<String, MemberSubscription> members = new LinkedHashMap<>();
        Set<String> all = new TreeSet<>();
        response.members().forEach(member -> {
            MemberSubscription subscription = ConsumerProtocol.member(member.metadata());
            members.put(member.memberId(), subscription);
            all.addAll(subscription.topics());
        });
        PartitionAssignor assignor = assignors.stream()
                .filter(each -> each.name().equals(response.protocolName()))
                .findFirst()
                .orElseThrow(() -> new KafkaException("The coordinator chose the assignor '" + response.protocolName() + "', which this member lacks"));
        all.forEach(topic -> connections.metadata().watch(topic));
        return connections.metadata().refresh().thenApply(cluster -> {
            Map<String, Integer> counts = new LinkedHashMap<>();
            all.forEach(topic -> counts.put(topic, cluster.partitionCount(topic)));
            all.forEach(topic -> connections.metadata().unwatch(topic));
            assignedFrom = counts;
            Map<String, Integer> existing = new LinkedHashMap<>(counts);
            existing.values().removeIf(count -> count == 0);
            Map<String, byte[]> assignments = new LinkedHashMap<>();
            assignor.assign(members, existing).forEach((member, partitions) ->
                    assignments.put(member, ConsumerProtocol.assignment(partitions)));
            return assignments;
        });
    }

    private void sync(int now, String reason, String protocol, Map<String, byte[]> assignments) {
        requests.sync(memberId, generation, protocol, assignments).whenComplete((response, failure) -> {
            if (now != attempt) {
                return;
            }
            if (response == null) {
                tryAgain(now, reason, Failures.cause(Objects.requireNonNull(failure)));
            } else {
                synced(now, reason, response);
            }
        });
    }

    private void synced(int now, String reason, SyncGroupResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            refused(now, reason, error, ApiKey.SYNC_GROUP);
            return;
        }
        failures = 0;
        lastHeartbeat = loop().nanoTime();
        startHeartbeats();
        List<TopicPartition> given = ConsumerProtocol.partitions(response.assignment());
        List<PartitionState> surplus = new ArrayList<>(assignment.states());
        surplus.removeIf(state -> given.contains(state.partition));
        List<TopicPartition> added = new ArrayList<>(given);
        added.removeAll(assignment.partitions());
        handover.giveUp(surplus, maxPollInterval)
                .thenCompose(done -> now == attempt ? handover.takeOver(added) : CompletableFuture.completedFuture(null))
                .whenComplete((done, failure) -> {
                    if (now == attempt) {
                        stable(!surplus.isEmpty());
                    }
                });
    }

    private void stable(boolean gaveUp) {
        state = State.STABLE;
        Set<TopicPartition> assigned = assignment.partitions();
        Duration took = Duration.ofNanos(loop().nanoTime() - rebalanceStart);
        LOG.info("Group {}: member {} of generation {} has {} after {}", groupId, memberId, generation, new TreeSet<>(assigned), Times.text(took));
        listener.rebalanced(assigned, took);
        if (rejoinAgain) {
            rejoinAgain = false;
            rejoin("the group rebalances again");
        } else if (cooperative && gaveUp) {
            rejoin("partitions were given up for others");
        }
    }

    /** The coordinator answered a join or sync with an error. */
    private void refused(int now, String reason, ErrorCode error, ApiKey request) {
        BrokerException failure = new BrokerException("group '" + groupId + "'", error, request, null, null);
        switch (ErrorActions.of(request, error)) {
            case REJOIN -> {
                if (error != ErrorCode.REBALANCE_IN_PROGRESS) {
                    forget();
                    // Whoever is not a member any more does not own anything any more.
                    handover.lose().whenComplete((done, ignored) -> tryAgain(now, reason, failure));
                } else {
                    tryAgain(now, reason, failure);
                }
            }
            case FIND_COORDINATOR -> {
                connections.coordinators().invalidate(CoordinatorType.GROUP, groupId);
                tryAgain(now, reason, failure);
            }
            case RETRY, REFRESH_METADATA, NEW_SESSION -> tryAgain(now, reason, failure);
            case NONE, FAIL, ABORT, FATAL -> fail(failure);
        }
    }

    private void fail(KafkaException failure) {
        LOG.error("Group {}: {}", groupId, failure.getMessage());
        attempt++;
        stopHeartbeats();
        state = State.IDLE;
        topics = Set.of();
        forget();
        handover.lose();
        onFatal.accept(failure);
    }

    private void tryAgain(int now, String reason, Throwable failure) {
        if (now != attempt) {
            return;
        }
        if (failure instanceof BrokerException error && error.errorCode() != null
                && ErrorActions.of(ApiKey.FIND_COORDINATOR, error.errorCode()) == ErrorAction.FATAL) {
            fail(error);
            return;
        }
        if (failure instanceof DisconnectException lost) {
            connections.coordinators().invalidate(CoordinatorType.GROUP, groupId);
            if (lost.mayHaveBeenReceived()) {
                lastHeartbeat = loop().nanoTime(); // while a join waits at the coordinator, the session does not end
            }
        }
        if (generation >= 0 && loop().nanoTime() - lastHeartbeat > sessionTimeout.toNanos()) {
            LOG.warn("Group {}: the coordinator could not be asked to join again for {}; the other members have the partitions by now",
                    groupId, Times.text(sessionTimeout));
            forget();
            handover.lose().whenComplete((done, ignored) -> tryAgain(now, reason, failure));
            return;
        }
        LOG.debug("Group {}: joining failed and is tried again: {}", groupId, failure.getMessage());
        listener.rebalanceFailed(failure);
        failures++;
        loop().schedule(backoff.after(failures, loop().random()), () -> {
            if (now == attempt) {
                join(now, reason);
            }
        });
    }

    private void forget() {
        memberId = "";
        generation = -1;
        identify();
    }

    private void startHeartbeats() {
        if (heartbeatTimer == null) {
            heartbeatTimer = loop().schedule(heartbeatInterval, this::heartbeat);
        }
    }

    private void stopHeartbeats() {
        Timer timer = heartbeatTimer;
        if (timer != null) {
            timer.cancel();
            heartbeatTimer = null;
        }
    }

    private void heartbeat() {
        heartbeatTimer = null;
        long now = loop().nanoTime();
        if (idleNanos.getAsLong() > maxPollInterval.toNanos()) {
            leaveBecauseSilent();
            return;
        }
        if (generation >= 0 && now - lastHeartbeat > sessionTimeout.toNanos()) {
            LOG.warn("Group {}: the coordinator did not answer a heartbeat for {}; its other members have the partitions by now",
                    groupId, Times.text(sessionTimeout));
            dropAndRejoin("the session ended");
            return;
        }
        startHeartbeats();
        if (generation < 0 || heartbeatUnderWay) {
            return;
        }
        heartbeatUnderWay = true;
        int under = generation;
        requests.heartbeat(memberId, generation).whenComplete((response, failure) -> {
            heartbeatUnderWay = false;
            if (under == generation) {
                if (response == null) {
                    connections.coordinators().invalidate(CoordinatorType.GROUP, groupId);
                } else {
                    beaten(response, Duration.ofNanos(loop().nanoTime() - now));
                }
            }
        });
    }

    private void beaten(HeartbeatResponse response, Duration latency) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error == ErrorCode.NONE) {
            lastHeartbeat = loop().nanoTime();
            listener.heartbeat(latency);
            return;
        }
        switch (ErrorActions.of(ApiKey.HEARTBEAT, error)) {
            case REJOIN -> {
                if (error == ErrorCode.REBALANCE_IN_PROGRESS) {
                    lastHeartbeat = loop().nanoTime();
                    if (state == State.STABLE) {
                        rejoin("the group rebalances");
                    }
                } else {
                    dropAndRejoin("the coordinator answered " + error);
                }
            }
            case FIND_COORDINATOR -> connections.coordinators().invalidate(CoordinatorType.GROUP, groupId);
            case NONE, RETRY, REFRESH_METADATA, NEW_SESSION -> { }
            case FAIL, ABORT, FATAL -> fail(new BrokerException("group '" + groupId + "'", error, ApiKey.HEARTBEAT, null, null));
        }
    }

    private void dropAndRejoin(String reason) {
        int now = ++attempt;
        stopHeartbeats();
        forget();
        state = State.IDLE;
        handover.lose().whenComplete((done, failure) -> {
            if (now == attempt) {
                rejoin(reason);
            }
        });
    }

    private void leaveBecauseSilent() {
        Duration silent = Duration.ofNanos(idleNanos.getAsLong());
        LOG.warn("Group {}: the last poll ended {} ago, longer than max.poll.interval.ms ({}): leaving the group, so that others get {}. "
                + "The next poll joins again", groupId, Times.text(silent), Times.text(maxPollInterval), new TreeSet<>(assignment.partitions()));
        listener.pollIntervalExceeded(silent);
        attempt++;
        stopHeartbeats();
        state = State.IDLE;
        requests.leave(memberId, "the application did not poll for max.poll.interval.ms");
        forget();
        handover.lose();
    }

    /** Whether the membership was lost to silence, and offsets of the former one must not be committed. */
    boolean isMember() {
        return generation >= 0;
    }

    /** The coordinator refused a commit of this member: it finds out now rather than with the next heartbeat. */
    void commitRefused() {
        if (state == State.STABLE) {
            requests.heartbeat(memberId, generation).whenComplete((response, failure) -> {
                if (response != null && state == State.STABLE) {
                    beaten(response, Duration.ZERO);
                }
            });
        }
    }

    /** Gives everything up and leaves. */
    CompletableFuture<Void> leave(String reason, Duration finishWithin) {
        attempt++;
        topics = Set.of();
        boolean wasMember = !memberId.isEmpty();
        state = State.IDLE;
        return handover.giveUp(assignment.states(), finishWithin).thenCompose(done -> {
            stopHeartbeats();
            CompletableFuture<Void> left = wasMember ? requests.leave(memberId, reason) : CompletableFuture.completedFuture(null);
            forget();
            return left;
        });
    }
}
