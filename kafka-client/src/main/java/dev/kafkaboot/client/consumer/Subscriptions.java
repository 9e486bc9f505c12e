package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Registration;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a consumer subscribes to or is assigned by hand, one of which rules the other out, and which topics metadata is asked about on account of that. Any thread.
 *
 * <p>What is subscribed to is written under the assignment's lock, and what follows from it is done on the loop, in the same order.
 */
final class Subscriptions implements PatternFollower.Follower {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final Subscription NOTHING = new Subscription.Names(Set.of());

    private final ClientConnections connections;
    private final EventLoop loop;
    private final ConsumerCore core;
    private final Assignment assignment;
    private final GroupProtocol protocol;
    private final boolean hasGroup;

    /** The topics that the application names. */
    private final TopicWatches named;

    /** The topics that a pattern has found, which are not to be made anew when they are gone. */
    private final TopicWatches found;

    private final PatternFollower follower;
    private final TopicRefusals refusals;
    private final Registration metadataListener;
    private volatile Subscription current = NOTHING;
    private volatile Set<String> matching = Set.of();

    /** Completes when what was subscribed to last and is not any more is over. Written under the assignment's lock. */
    private volatile CompletableFuture<Void> ending = CompletableFuture.completedFuture(null);

    /** Of the loop, as is what follows: completes when every beginning and end so far is done; they are done one after the other. */
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    private boolean closed;

    /**
     * Nothing.
     *
     * @param onChange called when there is something to tell by a poll
     */
    Subscriptions(ClientConfig config, ClientConnections connections, ConsumerCore core, Assignment assignment, Runnable onChange) {
        this.connections = connections;
        this.loop = connections.loop();
        this.core = core;
        this.assignment = assignment;
        this.protocol = config.get(ConsumerConfig.GROUP_PROTOCOL);
        this.hasGroup = config.find(ConsumerConfig.GROUP_ID) != null;
        this.named = new TopicWatches(connections.metadata(), config.get(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS));
        this.found = new TopicWatches(connections.metadata(), /* create= */ false);
        this.follower = new PatternFollower(connections.metadata(), config.get(ConsumerConfig.EXCLUDE_INTERNAL_TOPICS), this);
        this.refusals = new TopicRefusals(this::names, onChange);
        this.metadataListener = connections.metadata().addListener((before, after) -> {
            follower.metadataChanged(after);
            refusals.look(after);
        });
    }

    private Set<String> names() {
        return current instanceof Subscription.Names names ? names.topics() : Set.of();
    }

    /** Topics of which nothing can be read. */
    TopicRefusals refusals() {
        return refusals;
    }

    /** Whether nothing is subscribed to. */
    boolean isEmpty() {
        return current.isEmpty();
    }

    /** The topics that are subscribed to, as far as they are known. */
    Set<String> topics() {
        Subscription now = current;
        if (now instanceof Subscription.Names names) {
            return names.topics();
        }
        return now instanceof Subscription.Matching ? matching : assignedTopics();
    }

    private Set<String> assignedTopics() {
        Set<String> topics = new TreeSet<>();
        assignment.partitions().forEach(partition -> topics.add(partition.topic()));
        return topics;
    }

    /** Subscribes to something that is not empty, in the place of what was subscribed to before, or behind its end if that is under way. */
    void subscribe(Subscription wanted, @Nullable AsyncConsumerRebalanceListener listener) {
        if (wanted instanceof Subscription.MatchedByCoordinator) {
            refuseIfNobodyMatches(wanted);
        }
        synchronized (assignment) {
            if (current.isEmpty() && ending.isDone() && !assignment.isEmpty()) {
                throw new IllegalStateException("This consumer was assigned partitions by hand; call unsubscribe() before subscribe()");
            }
            current = wanted;
            core.failure().clear(); // what polls tell from now on is about this subscription
            named.watch(names());
            loop.execute(() -> inTurn(() -> {
                begin(wanted, listener);
                return CompletableFuture.completedFuture(null);
            }));
        }
    }

