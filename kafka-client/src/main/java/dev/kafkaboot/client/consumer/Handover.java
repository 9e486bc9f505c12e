package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives partitions up and takes them over, with everything that goes with it. On the loop; the user's listener runs on the loop's callbacks.
 *
 * <p>Giving up: 1. no more records are handed out; 2. polling threads finish what they were given, which they show by polling again; 3. what is finished is
 * committed, if commits are automatic; 4. the listener hears of it, while the partitions are still assigned; 5. they are gone.
 */
final class Handover {

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    /** Partitions whose work is not finished. */
    private record Unfinished(Collection<TopicPartition> partitions, CompletableFuture<Void> finished) {}

    private final EventLoop loop;
    private final Assignment assignment;
    private final ConsumerListener metrics;
    private final Function<Collection<TopicPartition>, CompletableFuture<Void>> commitFinished;
    private final Runnable onAssigned;
    private final List<Unfinished> unfinished = new ArrayList<>();
    private @Nullable ConsumerRebalanceListener listener;

    /**
     * Nothing yet.
     *
     * @param commitFinished commits what is finished of some partitions, if commits are automatic
     * @param onAssigned called when partitions may be read
     */
    Handover(
            EventLoop loop, Assignment assignment, ConsumerListener metrics,
            Function<Collection<TopicPartition>, CompletableFuture<Void>> commitFinished, Runnable onAssigned) {
        this.loop = loop;
        this.assignment = assignment;
        this.metrics = metrics;
        this.commitFinished = commitFinished;
        this.onAssigned = onAssigned;
    }

    void listener(@Nullable ConsumerRebalanceListener rebalanceListener) {
        listener = rebalanceListener;
    }

    /** A thread polls again. */
    void polled() {
        Iterator<Unfinished> all = unfinished.iterator();
        List<Unfinished> done = new ArrayList<>();
        while (all.hasNext()) {
            Unfinished each = all.next();
            if (!assignment.isInWork(each.partitions)) {
                all.remove();
                done.add(each);
            }
        }
        done.forEach(each -> each.finished.complete(null));
    }

    /**
     * Gives partitions up.
     *
     * @param finishWithin how long threads may take to finish what they were given
     */
    CompletableFuture<Void> giveUp(Collection<TopicPartition> given, Duration finishWithin) {
        if (given.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        TreeSet<TopicPartition> partitions = new TreeSet<>(given);
        assignment.revoking(partitions, true);
        return finished(partitions, finishWithin)
                .thenCompose(done -> commitFinished.apply(partitions))
                .exceptionally(failure -> {
                    LOG.warn("What was finished of {} could not be committed before it is given up: {}", partitions,
                            GroupOffsets.cause(failure).getMessage());
                    return null;
                })
                .thenCompose(done -> tell("onPartitionsRevoked", each -> each.onPartitionsRevoked(partitions)))
                .thenRun(() -> assignment.remove(partitions));
    }

    private CompletableFuture<Void> finished(Collection<TopicPartition> partitions, Duration within) {
        if (!assignment.isInWork(partitions)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> finished = new CompletableFuture<>();
        Unfinished entry = new Unfinished(partitions, finished);
        unfinished.add(entry);
        loop.schedule(within, () -> {
            unfinished.remove(entry);
            finished.complete(null);
        });
        return finished;
    }

    /** Partitions are gone already. */
    CompletableFuture<Void> lose(Collection<TopicPartition> given) {
        if (given.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        TreeSet<TopicPartition> partitions = new TreeSet<>(given);
        assignment.revoking(partitions, true);
        metrics.partitionsLost(partitions);
        return tell("onPartitionsLost", each -> each.onPartitionsLost(partitions)).thenRun(() -> assignment.remove(partitions));
    }

    /** Partitions are this member's now; they are read once the listener has heard of it. */
    CompletableFuture<Void> takeOver(Collection<TopicPartition> given) {
        TreeSet<TopicPartition> partitions = new TreeSet<>(given);
        assignment.add(partitions, /* announced= */ false);
        onAssigned.run();
        return tell("onPartitionsAssigned", each -> each.onPartitionsAssigned(partitions)).thenRun(() -> {
            assignment.announce(partitions);
            onAssigned.run();
        });
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
