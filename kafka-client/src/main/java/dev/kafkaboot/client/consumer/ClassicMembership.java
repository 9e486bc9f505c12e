package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership in a classic group. On the loop, so heartbeats go on whatever the application does.
 *
 * <pre>
 * IDLE --poll--&gt; JOINING --assignment--&gt; STABLE --rebalance--&gt; JOINING ...
 *   JOINING, STABLE --unsubscribe, close, silent too long--&gt; LEAVING --left--&gt; IDLE
 *   JOINING, STABLE --dropped by the coordinator--&gt; IDLE, and at once JOINING
 *   JOINING, STABLE --refused for good--&gt; IDLE; polls tell why, and join again
 * </pre>
 *
 * <p>A rebalance gives up what has to be given up ({@link Handover}), joins, lets the leader distribute, and takes over what it was given. With an eager
 * protocol everything is given up before joining, with a cooperative one only what the new assignment lacks, which takes a second round. Every step carries
 * the attempt under which it was begun; an answer to an older attempt is dropped, and a member id that comes with one is handed back, because the others
 * would wait for that member.
 */
final class ClassicMembership implements Membership, Heartbeats.Member {

    private static final Logger LOG = LoggerFactory.getLogger(ClassicMembership.class);

    /** What a coordinator may take beyond the rebalance time-out to answer a join. */
    private static final Duration JOIN_GRACE = Duration.ofSeconds(5);

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private enum State {
        IDLE,
        JOINING,
        STABLE,
        LEAVING
    }

    private final GroupCoordinator coordinator;
    private final Assignment assignment;
    private final Handover handover;
    private final GroupRequests requests;
    private final GroupLeadership leadership;
    private final Heartbeats heartbeats;
    private final ConsumerListener listener;
    private final PollClock polls;
    private final GroupFailure failure;
    private final List<PartitionAssignor> assignors;
    private final @Nullable String instanceId;
    private final boolean cooperative;
    private final Duration maxPollInterval;

    private State state = State.IDLE;
    private Set<String> topics = Set.of();

    /** Whether there is a subscription, though it be one that no topic matches. */
    private boolean subscribed;

    private final MemberIdentity self;
    private int attempt;
    private final CoordinatorTrouble trouble;
    private int failures;
    private long joinNotBefore;
    private boolean joinAgain;
    private boolean fenced;
    private boolean closed;
    private long rebalanceStart;

    /** Completes when the join that was sent last is answered, and a member id that nobody wants any more is handed back. */
    private CompletableFuture<Void> lastJoin = DONE;

    private CompletableFuture<Void> lastLeave = DONE;

    ClassicMembership(
            GroupCoordinator coordinator, Assignment assignment, Handover handover, ClientConfig config, List<PartitionAssignor> assignors,
            ConsumerListener listener, PollClock polls, GroupFailure failure) {
        this.coordinator = coordinator;
        this.assignment = assignment;
        this.handover = handover;
        this.listener = listener;
        this.polls = polls;
        this.failure = failure;
        this.assignors = assignors;
        this.instanceId = config.find(ConsumerConfig.GROUP_INSTANCE_ID);
        this.cooperative = assignors.stream().allMatch(PartitionAssignor::isCooperative);
        this.maxPollInterval = config.get(ConsumerConfig.MAX_POLL_INTERVAL);
        Duration sessionTimeout = config.get(ConsumerConfig.SESSION_TIMEOUT);
        this.requests = new GroupRequests(coordinator, instanceId, config.find(CommonConfig.CLIENT_RACK), sessionTimeout, maxPollInterval,
                config.get(ConsumerConfig.HEARTBEAT_INTERVAL));
        this.leadership = new GroupLeadership(coordinator.connections().metadata(), assignors, coordinator.requestTimeout());
        this.heartbeats = new Heartbeats(
                coordinator.loop(), requests, this, polls, listener, config.get(ConsumerConfig.HEARTBEAT_INTERVAL), sessionTimeout, maxPollInterval);
        this.self = new MemberIdentity(coordinator.groupId(), instanceId);
        this.joinNotBefore = coordinator.loop().nanoTime();
        this.trouble = new CoordinatorTrouble(coordinator.loop(), coordinator.toString());
    }

