package dev.kafkaboot.client.consumer;

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
import java.util.function.Consumer;
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
    private final List<Farewell> farewells = new ArrayList<>();
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private @Nullable ConsumerRebalanceListener listener;

    /**
     * Nothing yet.
     *
     * @param commitFinished commits what is finished of some partitions within a limit, if commits are automatic
     * @param onAssigned called when partitions may be read
     */
    Handover(
            EventLoop loop, Assignment assignment, ConsumerListener metrics,
            BiFunction<Collection<PartitionState>, Duration, CompletableFuture<Void>> commitFinished, Runnable onAssigned) {
        this.loop = loop;
        this.assignment = assignment;
        this.metrics = metrics;
        this.commitFinished = commitFinished;
        this.onAssigned = onAssigned;
    }

    void listener(@Nullable ConsumerRebalanceListener rebalanceListener) {
        listener = rebalanceListener;
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
     * @param finishWithin how long threads may take to finish what they were given; holds for what is under way too, if that has more time
     * @param commitWithin how long the commit of that may take
     */
    CompletableFuture<Void> giveUp(Collection<PartitionState> given, Duration finishWithin, Duration commitWithin) {
        Farewell farewell = new Farewell(loop, assignment, assignment.revoke(given, /* lost= */ false));
        farewells.add(farewell);
        farewells.forEach(each -> each.endWithin(finishWithin));
        return inTurn(() -> farewell.finished()
                .thenCompose(done -> farewell.unlessLost(states -> commit(states, commitWithin)))
                .thenCompose(done -> {
                    farewells.remove(farewell);
                    return part(farewell.left(), "onPartitionsRevoked", ConsumerRebalanceListener::onPartitionsRevoked);
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
            return part(left, "onPartitionsLost", ConsumerRebalanceListener::onPartitionsLost);
        });
    }

    /** Partitions are this member's now; they are read once the listener has heard of it. */
    CompletableFuture<Void> takeOver(Collection<TopicPartition> given) {
        return inTurn(() -> {
            List<PartitionState> added = assignment.add(given, /* announced= */ false);
            onAssigned.run();
            Set<TopicPartition> names = names(added);
            return tell("onPartitionsAssigned", each -> each.onPartitionsAssigned(names)).thenRun(() -> {
                assignment.announce(added);
                onAssigned.run();
            });
        });
    }

    private CompletableFuture<Void> part(List<PartitionState> states, String what, Parting call) {
        if (states.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Set<TopicPartition> names = names(states);
        return tell(what, each -> call.tell(each, names)).thenRun(() -> assignment.remove(states));
    }

    private interface Parting {

        void tell(ConsumerRebalanceListener listener, Collection<TopicPartition> partitions);
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

    /** Calls the user's listener off the loop; goes on, on the loop, whatever becomes of it. */
    private CompletableFuture<Void> tell(String what, Consumer<ConsumerRebalanceListener> call) {
        ConsumerRebalanceListener told = listener;
        if (told == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.callbacks().execute(() -> {
            try {
                call.accept(told);
            } catch (RuntimeException | Error failure) {
                LOG.error("The rebalance listener {} failed in {}; the rebalance goes on", told, what, failure);
            } finally {
                if (loop.isRunning()) {
                    loop.execute(() -> done.complete(null));
                }
            }
        });
        return done;
    }
}