    private void refuseIfNobodyMatches(Subscription wanted) {
        if (!hasGroup) {
            throw new IllegalStateException("Only the coordinator of a group can match " + wanted + ": set " + ConsumerConfig.GROUP_ID.name()
                    + ", or subscribe to a java.util.regex.Pattern, which the consumer matches by itself");
        }
        if (protocol == GroupProtocol.CLASSIC) {
            throw new UnsupportedOperationException("The coordinator of a classic group cannot match " + wanted + ": set " + ConsumerConfig.GROUP_PROTOCOL.name()
                    + "=consumer, or subscribe to a java.util.regex.Pattern, which the consumer matches by itself");
        }
    }

    private void begin(Subscription wanted, @Nullable AsyncConsumerRebalanceListener listener) {
        if (closed) {
            return;
        }
        core.handover().listener(listener);
        if (wanted instanceof Subscription.Matching pattern) {
            follower.follow(pattern.pattern()); // who is subscribed already stays so until it is known what matches
            return;
        }
        stopFollowing();
        if (wanted instanceof Subscription.MatchedByCoordinator pattern) {
            core.subscriber().subscribe(Set.of(), pattern.pattern());
        } else if (wanted instanceof Subscription.Names names) {
            core.subscriber().subscribe(names.topics(), null);
        }
    }

    private CompletableFuture<Void> inTurn(Supplier<CompletableFuture<Void>> step) {
        CompletableFuture<Void> outcome = last.thenCompose(done -> step.get());
        last = outcome.exceptionally(failure -> {
            LOG.error("What is subscribed to could not be changed", failure);
            return null;
        });
        return outcome;
    }

    private void stopFollowing() {
        follower.stop();
        matching = Set.of();
        found.watch(Set.of());
    }

    @Override
    public void found(Set<String> topics) {
        matching = topics;
        found.watch(topics);
        core.subscriber().subscribe(topics, null);
    }

    @Override
    public void changed(Set<String> topics) {
        matching = topics;
        found.watch(topics);
        core.subscriber().topicsChanged(topics);
    }

    /**
     * Assigns by hand, in the place of what was assigned before.
     *
     * @return false if a subscription is {@linkplain #ending() ending}, whose partitions are there still; then nothing is done
     */
    boolean assign(Collection<TopicPartition> partitions) {
        Set<String> topics = new LinkedHashSet<>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        synchronized (assignment) {
            if (!current.isEmpty()) {
                throw new IllegalStateException("This consumer subscribes to " + current + "; call unsubscribe() before assign()");
            }
            if (!ending.isDone()) {
                if (core.handover().isTelling()) {
                    throw new IllegalStateException("The rebalance listener was called because unsubscribe() was, and that is not over before the call is; "
                            + "call assign() behind it");
                }
                return false;
            }
            List<PartitionState> gone = assignment.states();
            gone.removeIf(state -> partitions.contains(state.partition));
            core.unassign(gone);
            assignment.add(partitions, /* announced= */ true);
            named.watch(topics);
            return true;
        }
    }

    /** Completes, however that comes out, when no subscription is ending any more. Any thread. */
    CompletableFuture<Void> ending() {
        return ending.exceptionally(failure -> null);
    }

    /** Gives everything up; completes when whoever was subscribed has left, or at once for the listener's own call, which leaving waits for. */
    CompletableFuture<Void> end(Duration finishWithin, Duration commitWithin) {
        assignment.awaitNoMarks();
        core.workFinished();
        synchronized (assignment) {
            boolean wasSubscribed = !current.isEmpty();
            current = NOTHING;
            named.watch(Set.of());
            if (wasSubscribed) {
                ending = connections.handOver(() -> inTurn(() -> {
                    stopFollowing();
                    return core.subscriber().leave("unsubscribed", finishWithin, commitWithin, /* forGood= */ false)
                            .thenRun(() -> {
                                core.handover().listener(null); // what is assigned by hand later is none of its business
                                assignment.forgetLostMarks();
                            });
                }));
            }
            if (wasSubscribed || !ending.isDone()) {
                return core.handover().isTelling() ? CompletableFuture.completedFuture(null) : ending;
            }
            core.unassign(assignment.states());
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Nothing is followed or asked about any more. */
    void close() {
        metadataListener.remove();
        named.watch(Set.of());
        if (loop.isRunning()) {
            loop.execute(() -> {
                closed = true;
                stopFollowing();
            });
        }
    }
}