    @Override
    public boolean isAssignedToByCoordinator() {
        return false;
    }

    /** Who this is in the group now. Any thread. */
    @Override
    public ConsumerGroupMetadata identity() {
        return self.metadata();
    }

    @Override
    public ConsumerGroupMetadata lastMember() {
        return self.lastMember();
    }

    @Override
    public boolean isSubscribed() {
        return subscribed;
    }

    @Override
    public boolean isAboutToChange(ErrorCode refusal, ConsumerGroupMetadata refused) {
        return refusal == ErrorCode.REBALANCE_IN_PROGRESS
                || refusal == ErrorCode.ILLEGAL_GENERATION && (state == State.JOINING || isJoinedWhileLeaving() || !identity().equals(refused));
    }

    /** Whether whoever leaves may get another generation before it has left, in which it still has what it had. */
    private boolean isJoinedWhileLeaving() {
        return state == State.LEAVING && !lastJoin.isDone();
    }

    private EventLoop loop() {
        return coordinator.loop();
    }

    @Override
    public void subscribe(Set<String> names, @Nullable SubscriptionPattern pattern) {
        if (pattern != null) {
            throw new IllegalArgumentException("The coordinator of a classic group finds no topics");
        }
        failure.clear();
        failures = 0;
        fenced = false;
        joinNotBefore = loop().nanoTime();
        subscribed = true;
        take(names, "the subscription changed");
        if (state == State.IDLE) {
            joinIfPolled();
        }
    }

    @Override
    public void topicsChanged(Set<String> names) {
        if (subscribed) {
            take(names, "other topics match the subscription");
        }
    }

    private void take(Set<String> names, String reason) {
        boolean changed = !topics.equals(names);
        topics = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        if (changed && (state == State.JOINING || state == State.STABLE)) {
            rejoin(reason);
        }
    }

    @Override
    public void enforceRebalance(String reason) {
        if (state == State.JOINING || state == State.STABLE) {
            rejoin(reason);
        } else {
            LOG.info("{}: no rebalance is enforced, because this consumer is not a member now: {}", coordinator, reason);
        }
    }

    @Override
    public void polled() {
        handover.workFinished();
        if (state == State.IDLE && subscribed && !closed && !fenced && loop().nanoTime() - joinNotBefore >= 0) {
            rejoin("the application polls");
        }
    }

    private void joinIfPolled() {
        if (polls.isPolling()) {
            polled();
        }
    }

    /** The leader lets the group rebalance if a topic has grown, has come or is gone. */
    @Override
    public void metadataChanged(ClusterSnapshot cluster) {
        if (state == State.STABLE && leadership.isOutdated(cluster)) {
            rejoin("a topic has come, grown or gone");
        }
    }

    private void rejoin(String reason) {
        if (state == State.JOINING) {
            joinAgain = true;
            return;
        }
        LOG.info("{}: joining, because {}", coordinator, reason);
        state = State.JOINING;
        rebalanceStart = loop().nanoTime();
        listener.rebalanceStarted(reason);
        int now = ++attempt;
        // The coordinator hears of this member meanwhile: the application may need time to finish.
        heartbeats.start();
        CompletableFuture<Void> ready =
                cooperative ? handover.settled() : handover.giveUp(assignment.states(), maxPollInterval, coordinator.requestTimeout());
        ready.thenRun(() -> {
            if (now == attempt) {
                join(now, reason);
            }
        });
    }

