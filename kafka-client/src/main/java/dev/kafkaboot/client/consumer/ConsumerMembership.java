package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership in a group whose coordinator assigns the partitions (KIP-848, {@code group.protocol=consumer}). On the loop, so heartbeats go on whatever the
 * application does.
 *
 * <pre>
 * IDLE --poll--&gt; JOINING --epoch--&gt; MEMBER
 *   JOINING, MEMBER --unsubscribe, close, silent too long--&gt; LEAVING --left--&gt; IDLE
 *   MEMBER --dropped by the coordinator--&gt; IDLE, and at once JOINING
 *   JOINING, MEMBER --refused for good--&gt; IDLE; polls tell why, and join again
 * </pre>
 *
 * <p>Everything is said in heartbeats ({@link MemberHeartbeats}): the member tells what it is subscribed to and what it has ({@link MemberReport}); the
 * coordinator tells in which epoch it is and what is assigned to it. The member makes the one into the other by itself and at its own pace
 * ({@link Reconciler}); nobody stops reading what stays. The epoch changes all the time, and every commit tells it; one that comes with the epoch before is
 * refused, and made again with the next.
 *
 * <p>The member's id is its own choice (KIP-1082) and stays the same as long as the consumer lives, so that a join that is sent twice makes one member, and
 * whoever gives up joining can leave without having heard an answer. A static member (KIP-345) is different: the coordinator lets nobody join with an instance id that is
 * held, not even its holder. So where it may be held for this member, the member lets go of it first, as if it went away for a while, and then joins.
 *
 * <p>How long a member may be silent is the coordinator's affair, and it does not tell. One that cannot reach it for as long as sessions last by default gives up
 * what it has, because others have it by then; one whose session is shorter learns of its end when it gets through, and until then its commits fail.
 */
