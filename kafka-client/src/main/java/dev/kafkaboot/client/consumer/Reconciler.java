package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what a member has what the coordinator has assigned to it (KIP-848). On the loop.
 *
 * <p>One step is under way at a time: first everything is given up that is not assigned any more, and only then, when that is over, is the rest taken over.
 * Each step is decided by what is assigned when it begins, so an assignment that comes in the middle of one is taken up by the next. After each step the
 * coordinator is told what the member has: it gives a partition to another only when it has heard that this one let go.
 *
 * <p>A topic whose name is not known yet is asked for, and its partitions are taken over when it is; the others do not wait for them.
 */
final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /** How often a topic whose name is not known is asked for. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /** Whom this is done for. */
    interface Member {

        /** Whether a topic is subscribed to; what is assigned of others is not wanted any more. */
        boolean isSubscribedTo(String topic);

        /** What is assigned differs from what the member has. */
        void reconciling();

        /** What the member has has changed. */
        void ownedChanged();

        /** The member has everything that is assigned. */
        void reconciled();
    }

    private final Assignment assignment;
    private final Handover handover;
    private final ClusterMetadata metadata;
    private final Duration finishWithin;
    private final Duration commitWithin;
    private final Member member;
    private final Alarm askAgain;
    private final SortedMap<TopicPartition, Uuid> owned = new TreeMap<>();
    private AssignedTopics target = AssignedTopics.NONE;
    private boolean running;
    private boolean stepping;

    /** Whether the coordinator has assigned something in this life, were it nothing, and whether the listener has heard so. */
    private boolean given;
    private boolean told;

    /** Counts lives as a member: what was begun in one is none of the next one's business. */
    private int life;

    /**
     * Nothing is assigned.
     *
     * @param finishWithin how long threads may take to finish what they were given of partitions that are given up
     * @param commitWithin how long the commit of that may take
     */
    Reconciler(
            EventLoop loop, Assignment assignment, Handover handover, ClusterMetadata metadata, Duration finishWithin, Duration commitWithin,
            Member member) {
        this.assignment = assignment;
        this.handover = handover;
        this.metadata = metadata;
        this.finishWithin = finishWithin;
        this.commitWithin = commitWithin;
        this.member = member;
        this.askAgain = new Alarm(loop, this::step);
    }

    /** What the member has: what it is taking over and what it has not given up yet included. */
    SortedMap<TopicPartition, Uuid> owned() {
        return Collections.unmodifiableSortedMap(owned);
    }

    /** The member begins, with nothing. */
    void start() {
        life++;
        owned.clear();
        target = AssignedTopics.NONE;
        stepping = false;
        given = false;
        told = false;
        running = true;
    }

    /** Nothing is done any more. What the member has is given up, or lost, by others. */
    void stop() {
        life++;
        running = false;
        askAgain.cancel();
    }

    /** What the coordinator has assigned. */
    AssignedTopics target() {
        return target;
    }

    /** The coordinator has assigned something. */
    void assigned(AssignedTopics topics) {
        target = topics;
        given = true;
        step();
    }

    /** Goes on, if nothing is under way: an assignment, a subscription or what is known of topics has changed. */
    void step() {
        if (!running || stepping) {
            return;
        }
        ClusterSnapshot cluster = metadata.snapshot();
        List<TopicPartition> surplus = owned.entrySet().stream()
                .filter(entry -> !isWanted(entry.getKey(), entry.getValue()) || isMadeAnew(entry.getKey(), entry.getValue(), cluster))
                .map(Map.Entry::getKey)
                .toList();
        if (!surplus.isEmpty()) {
            giveUp(surplus);
            return;
        }
        SortedMap<TopicPartition, Uuid> added = target.readable(cluster, member::isSubscribedTo);
        added.keySet().removeAll(owned.keySet());
        if (!added.isEmpty()) {
            takeOver(added);
        } else if (target.unknown(cluster) == null && given && !told) {
            takeOver(added); // who gets nothing hears that it is in its group all the same, as in a classic one
        } else if (target.unknown(cluster) == null) {
            member.reconciled();
        } else {
            LOG.debug("Waiting for the name of topic {}, which is assigned", target.unknown(cluster));
            metadata.requestRefresh();
            askAgain.after(ASK_AGAIN);
        }
    }

    /** Whether what the member has is assigned still, and subscribed to. A topic that metadata lacks for a moment is there all the same. */
    private boolean isWanted(TopicPartition partition, Uuid topicId) {
        return target.contains(topicId, partition.partition()) && member.isSubscribedTo(partition.topic());
    }

    /** Whether there is another topic of that name by now; it is not assigned yet, so perhaps to another member. */
    private static boolean isMadeAnew(TopicPartition partition, Uuid topicId, ClusterSnapshot cluster) {
        TopicInfo topic = cluster.topic(partition.topic());
        return topic != null && !topic.id().equals(Uuid.ZERO) && !topic.id().equals(topicId);
    }

    private void giveUp(List<TopicPartition> surplus) {
        int now = begin();
        List<PartitionState> states = new ArrayList<>(assignment.states());
        states.removeIf(state -> !surplus.contains(state.partition));
        handover.giveUp(states, finishWithin, commitWithin).thenRun(() -> {
            if (now == life) {
                owned.keySet().removeAll(surplus);
                end();
            }
        });
    }

    private void takeOver(SortedMap<TopicPartition, Uuid> added) {
        int now = begin();
        told = true;
        // From now on, and not from when the listener has heard of it: to whoever asks meanwhile it is not given up.
        owned.putAll(added);
        handover.takeOver(added.keySet()).thenRun(() -> {
            if (now == life) {
                end();
            }
        });
    }

    private int begin() {
        stepping = true;
        member.reconciling();
        return life;
    }

    private void end() {
        stepping = false;
        member.ownedChanged();
        step();
    }
}