    private void join(int now, String reason) {
        heartbeats.stop(); // on the same connection they would wait behind it
        joinAgain = false;
        Set<TopicPartition> owned = cooperative ? assignment.partitions() : Set.of();
        CompletableFuture<JoinGroupResponse> asked;
        try {
            asked = requests.join(self.memberId(), assignors, topics, owned, self.generation(), reason, maxPollInterval.plus(JOIN_GRACE),
                    waiting(now, reason));
        } catch (Throwable assignorFailed) { // a user's code, which may throw a checked exception that it does not declare
            asked = CompletableFuture.failedFuture(assignorFailed);
        }
        lastJoin = asked
                .handle((response, cause) -> {
                    if (now != attempt) {
                        return response == null ? DONE : joinedInVain(response);
                    }
                    guarded(now, reason, response, cause, () -> joined(now, reason, Objects.requireNonNull(response)));
                    return DONE;
                })
                .thenCompose(done -> done);
    }

    /** Sees to it that a coordinator whose host is gone is not waited for as long as one that waits for the other members. */
    private AnswerWatch.Waiting waiting(int now, String reason) {
        return new AnswerWatch.Waiting() {
            @Override
            public void heard() {
                if (now == attempt) {
                    heartbeats.answered(); // while a join waits at the coordinator, the session does not end
                }
            }

            @Override
            public void silent(TimeoutException cause) {
                if (now == attempt) {
                    requests.coordinatorIsLost();
                    lastJoin = DONE; // whoever leaves does not wait for it either
                    joinFailed(++attempt, reason, cause);
                }
            }
        };
    }

    /** Goes on with an answer. What is thrown then would otherwise leave this member joining for ever. */
    private void guarded(int now, String reason, @Nullable Object response, @Nullable Throwable cause, Runnable goOn) {
        if (now != attempt) {
            return;
        }
        try {
            if (response == null) {
                joinFailed(now, reason, Failures.cause(Objects.requireNonNull(cause)));
            } else {
                goOn.run();
            }
        } catch (Throwable defect) { // an assignor is a user's code
            joinFailed(now, reason, defect);
        }
    }

    /**
     * The answer to a join that was given up. Whoever leaves, and works on what it has until it does, is in a new generation with it: what it finishes is committed
     * in that one, and the others wait for what it distributes.
     */
    private CompletableFuture<Void> joinedInVain(JoinGroupResponse response) {
        boolean isThisMember = state == State.LEAVING && ErrorCode.forCode(response.errorCode()) == ErrorCode.NONE
                && response.memberId().equals(self.memberId()) && response.generationId() > self.generation();
        if (!isThisMember) {
            return handBack(response);
        }
        heartbeats.start();
        try {
            enter(response).whenComplete((byMember, cause) -> syncWhileLeaving(response, byMember));
        } catch (Throwable defect) { // an assignor is a user's code
            LOG.debug("{}: nothing was distributed by a leader that leaves: {}", coordinator, defect.toString());
        }
        return DONE;
    }

    private void syncWhileLeaving(JoinGroupResponse response, @Nullable Map<String, byte[]> byMember) {
        if (byMember != null && isLeavingAs(response) && response.leader().equals(self.memberId())) {
            AnswerWatch.Waiting nobody = new AnswerWatch.Waiting() {
                @Override
                public void heard() { }

                @Override
                public void silent(TimeoutException cause) { }
            };
            requests.sync(self.memberId(), self.generation(), protocol(response), byMember, nobody);
        }
    }

    private boolean isLeavingAs(JoinGroupResponse joined) {
        return state == State.LEAVING && joined.memberId().equals(self.memberId()) && joined.generationId() == self.generation();
    }

    /** The answer to a join that was given up, by which nobody becomes a member. A member id that it names, and nobody uses, holds up the rebalances of the others. */
    private CompletableFuture<Void> handBack(JoinGroupResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        boolean isKnown = error == ErrorCode.NONE || error == ErrorCode.MEMBER_ID_REQUIRED;
        return instanceId == null && isKnown && !response.memberId().isEmpty() && !response.memberId().equals(self.memberId())
                ? requests.leave(response.memberId(), "the attempt to join was given up")
                : DONE;
    }

