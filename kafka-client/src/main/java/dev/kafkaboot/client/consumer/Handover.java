package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives partitions up and takes them over, with everything that goes with it. On the loop; the user's listener runs on the loop's callbacks.
 *
 * <p>Giving up: 1. no more records are handed out; 2. polling threads finish what they were given, which they show by polling again; 3. what is finished is
 * committed, if commits are automatic; 4. the listener hears of it, while the partitions are still assigned; 5. they are gone.
 *
 * <p>One thing is done at a time, in the order in which it was asked for, and each is about the {@link PartitionState}s that were assigned when it was asked
 * for: what is assigned again later, though it be the same partition, is none of its business. So the listener hears of each once. A loss does not wait for
 * steps 2 and 3 of what is under way: it cuts them short, and the listener hears of a loss.
 */
final class Handover {

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final EventLoop loop;
    private final Assignment assignment;
    private final ConsumerListener metrics;
    private final BiFunction<Collection<PartitionState>, Duration, CompletableFuture<Void>> commitFinished;
    private final Runnable onAssigned;
    private final Duration rebalanceTimeout;
    private final RebalanceCalls calls;
    private final List<Farewell> farewells = new ArrayList<>();
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /**
     * Nothing yet.
     *
     * @param commitFinished commits what is finished of some partitions within a limit, if commits are automatic
     * @param onAssigned called when partitions may be read
     * @param rebalanceTimeout how long what the listener goes on with after its calls is waited for
     */
    Handover(
            EventLoop loop, Assignment assignment, ConsumerListener metrics,
            BiFunction<Collection<PartitionState>, Duration, CompletableFuture<Void>> commitFinished, Runnable onAssigned,
            Duration rebalanceTimeout) {
        this.loop = loop;
        this.assignment = assignment;
        this.metrics = metrics;
        this.commitFinished = commitFinished;
        this.onAssigned = onAssigned;
        this.rebalanceTimeout = rebalanceTimeout;
        this.calls = new RebalanceCalls(loop);
    }

    /** Whom to tell; null for nobody. */
    void listener(@Nullable AsyncConsumerRebalanceListener rebalanceListener) {
        calls.to(rebalanceListener);
    }

    /** Whether the calling thread is in one of the listener's calls, which whatever is handed over waits for. Any thread. */
    boolean isTelling() {
        return calls.isTelling();
    }

    /** A thread has shown that it is finished with what it was given. */
    void workFinished() {
        List.copyOf(farewells).forEach(Farewell::look);
    }

    /** Completes when everything that was asked for is done. */
    CompletableFuture<Void> settled() {
        return inTurn(() -> CompletableFuture.completedFuture(null));
    }

    /**
     * Gives partitions up.
     *
     * @param finishWithin how long threads may take to finish what they were given; holds for what is under way too, if that has more time. The listener has
     *         as long for what it goes on with after its call, and after the one that is under way
     * @param commitWithin how long the commit of that may take, and that of what is under way, if that has more time
     */
    CompletableFuture<Void> giveUp(Collection<PartitionState> given, Duration finishWithin, Duration commitWithin) {
        Farewell farewell = new Farewell(loop, assignment, assignment.revoke(given, /* lost= */ false), finishWithin, commitWithin);
        farewells.add(farewell);
        farewells.forEach(each -> each.endWithin(finishWithin, commitWithin));
        calls.endWithin(finishWithin);
        return inTurn(() -> farewell.finished()
                .thenCompose(done -> farewell.commitUnlessLost(this::commit))
                .thenCompose(done -> {
                    farewells.remove(farewell);
                    return part(farewell.left(), RebalanceCalls.Event.REVOKED, farewell.listenerWithin());
                }));
    }

    private CompletableFuture<Void> commit(List<PartitionState> states, Duration within) {
        return commitFinished.apply(states, within).exceptionally(failure -> {
            LOG.warn("What was finished of {} could not be committed before it is given up: {}", names(states), Failures.cause(failure).getMessage());
            return null;
        });
    }

    /** All partitions are gone already. */
    CompletableFuture<Void> lose() {
        List<PartitionState> states = assignment.revoke(assignment.states(), /* lost= */ true);
        List.copyOf(farewells).forEach(Farewell::cut);
        return inTurn(() -> {
            List<PartitionState> left = assignment.stillThere(states);
            if (!left.isEmpty()) {
                metrics.partitionsLost(names(left));
            }
            return part(left, RebalanceCalls.Event.LOST, rebalanceTimeout);
        });
    }

    /** Partitions are this member's now; they are read once the listener has heard of it. */
    CompletableFuture<Void> takeOver(Collection<TopicPartition> given) {
        return takeOver(given, partition -> null);
    }

    /**
     * Partitions are this consumer's now; they are read once the listener has heard of it.
     *
     * @param begin where a partition is read from, or null for where it is read from anyhow
     */
    CompletableFuture<Void> takeOver(Collection<TopicPartition> given, Function<TopicPartition, @Nullable OffsetSpec> begin) {
        return inTurn(() -> {
            List<PartitionState> added = assignment.add(given, begin);
            onAssigned.run();
            return calls.tell(RebalanceCalls.Event.ASSIGNED, names(added), rebalanceTimeout).thenRun(() -> {
                assignment.announce(added);
                onAssigned.run();
            });
        });
    }

    private CompletableFuture<Void> part(List<PartitionState> states, RebalanceCalls.Event event, Duration within) {
        if (states.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return calls.tell(event, names(states), within).thenRun(() -> assignment.remove(states));
    }

    private static Set<TopicPartition> names(Collection<PartitionState> states) {
        Set<TopicPartition> names = new TreeSet<>();
        states.forEach(state -> names.add(state.partition));
        return names;
    }

    private CompletableFuture<Void> inTurn(Supplier<CompletableFuture<Void>> step) {
        CompletableFuture<Void> outcome = last.thenCompose(done -> step.get()).exceptionally(failure -> {
            LOG.error("Partitions could not be handed over", failure);
            return null;
        });
        last = outcome;
        return outcome;
    }
}
