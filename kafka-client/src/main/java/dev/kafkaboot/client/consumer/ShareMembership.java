package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership in a share group (KIP-932). On the loop, so heartbeats go on whatever the application does.
 *
 * <pre>
 * IDLE --poll--&gt; JOINING --epoch--&gt; MEMBER
 *   JOINING, MEMBER --unsubscribe, close, silent too long--&gt; LEAVING --left--&gt; IDLE
 *   MEMBER --dropped by the coordinator--&gt; JOINING
 *   JOINING, MEMBER --refused for good--&gt; IDLE; polls tell why, and join again
 * </pre>
 *
 * <p>Several members read the same partition, so what the coordinator assigns is only where to read: there is nothing to be given up before another may have it,
 * and what was acquired stays this member's until its locks time out, whatever becomes of the membership. The member's id is its own choice and stays the same,
 * because the brokers know by it whose records are whose.
 */
final class ShareMembership implements MemberHeartbeats.Member<ShareGroupHeartbeatResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(ShareMembership.class);

    private static final int JOIN_EPOCH = 0;
    private static final int LEAVE_EPOCH = -1;

    /** How often a topic whose name is not known is asked for. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private enum State {
        IDLE,
        JOINING,
        MEMBER,
        LEAVING
    }

    private final GroupCoordinator coordinator;
    private final ConsumerListener listener;
    private final PollClock polls;
    private final GroupFailure failure;
    private final Runnable onAssigned;
    private final Duration maxPollInterval;
    private final @Nullable String rack;
    private final MemberHeartbeats<ShareGroupHeartbeatResponse> heartbeats;
    private final SilenceWatch silence;
    private final Alarm askAgain;

    private State state = State.IDLE;
    private String memberId = "";
    private int epoch = JOIN_EPOCH;
    private Set<String> topics = Set.of();

    /** Whether nothing is to be read: the application has unsubscribed, and what it has is being given back. The coordinator hears of it when that is done. */
    private boolean unsubscribed;

    /** Counts subscriptions: one that was made while another is being given up is not given up with it. */
    private int subscriptions;

    /** The topics that the coordinator knows of, or null if it is told everything next. */
    private @Nullable Set<String> toldTopics;

    private AssignedTopics assigned = AssignedTopics.NONE;
    private long joinStart;
    private long joinNotBefore;
    private int failures;
    private boolean closed;

    /** Counts joins and their ends: what was begun before the last of them does not go on. */
    private int attempt;

    private CompletableFuture<Void> lastLeave = DONE;

    ShareMembership(
            GroupCoordinator coordinator, ClientConfig config, ConsumerListener listener, PollClock polls, GroupFailure failure, Runnable onAssigned) {
        this.coordinator = coordinator;
        this.listener = listener;
        this.polls = polls;
        this.failure = failure;
        this.onAssigned = onAssigned;
        this.maxPollInterval = config.get(ConsumerConfig.MAX_POLL_INTERVAL);
        this.rack = config.find(CommonConfig.CLIENT_RACK);
        this.heartbeats = new MemberHeartbeats<>(coordinator, HeartbeatKind.SHARE, this, listener);
        this.silence = new SilenceWatch(loop(), polls, maxPollInterval, this::silent);
        this.askAgain = new Alarm(loop(), onAssigned);
        this.joinNotBefore = loop().nanoTime();
    }

    private EventLoop loop() {
        return coordinator.loop();
    }

    String groupId() {
        return coordinator.groupId();
    }

    /** Who the brokers know the consumer as; empty before the first join. */
    String memberId() {
        return memberId;
    }

    /** What is assigned and can be read. A topic whose name is not known yet is asked for. */
    SortedMap<TopicPartition, Uuid> readable(ClusterSnapshot cluster) {
        if (assigned.unknown(cluster) != null) {
            coordinator.connections().metadata().requestRefresh();
            askAgain.after(ASK_AGAIN);
        }
        return assigned.readable(cluster, topic -> !unsubscribed && topics.contains(topic));
    }

    // ---- what the application does

    /** Changes what is subscribed to. Whatever failed before is tried anew. */
    void subscribe(Set<String> subscribed) {
        topics = new LinkedHashSet<>(subscribed);
        unsubscribed = false;
        subscriptions++;
        failure.clear();
        failures = 0;
        joinNotBefore = loop().nanoTime();
        if (state == State.IDLE) {
            joinIfPolled();
        } else if (state != State.LEAVING) {
            heartbeats.soon();
        }
    }

    /** The application polls: a member that is not one joins. */
    void polled() {
        if (state == State.IDLE && !topics.isEmpty() && !unsubscribed && !closed && loop().nanoTime() - joinNotBefore >= 0) {
            join("the application polls");
        }
    }

    private void joinIfPolled() {
        if (polls.isPolling()) {
            polled();
        }
    }

    // ---- joining and staying

    private void join(String reason) {
        LOG.info("{}: joining, because {}", coordinator, reason);
        memberId = memberId.isEmpty() ? new Uuid(loop().random().nextLong(), loop().random().nextLong()).toString() : memberId;
        state = State.JOINING;
        epoch = JOIN_EPOCH;
        joinStart = loop().nanoTime();
        listener.rebalanceStarted(reason);
        int now = ++attempt;
        // A goodbye that is under way would be the end of whoever joins before it, being the same member.
        lastLeave.thenRun(() -> {
            if (now == attempt) {
                toldTopics = null;
                heartbeats.start();
                silence.start();
            }
        });
    }

    @Override
    public ShareGroupHeartbeatRequest nextHeartbeat() {
        ShareGroupHeartbeatRequest request = new ShareGroupHeartbeatRequest().groupId(coordinator.groupId()).memberId(memberId).memberEpoch(epoch);
        if (toldTopics == null) {
            request.rackId(rack);
        }
        if (!topics.equals(toldTopics)) {
            request.subscribedTopicNames(new ArrayList<>(topics));
            toldTopics = topics;
        }
        return request;
    }

    /** Nothing is given up: records that are acquired have locks of their own, and it is the partitions' leaders who judge what is acknowledged meanwhile. */
    @Override
    public void sessionEnded() {}

    @Override
    public void answered(ShareGroupHeartbeatResponse response) {
        if (response.memberEpoch() <= JOIN_EPOCH) {
            throw new IllegalStateException("epoch " + response.memberEpoch() + " is none of a member");
        }
        epoch = response.memberEpoch();
        failure.admitted(GroupFailure.COORDINATOR);
        boolean wasJoining = state == State.JOINING;
        if (wasJoining) {
            state = State.MEMBER;
            failures = 0;
            failure.clear();
        }
        ShareGroupHeartbeatResponse.Assignment now = response.assignment();
        if (now != null) {
            assigned = AssignedTopics.of(now);
            SortedMap<TopicPartition, Uuid> readable = readable(coordinator.connections().metadata().snapshot());
            if (!wasJoining) {
                listener.rebalanceStarted("the coordinator has assigned other partitions");
            }
            Duration took = wasJoining ? Duration.ofNanos(loop().nanoTime() - joinStart) : Duration.ZERO;
            LOG.info("{}: member {} reads {} in epoch {}", coordinator, memberId, readable.keySet(), epoch);
            listener.rebalanced(readable.keySet(), took);
            onAssigned.run();
        }
    }

    // ---- what goes wrong

    @Override
    public void missed(Throwable cause) {
        toldTopics = null;
        if (state == State.JOINING) {
            listener.rebalanceFailed(cause);
        }
    }

    @Override
    public void dropped(BrokerException reason) {
        if (state == State.JOINING) {
            refused(reason); // who joins is no member yet, so this is about the group
            return;
        }
        LOG.warn("{}: the coordinator has dropped member {} in epoch {} ({})", coordinator, memberId, epoch, reason.errorCode());
        stop(State.IDLE);
        join("the coordinator answered " + reason.errorCode());
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
        coordinator.logRefusal(LOG, reason);
        boolean wasMember = state == State.MEMBER;
        stop(State.IDLE);
        int now = ++attempt;
        if (wasMember) {
            lastLeave = heartbeats.leave(goodbye());
        }
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

    private void stop(State next) {
        state = next;
        assigned = AssignedTopics.NONE;
        heartbeats.stop();
        silence.stop();
        askAgain.cancel();
    }

    // ---- leaving

    private void silent(Duration sinceLastPoll) {
        LOG.warn("{}: the last poll ended {} ago, longer than max.poll.interval.ms ({}): leaving the group. The next poll joins again",
                coordinator, Times.text(sinceLastPoll), Times.text(maxPollInterval));
        listener.pollIntervalExceeded(sinceLastPoll);
        depart();
    }

    /**
     * Nothing is to be read from now on, until the application subscribes again. Is followed by {@link #leave}.
     *
     * @return the subscription that is given up
     */
    int unsubscribe() {
        unsubscribed = true;
        return subscriptions;
    }

    /**
     * Leaves; what was acquired must have been given back. Does nothing if the application has subscribed again since, unless this is the end.
     *
     * @param subscription what {@link #unsubscribe} has answered
     */
    CompletableFuture<Void> leave(int subscription, String reason, boolean forGood) {
        if (subscription != subscriptions && !forGood) {
            return DONE;
        }
        LOG.debug("{}: leaving, because {}", coordinator, reason);
        topics = Set.of();
        closed |= forGood;
        failure.clear();
        return depart();
    }

    private CompletableFuture<Void> depart() {
        int now = ++attempt;
        State before = state;
        // A join that is under way is waited for, so that it does not come after the goodbye.
        CompletableFuture<Void> settled = before == State.JOINING ? heartbeats.lastAnswer() : DONE;
        stop(State.LEAVING);
        if (before == State.JOINING || before == State.MEMBER) {
            ShareGroupHeartbeatRequest goodbye = goodbye();
            lastLeave = settled.thenCompose(done -> heartbeats.leave(goodbye));
        }
        return lastLeave.thenRun(() -> {
            if (now == attempt) {
                state = State.IDLE;
                joinIfPolled();
            }
        });
    }

    private ShareGroupHeartbeatRequest goodbye() {
        return new ShareGroupHeartbeatRequest().groupId(coordinator.groupId()).memberId(memberId).memberEpoch(LEAVE_EPOCH);
    }
}