    private void joined(int now, String reason, JoinGroupResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error == ErrorCode.MEMBER_ID_REQUIRED) {
            self.invited(response.memberId());
            heartbeats.answered();
            join(now, reason);
            return;
        }
        if (error != ErrorCode.NONE) {
            refused(now, reason, error, ApiKey.JOIN_GROUP);
            return;
        }
        enter(response).whenComplete((byMember, cause) -> {
            if (isLeavingAs(response)) {
                syncWhileLeaving(response, byMember);
            } else {
                guarded(now, reason, byMember, cause, () -> sync(now, reason, protocol(response), Objects.requireNonNull(byMember)));
            }
        });
    }

    /** This is a member of the new generation; answers what it gives to each member, if it leads. */
    private CompletableFuture<Map<String, byte[]>> enter(JoinGroupResponse response) {
        self.joined(response.memberId(), response.generationId());
        heartbeats.answered(); // the session begins, or goes on, with the answer to a join
        if (!response.leader().equals(self.memberId())) {
            leadership.end();
            return CompletableFuture.completedFuture(Map.of());
        }
        heartbeats.start(); // the session goes on while metadata is asked for, however long that takes
        return response.skipAssignment() ? leadership.goOn(response) : leadership.distribute(response);
    }

    private static String protocol(JoinGroupResponse response) {
        return Objects.requireNonNullElse(response.protocolName(), "");
    }

    private void sync(int now, String reason, String protocol, Map<String, byte[]> assignments) {
        heartbeats.stop();
        requests.sync(self.memberId(), self.generation(), protocol, assignments, waiting(now, reason)).whenComplete((response, cause) ->
                guarded(now, reason, response, cause, () -> synced(now, reason, response)));
    }

    private void synced(int now, String reason, SyncGroupResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            refused(now, reason, error, ApiKey.SYNC_GROUP);
            return;
        }
        List<TopicPartition> given = new ArrayList<>(ConsumerProtocol.partitions(response.assignment()));
        // What was unsubscribed from while this was under way is not wanted any more, and will be given up by joining again.
        given.removeIf(partition -> !topics.contains(partition.topic()));
        assignors.forEach(assignor -> assignor.assigned(List.copyOf(given), self.generation()));
        heartbeats.answered();
        heartbeats.start();
        List<PartitionState> surplus = new ArrayList<>(assignment.states());
        surplus.removeIf(each -> given.contains(each.partition));
        List<TopicPartition> added = new ArrayList<>(given);
        added.removeAll(assignment.partitions());
        handover.giveUp(surplus, maxPollInterval, coordinator.requestTimeout())
                .thenCompose(done -> now == attempt ? handover.takeOver(added) : DONE)
                .thenRun(() -> {
                    if (now == attempt) {
                        stable(!surplus.isEmpty());
                    }
                });
    }

    private void stable(boolean gaveUp) {
        state = State.STABLE;
        failures = 0;
        trouble.over();
        failure.clear();
        Set<TopicPartition> assigned = assignment.partitions();
        Duration took = Duration.ofNanos(loop().nanoTime() - rebalanceStart);
        LOG.info("{}: member {} of generation {} has {} after {}", coordinator, self.memberId(), self.generation(), new TreeSet<>(assigned),
                Times.text(took));
        listener.rebalanced(assigned, took);
        if (joinAgain) {
            joinAgain = false;
            rejoin("there was a reason to while the group rebalanced");
        } else if (cooperative && gaveUp) {
            rejoin("partitions were given up for others");
        } else {
            metadataChanged(coordinator.connections().metadata().snapshot());
        }
    }

    /** The coordinator answered a join or sync with an error. */
    private void refused(int now, String reason, ErrorCode error, ApiKey request) {
        BrokerException refusal = refusal(error, request);
        switch (ErrorActions.of(request, error)) {
            case REJOIN -> {
                if (error == ErrorCode.REBALANCE_IN_PROGRESS) {
                    joinLater(now, reason, refusal);
                } else {
                    self.dropped(error);
                    // Whoever is not a member any more does not own anything any more.
                    handover.lose().thenRun(() -> joinLater(now, reason, refusal));
                }
            }
            case FIND_COORDINATOR -> {
                requests.coordinatorIsLost();
                joinLater(now, reason, refusal);
            }
            case RETRY, REFRESH_METADATA, NEW_SESSION -> joinLater(now, reason, refusal);
            case NONE, FAIL, ABORT, FATAL -> fail(refusal);
        }
    }

    private BrokerException refusal(ErrorCode error, ApiKey request) {
        String explanation = error == ErrorCode.FENCED_INSTANCE_ID
                ? "another consumer has joined with the same group.instance.id, '" + instanceId + "'; this one is out of the group until it subscribes again"
                : null;
        return new BrokerException(coordinator.toString(), error, request, null, explanation);
    }

    private void joinFailed(int now, String reason, Throwable cause) {
        if (cause instanceof DisconnectException || cause instanceof RequestTimeoutException) {
            requests.coordinatorIsLost();
        }
        if (cause instanceof DisconnectException lost && lost.mayHaveBeenReceived()) {
            heartbeats.answered(); // while a join waits at the coordinator, the session does not end
        }
        if (cause instanceof KafkaException known && known.isRetriable()) {
            joinLater(now, reason, cause);
        } else if (!closed) {
            fail(cause instanceof KafkaException known ? known : new KafkaException(coordinator + " could not be joined: " + cause, cause));
        }
    }

    private void joinLater(int now, String reason, Throwable cause) {
        if (now != attempt) {
            return;
        }
        if (self.isMember() && heartbeats.isSessionOver()) {
            // A cooperative member reads on while it joins again, but not for longer than it is a member.
            LOG.warn("{}: the coordinator could not be asked to join again for session.timeout.ms; the other members have the partitions by now", coordinator);
            self.dropped(ErrorCode.UNKNOWN_MEMBER_ID);
            handover.lose().thenRun(() -> joinLater(now, reason, cause));
            return;
        }
        LOG.debug("{}: joining failed and is tried again: {}", coordinator, cause.getMessage());
        listener.rebalanceFailed(cause);
        if (!(cause instanceof BrokerException answer && answer.errorCode() == ErrorCode.REBALANCE_IN_PROGRESS)) { // which a coordinator says that is well
            trouble.failed(cause);
        }
        failures++;
        loop().schedule(backoff(), () -> {
            if (now == attempt) {
                join(now, reason);
            }
        });
    }

    private Duration backoff() {
        return coordinator.backoff().after(failures, loop().random());
    }

    /** It will not succeed by itself: polls tell why. The topics stay, so the next poll tries again, after a pause. */
    private void fail(KafkaException reason) {
        coordinator.logRefusal(LOG, reason);
        trouble.over();
        int now = ++attempt;
        stop(State.IDLE);
        String left = self.end();
        fenced = reason.errorCode() == ErrorCode.FENCED_INSTANCE_ID;
        if (!left.isEmpty() && !fenced && instanceId == null) {
            requests.leave(left, "joining failed");
        }
        handover.lose();
        failures++;
        Duration pause = backoff();
        joinNotBefore = loop().nanoTime() + pause.toNanos();
        failure.set(reason);
        loop().schedule(pause, () -> {
            if (now == attempt) {
                joinIfPolled();
            }
        });
    }

    @Override
    public void abandon() {
        ++attempt;
        closed = true;
        subscribed = false;
        stop(State.IDLE);
    }

    private void stop(State next) {
        state = next;
        joinAgain = false;
        heartbeats.stop();
        leadership.end();
    }

    @Override
    public void beaten(ErrorCode error) {
        switch (ErrorActions.of(ApiKey.HEARTBEAT, error)) {
            case REJOIN -> {
                if (error != ErrorCode.REBALANCE_IN_PROGRESS) {
                    self.dropped(error);
                    lostAndRejoin("the coordinator answered " + error);
                } else if (state == State.STABLE) {
                    rejoin("the group rebalances");
                }
            }
            case FIND_COORDINATOR -> requests.coordinatorIsLost();
            case NONE, RETRY, REFRESH_METADATA, NEW_SESSION -> { }
            case FAIL, ABORT, FATAL -> {
                if (state != State.LEAVING) {
                    fail(refusal(error, ApiKey.HEARTBEAT));
                }
            }
        }
    }

    @Override
    public void sessionEnded() {
        LOG.warn("{}: no heartbeat was answered for session.timeout.ms; the other members have the partitions by now", coordinator);
        // The coordinator may know the member still, and would wait for it to come before it lets another one begin: so it comes as who it was.
        self.dropped(ErrorCode.ILLEGAL_GENERATION);
        lostAndRejoin("the session ended");
    }

    private void lostAndRejoin(String reason) {
        if (state == State.LEAVING) {
            handover.lose();
            return;
        }
        int now = ++attempt;
        stop(State.IDLE);
        handover.lose().thenRun(() -> {
            if (now == attempt) {
                rejoin(reason);
            }
        });
    }

    @Override
    public boolean silent(Duration sinceLastPoll) {
        if (state == State.LEAVING) {
            return false;
        }
        LOG.warn("{}: the last poll ended {} ago, longer than max.poll.interval.ms ({}): leaving the group, so that others get {}. "
                + "The next poll joins again", coordinator, Times.text(sinceLastPoll), Times.text(maxPollInterval), new TreeSet<>(assignment.partitions()));
        listener.pollIntervalExceeded(sinceLastPoll);
        int now = ++attempt;
        stop(State.LEAVING);
        CompletableFuture<Void> gone = depart("the application did not poll for max.poll.interval.ms");
        handover.lose().thenCompose(done -> gone).thenRun(() -> left(now));
        return true;
    }

    @Override
    public void wasRefused(BrokerException refusal, ConsumerGroupMetadata refused) {
        ErrorCode error = refusal.errorCode();
        if (state == State.JOINING && error == ErrorCode.UNKNOWN_MEMBER_ID && self.isMember() && identity().equals(refused)) {
            beaten(error); // the join may wait where the group was coordinated before
            return;
        }
        if (state != State.STABLE) {
            return;
        }
        boolean isOut = error == ErrorCode.UNKNOWN_MEMBER_ID || error == ErrorCode.ILLEGAL_GENERATION;
        if (isOut && identity().equals(refused)) {
            beaten(error); // heartbeats may come to nothing just now, and would say the same
        } else {
            heartbeats.beat();
        }
    }

    @Override
    public CompletableFuture<Void> leave(String reason, Duration finishWithin, Duration commitWithin, boolean forGood) {
        topics = Set.of();
        subscribed = false;
        closed |= forGood;
        failure.clear();
        trouble.over();
        int now = ++attempt;
        state = State.LEAVING;
        joinAgain = false;
        heartbeats.stop();
        if (self.isMember()) {
            heartbeats.start(); // and the topics of others are watched on: they may have to be distributed yet
        }
        return handover.giveUp(assignment.states(), finishWithin, commitWithin)
                .thenCompose(done -> depart(reason))
                .thenRun(() -> left(now));
    }

    private CompletableFuture<Void> depart(String reason) {
        heartbeats.stop();
        leadership.end();
        String id = self.end();
        if (!id.isEmpty() && instanceId == null) { // a static member comes back within its session, and finds what it had (KIP-345)
            lastLeave = requests.leave(id, reason);
            return lastLeave;
        }
        if (instanceId != null) {
            return lastLeave; // a join that is under way makes nobody a member who would have to be told goodbye
        }
        // A join without an id may be under way: whom it made a member is known, and told goodbye, when it is answered.
        return CompletableFuture.allOf(lastJoin, lastLeave);
    }

    private void left(int now) {
        if (now == attempt) {
            state = State.IDLE;
            joinIfPolled();
        }
    }
}
