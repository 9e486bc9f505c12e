package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a consumer that has no group every partition of what it subscribes to. On the loop.
 *
 * <p>What is there when the topics are first heard of begins where {@code auto.offset.reset} says. What comes later, a partition or a topic, begins at its first
 * record whatever that says: it was empty when it came, and what was written before this consumer heard of it would be read by nobody otherwise. So does a topic that
 * was deleted and made again. A topic that is refused for a while is none of these: what is read of it stays, and is read on from where it was.
 *
 * <p>One step is under way at a time, as with a member that reconciles ({@link Reconciler}).
 */
final class WithoutGroup implements Subscriber {

    private static final Logger LOG = LoggerFactory.getLogger(WithoutGroup.class);

    private final Assignment assignment;
    private final Handover handover;
    private final ClusterMetadata metadata;
    private final Duration finishWithin;
    private final Duration commitWithin;

    /** What is assigned, and what is being taken over or given up, with the topic's id. */
    private final SortedMap<TopicPartition, Uuid> owned = new TreeMap<>();

    /** Topics of which nothing was heard since they were subscribed to. */
    private final Set<String> unheard = new LinkedHashSet<>();

    private Set<String> topics = Set.of();
    private boolean subscribed;
    private boolean stepping;
    private boolean closed;

    /** Counts subscriptions and their ends: what was begun before the last of them does not go on. */
    private int life;

    /**
     * Subscribes to nothing.
     *
     * @param finishWithin how long threads may take to finish what they were given of partitions that are given up
     */
    WithoutGroup(Assignment assignment, Handover handover, ClusterMetadata metadata, Duration finishWithin, Duration commitWithin) {
        this.assignment = assignment;
        this.handover = handover;
        this.metadata = metadata;
        this.finishWithin = finishWithin;
        this.commitWithin = commitWithin;
    }

    @Override
    public void subscribe(Set<String> names, @Nullable SubscriptionPattern pattern) {
        if (pattern != null) {
            throw new IllegalArgumentException("Without a group there is no coordinator that finds topics");
        }
        if (closed) {
            return; // it was asked for before the end, and comes behind it
        }
        Set<String> added = new LinkedHashSet<>(names);
        added.removeAll(topics);
        unheard.addAll(added);
        subscribed = true;
        take(names);
    }

    /** Topics that match only now have come later. */
    @Override
    public void topicsChanged(Set<String> names) {
        if (subscribed) {
            take(names);
        }
    }

    private void take(Set<String> names) {
        topics = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        unheard.retainAll(topics);
        step(metadata.snapshot());
    }

    @Override
    public void polled() {
        handover.workFinished();
    }

    @Override
    public void metadataChanged(ClusterSnapshot cluster) {
        step(cluster);
    }

    private void step(ClusterSnapshot cluster) {
        if (!subscribed || stepping) {
            return;
        }
        List<TopicPartition> surplus = owned.entrySet().stream().filter(entry -> isGone(entry.getKey(), entry.getValue(), cluster))
                .map(Map.Entry::getKey).toList();
        if (!surplus.isEmpty()) {
            giveUp(surplus);
            return;
        }
        SortedMap<TopicPartition, Uuid> first = new TreeMap<>();
        SortedMap<TopicPartition, Uuid> later = new TreeMap<>();
        for (String name : topics) {
            TopicInfo topic = cluster.topic(name);
            if (topic != null) {
                SortedMap<TopicPartition, Uuid> added = isHeardOf(topic) && unheard.remove(name) ? first : later;
                topic.partitions().forEach(each -> added.put(new TopicPartition(name, each.partition()), topic.id()));
            }
        }
        first.keySet().removeAll(owned.keySet());
        later.keySet().removeAll(owned.keySet());
        if (!first.isEmpty() || !later.isEmpty()) {
            takeOver(first, later);
        }
    }

    private boolean isGone(TopicPartition partition, Uuid id, ClusterSnapshot cluster) {
        TopicInfo topic = cluster.topic(partition.topic());
        return !topics.contains(partition.topic())
                || topic != null && (topic.error() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || isMadeAnew(topic.id(), id));
    }

    /** Whether it is told that the topic is there, is not, or is being made. One that is refused has not come later when it may be seen. */
    private static boolean isHeardOf(TopicInfo topic) {
        return topic.isKnown() || topic.error() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || topic.error() == ErrorCode.LEADER_NOT_AVAILABLE;
    }

    /** A broker that is older than others may tell no id for once. */
    private static boolean isMadeAnew(Uuid now, Uuid then) {
        return !now.equals(Uuid.ZERO) && !then.equals(Uuid.ZERO) && !now.equals(then);
    }

    private void giveUp(Collection<TopicPartition> surplus) {
        LOG.info("Without a group: {} are not read any more", surplus);
        int now = begin();
        List<PartitionState> states = assignment.states();
        states.removeIf(state -> !surplus.contains(state.partition));
        handover.giveUp(states, finishWithin, commitWithin).thenRun(() -> {
            if (now == life) {
                owned.keySet().removeAll(surplus);
                end();
            }
        });
    }

    private void takeOver(SortedMap<TopicPartition, Uuid> first, SortedMap<TopicPartition, Uuid> later) {
        LOG.info("Without a group: {} are read from now on, and {} from their first records", first.keySet(), later.keySet());
        int now = begin();
        owned.putAll(first);
        owned.putAll(later);
        Set<TopicPartition> all = new TreeSet<>(first.keySet());
        all.addAll(later.keySet());
        handover.takeOver(all, partition -> later.containsKey(partition) ? OffsetSpec.earliest() : null).thenRun(() -> {
            if (now == life) {
                end();
            }
        });
    }

    private int begin() {
        stepping = true;
        return life;
    }

    private void end() {
        stepping = false;
        step(metadata.snapshot());
    }

    @Override
    public CompletableFuture<Void> leave(String reason, Duration finishWithin, Duration commitWithin, boolean forGood) {
        closed |= forGood;
        if (!subscribed) {
            return handover.giveUp(List.of(), finishWithin, commitWithin); // what is being given up already is waited for, and has no more time than this
        }
        LOG.debug("Without a group: nothing is read any more, because {}", reason);
        life++;
        stepping = false;
        subscribed = false;
        topics = Set.of();
        unheard.clear();
        owned.clear();
        return handover.giveUp(assignment.states(), finishWithin, commitWithin);
    }

    @Override
    public void abandon() {
        closed = true;
        life++;
        stepping = false;
        subscribed = false;
    }
}