final class ConsumerMembership implements Membership, MemberHeartbeats.Member<ConsumerGroupHeartbeatResponse>, Reconciler.Member {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerMembership.class);

    private static final int JOIN_EPOCH = 0;
    private static final int LEAVE_EPOCH = -1;

    /** A static member that leaves keeps its partitions until it is back or its session ends. */
    private static final int LEAVE_FOR_A_WHILE_EPOCH = -2;

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private enum State {
        IDLE,
        JOINING,
        MEMBER,
        LEAVING
    }

    private final GroupCoordinator coordinator;
    private final Assignment assignment;
    private final Handover handover;
    private final ConsumerListener listener;
    private final PollClock polls;
    private final GroupFailure failure;
    private final Duration maxPollInterval;
    private final @Nullable String instanceId;
    private final MemberIdentity self;
    private final MemberReport report;
    private final MemberHeartbeats<ConsumerGroupHeartbeatResponse> heartbeats;
    private final Reconciler reconciler;
    private final SilenceWatch silence;
    private final Predicate<KafkaException> isForAnotherProtocol;

    /** The topics that the coordinator has found, of which it tells only the ids. */
    private final TopicIdWatches found;

    private State state = State.IDLE;

    /** Empty before the first join. */
    private String memberId = "";

    private Set<String> topics = Set.of();

    /** What the coordinator is to find, or null. */
    private @Nullable SubscriptionPattern pattern;

    /** Whether there is a subscription, though it be one that no topic matches. */
    private boolean subscribed;

    /** The topics as the coordinator is told of them; whoever leaves does not unsubscribe first. */
    private Set<String> toldTopics = Set.of();

    private @Nullable String toldRegex;

    /** Counts joins and their ends: what was begun before the last of them does not go on. */
    private int attempt;

    private int failures;
    private long joinNotBefore;
    private boolean closed;

    /** Whether the coordinator may know of this member. */
    private boolean mayBeKnown;

    /** Whether the coordinator may hold the instance id for this member: a join was sent, and no goodbye taken in. */
    private boolean mayHold;

    /** Whether the last heartbeat was there to let go of the instance id. */
    private boolean releasing;

    private boolean rebalancing;
    private long rebalanceStart;
    private CompletableFuture<Void> lastLeave = DONE;

    /**
     * Not a member.
     *
     * @param isForAnotherProtocol hears why a join was refused, and answers whether somebody else joins then; who does not is told the reason by polls
     */
    ConsumerMembership(
            GroupCoordinator coordinator, Assignment assignment, Handover handover, ClientConfig config, ConsumerListener listener,
            PollClock polls, GroupFailure failure, Predicate<KafkaException> isForAnotherProtocol) {
        this.isForAnotherProtocol = isForAnotherProtocol;
        this.coordinator = coordinator;
        this.assignment = assignment;
        this.handover = handover;
        this.listener = listener;
        this.polls = polls;
        this.failure = failure;
        this.maxPollInterval = config.get(ConsumerConfig.MAX_POLL_INTERVAL);
        this.instanceId = config.find(ConsumerConfig.GROUP_INSTANCE_ID);
        this.self = new MemberIdentity(coordinator.groupId(), instanceId);
        this.report = new MemberReport(
                coordinator.groupId(), instanceId, config.find(CommonConfig.CLIENT_RACK), config.find(ConsumerConfig.GROUP_REMOTE_ASSIGNOR),
                maxPollInterval);
        this.heartbeats = new MemberHeartbeats<>(coordinator, HeartbeatKind.CONSUMER, this, listener);
        this.reconciler = new Reconciler(
                loop(), assignment, handover, coordinator.connections().metadata(), maxPollInterval, coordinator.requestTimeout(), this);
        this.silence = new SilenceWatch(loop(), polls, maxPollInterval, this::silent);
        this.found = new TopicIdWatches(coordinator.connections().metadata());
        this.joinNotBefore = loop().nanoTime();
    }

    private EventLoop loop() {
        return coordinator.loop();
    }

    // ---- who it is

    @Override
    public boolean isAssignedToByCoordinator() {
        return true;
    }

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
        if (refusal != ErrorCode.STALE_MEMBER_EPOCH || !self.isMember()) {
            return false;
        }
        // 1. The coordinator raises the epoch; 2. a commit is made with the one before; 3. the answer that tells of the new one comes, or is lost.
        if (identity().equals(refused)) {
            heartbeats.soon();
        }
        return true;
    }

    @Override
    public void wasRefused(BrokerException refusal, ConsumerGroupMetadata refused) {
        if (!self.isMember() || !identity().equals(refused)) {
            return;
        }
        switch (ErrorActions.of(ApiKey.CONSUMER_GROUP_HEARTBEAT, refusal.errorCode())) {
            case REJOIN -> dropped(refusal); // heartbeats may come to nothing just now, and would say the same
            case NONE, RETRY, REFRESH_METADATA, FIND_COORDINATOR, NEW_SESSION, FAIL, ABORT, FATAL -> heartbeats.soon();
        }
    }

    // ---- what the application does

    @Override
    public void subscribe(Set<String> names, @Nullable SubscriptionPattern byCoordinator) {
        boolean changed = !Objects.equals(pattern, byCoordinator);
        pattern = byCoordinator;
        toldRegex = byCoordinator == null ? null : byCoordinator.pattern();
        subscribed = true;
        failure.clear();
        failures = 0;
        joinNotBefore = loop().nanoTime();
        take(names, changed);
        if (state == State.IDLE) {
            joinIfPolled();
        }
    }

    @Override
    public void topicsChanged(Set<String> names) {
        if (subscribed) {
            take(names, /* changed= */ false);
        }
    }

    private void take(Set<String> names, boolean changed) {
        boolean isNews = changed || !topics.equals(names);
        topics = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        toldTopics = topics;
        if (isNews && (state == State.JOINING || state == State.MEMBER)) {
            reconciler.step();
            heartbeats.soon();
        }
    }

    @Override
    public void enforceRebalance(String reason) {
        LOG.info("{}: no rebalance is enforced, because the coordinator distributes the partitions by itself with group.protocol=consumer: {}", coordinator,
                reason);
    }

    @Override
    public void polled() {
        handover.workFinished();
        if (state == State.IDLE && subscribed && !closed && loop().nanoTime() - joinNotBefore >= 0) {
            join("the application polls");
        }
    }

    private void joinIfPolled() {
        if (polls.isPolling()) {
            polled();
        }
    }

    @Override
    public void metadataChanged(ClusterSnapshot cluster) {
        reconciler.step();
    }

    // ---- joining and staying

    private void join(String reason) {
        LOG.info("{}: joining, because {}", coordinator, reason);
        memberId = memberId.isEmpty() ? new Uuid(loop().random().nextLong(), loop().random().nextLong()).toString() : memberId;
        state = State.JOINING;
        rebalancing = false;
        rebalanceStarted(reason);
        int now = ++attempt;
        // A goodbye that is under way would be the end of whoever joins before it, being the same member.
        handover.settled().thenCompose(done -> lastLeave).thenRun(() -> {
            if (now == attempt) {
                mayBeKnown = true;
                report.startOver();
                reconciler.start();
                heartbeats.start();
                silence.start();
            }
        });
    }

    private void rebalanceStarted(String reason) {
        if (!rebalancing) {
            rebalancing = true;
            rebalanceStart = loop().nanoTime();
            listener.rebalanceStarted(reason);
        }
    }

    @Override
    public @Nullable SubscriptionPattern pattern() {
        return pattern;
    }

    @Override
    public ConsumerGroupHeartbeatRequest nextHeartbeat() {
        releasing = mayHold && !self.isMember();
        if (releasing) {
            return report.last(memberId, LEAVE_FOR_A_WHILE_EPOCH);
        }
        mayHold = instanceId != null;
        return report.next(memberId, self.isMember() ? self.generation() : JOIN_EPOCH, toldTopics, toldRegex, reconciler.owned());
    }

    @Override
    public void answered(ConsumerGroupHeartbeatResponse response) {
        if (releasing) {
            released();
            return;
        }
        if (response.memberEpoch() <= JOIN_EPOCH) {
            throw new IllegalStateException("epoch " + response.memberEpoch() + " is none of a member");
        }
        self.joined(memberId, response.memberEpoch());
        failure.admitted(GroupFailure.COORDINATOR);
        if (state == State.JOINING) {
            state = State.MEMBER;
            failures = 0;
            failure.clear();
        }
        ConsumerGroupHeartbeatResponse.Assignment assigned = response.assignment();
        if (state == State.MEMBER && assigned != null) {
            AssignedTopics target = AssignedTopics.of(assigned);
            found.watch(pattern == null ? Set.of() : target.partitions().keySet());
            if (!target.equals(reconciler.target())) {
                report.assignedAnew();
            }
            reconciler.assigned(target);
        }
    }

    @Override
    public boolean isPreparing() {
        return releasing;
    }

    /** The instance id is not held for this member: it may join. If the join comes to nothing again, the pause before the next one grows all the same. */
    private void released() {
        mayHold = false;
        heartbeats.goOn();
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return pattern != null || topics.contains(topic);
    }

    @Override
    public void reconciling() {
        rebalanceStarted("the coordinator has assigned other partitions");
    }

    @Override
    public void ownedChanged() {
        heartbeats.soon();
    }

    @Override
    public void reconciled() {
        if (report.owesOwned()) {
            heartbeats.soon();
        }
        if (rebalancing && state == State.MEMBER) {
            rebalancing = false;
            Set<TopicPartition> assigned = assignment.partitions();
            Duration took = Duration.ofNanos(loop().nanoTime() - rebalanceStart);
            LOG.info("{}: member {} has {} in epoch {} after {}", coordinator, memberId, new TreeSet<>(assigned), self.generation(), Times.text(took));
            listener.rebalanced(assigned, took);
        }
    }

    // ---- what goes wrong

    @Override
    public void missed(Throwable cause) {
        report.startOver();
        if (state == State.JOINING) {
            listener.rebalanceFailed(cause);
        }
    }

    @Override
    public void notSent() {
        mayHold &= releasing || self.isMember();
        report.notSent();
    }

    @Override
    public void dropped(BrokerException reason) {
        if (state == State.JOINING && releasing) {
            released();
            return;
        }
        if (state == State.JOINING) {
            refused(reason); // who joins is no member yet, so this is about the group
            return;
        }
        LOG.warn("{}: the coordinator has dropped member {} in epoch {} ({}); others may have {} by now", coordinator, memberId, self.generation(),
                reason.errorCode(), new TreeSet<>(assignment.partitions()));
        int now = state == State.LEAVING ? attempt : ++attempt;
        stop(state == State.LEAVING ? State.LEAVING : State.IDLE);
        self.end();
        mayBeKnown = false;
        mayHold &= reason.errorCode() == ErrorCode.FENCED_MEMBER_EPOCH; // which is said to one that is known
        handover.lose().thenRun(() -> {
            if (now == attempt && state == State.IDLE && subscribed) {
                join("the coordinator answered " + reason.errorCode());
            }
        });
    }

    @Override
    public void sessionEnded() {
        LOG.warn("{}: no heartbeat of member {} was answered for {}; others may have {} by now", coordinator, memberId, Times.text(MemberHeartbeats.SESSION),
                new TreeSet<>(assignment.partitions()));
        if (state == State.LEAVING) {
            handover.lose();
            return;
        }
        int now = ++attempt;
        stop(State.IDLE);
        self.end();
        handover.lose().thenRun(() -> {
            if (now == attempt && subscribed) {
                join("the session ended");
            }
        });
    }

    /** Polls tell why, each time that it is tried. */
    @Override
    public boolean staysInSpiteOf(AuthenticationException reason) {
        if (state != State.MEMBER) {
            return false;
        }
        failure.refused(GroupFailure.COORDINATOR, reason);
        return true;
    }

    /** It will not succeed by itself: polls tell why. The topics stay, so the next poll tries again, after a pause. */
    @Override
    public void refused(KafkaException reason) {
        if (state == State.LEAVING) {
            heartbeats.stop();
            return;
        }
        if (state == State.JOINING && releasing && reason.errorCode() == ErrorCode.FENCED_INSTANCE_ID) {
            released(); // another holds it, and whoever joins is told so
            return;
        }
        if (state == State.JOINING && isForAnotherProtocol.test(reason)) {
            return;
        }
        coordinator.logRefusal(LOG, reason);
        int now = ++attempt;
        boolean wasMember = self.isMember() && reason.errorCode() != ErrorCode.FENCED_INSTANCE_ID;
        stop(State.IDLE);
        self.end();
        mayBeKnown = false;
        if (wasMember) {
            sayGoodbye(DONE);
        }
        handover.lose();
        failures++;
        Duration pause = coordinator.backoff().after(failures, loop().random());
        joinNotBefore = loop().nanoTime() + pause.toNanos();
        failure.set(reason);
        loop().schedule(pause, () -> {
            if (now == attempt) {
                joinIfPolled();
            }
        });
    }

    /** This is not, and does not become, a member any more; another takes its place. It has nothing to give up. */
    void retire() {
        ++attempt;
        stop(State.IDLE);
        self.end();
        mayBeKnown = false;
        subscribed = false;
    }

    @Override
    public void abandon() {
        closed = true;
        retire();
    }

    private void stop(State next) {
        state = next;
        rebalancing = false;
        heartbeats.stop();
        reconciler.stop();
        silence.stop();
        found.watch(Set.of());
    }

    // ---- leaving

    private void silent(Duration sinceLastPoll) {
        LOG.warn("{}: the last poll ended {} ago, longer than max.poll.interval.ms ({}): leaving the group, so that others get {}. "
                + "The next poll joins again", coordinator, Times.text(sinceLastPoll), Times.text(maxPollInterval), new TreeSet<>(assignment.partitions()));
        listener.pollIntervalExceeded(sinceLastPoll);
        int now = ++attempt;
        CompletableFuture<Void> gone = depart();
        handover.lose().thenCompose(done -> gone).thenRun(() -> left(now));
    }

    @Override
    public CompletableFuture<Void> leave(String reason, Duration finishWithin, Duration commitWithin, boolean forGood) {
        LOG.debug("{}: leaving, because {}", coordinator, reason);
        topics = Set.of();
        pattern = null;
        subscribed = false;
        closed |= forGood;
        failure.clear();
        int now = ++attempt;
        reconciler.stop();
        silence.stop();
        if (state == State.MEMBER) {
            state = State.LEAVING; // the heartbeats go on until everything is given up
        }
        return handover.giveUp(assignment.states(), finishWithin, commitWithin)
                .thenCompose(done -> depart())
                .thenRun(() -> left(now));
    }

    /** Says goodbye, if the coordinator may know of this member. */
    private CompletableFuture<Void> depart() {
        // A join that is under way is waited for, so that it does not come after the goodbye.
        CompletableFuture<Void> settled = state == State.JOINING ? heartbeats.lastAnswer() : DONE;
        stop(State.LEAVING);
        self.end();
        if (mayBeKnown || mayHold) {
            mayBeKnown = false;
            sayGoodbye(settled);
        }
        return lastLeave;
    }

    private void sayGoodbye(CompletableFuture<Void> first) {
        ConsumerGroupHeartbeatRequest goodbye = report.last(memberId, leaveEpoch());
        boolean held = mayHold;
        mayHold = false; // nobody joins before it is known
        lastLeave = first.thenCompose(done -> heartbeats.tryToLeave(goodbye)).thenAccept(taken -> mayHold |= held && !taken);
    }

    private int leaveEpoch() {
        return instanceId == null ? LEAVE_EPOCH : LEAVE_FOR_A_WHILE_EPOCH;
    }

    private void left(int now) {
        if (now == attempt) {
            state = State.IDLE;
            joinIfPolled();
        }
    }
}
