package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that are about to be given up, until nobody works on their records any more, the time for that is over, or they are lost. On the loop.
 *
 * <p>A thread shows that it has finished by polling again; one that ended shows nothing, so that is looked for from time to time.
 *
 * <p>What the commit of that waits for may have a limit of its own, which is none for who gives up.
 */
final class Farewell {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final EventLoop loop;
    private final Assignment assignment;
    private final List<PartitionState> states;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final CompletableFuture<Void> cut = new CompletableFuture<>();
    private final CompletableFuture<Void> committedTooLong = new CompletableFuture<>();
    private final List<Timer> commitEnds = new ArrayList<>(1);
    private @Nullable Timer end;
    private long endNanos = Long.MAX_VALUE;
    private Duration listenerWithin;
    private Duration commitWithin;
    private boolean isCommitting;

    /**
     * Begins to wait.
     *
     * @param listenerWithin how long the listener's stage may take, when it is told at last
     * @param commitWithin how long the commit of what is finished may take
     */
    Farewell(EventLoop loop, Assignment assignment, List<PartitionState> states, Duration listenerWithin, Duration commitWithin) {
        this.loop = loop;
        this.assignment = assignment;
        this.states = states;
        this.listenerWithin = listenerWithin;
        this.commitWithin = commitWithin;
        lookAgain();
    }

    private void lookAgain() {
        look();
        if (!finished.isDone()) {
            loop.schedule(LOOK_AGAIN, this::lookAgain);
        }
    }

    /** Looks whether the work is finished. */
    void look() {
        if (!finished.isDone() && !assignment.isInWork(states)) {
            finish();
        }
    }

    private void finish() {
        Timer timer = end;
        if (timer != null) {
            timer.cancel();
            end = null;
        }
        finished.complete(null);
    }

    /** Waits no longer than this from now on: for the work, and then, or from now on if it has begun, for its commit; nor for the listener's stage after that. */
    void endWithin(Duration finish, Duration commit) {
        finishWithin(finish);
        if (finish.compareTo(listenerWithin) < 0) {
            listenerWithin = finish;
        }
        if (commit.compareTo(commitWithin) < 0) {
            commitWithin = commit;
            if (isCommitting) {
                endCommitWithin(commit);
            }
        }
    }

    private void endCommitWithin(Duration limit) {
        commitEnds.add(loop.schedule(limit, () -> committedTooLong.complete(null)));
    }

    private void finishWithin(Duration limit) {
        long due = loop.nanoTime() + Times.nanos(limit);
        if (finished.isDone() || end != null && endNanos - due <= 0) {
            return;
        }
        if (end != null) {
            end.cancel();
        }
        endNanos = due;
        end = loop.schedule(limit, this::finish);
    }

    /** How long the listener's stage may take. */
    Duration listenerWithin() {
        return listenerWithin;
    }

    /** Completes when nobody works on the partitions any more, or there is no sense in waiting for that. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    /** The partitions are lost: waits for nothing. */
    void cut() {
        finish();
        cut.complete(null);
    }

    /** Commits what is finished of the partitions if they are not lost, and waits for that as long as they are not, and no longer than it may take. */
    CompletableFuture<Void> commitUnlessLost(BiFunction<List<PartitionState>, Duration, CompletableFuture<Void>> commit) {
        if (cut.isDone()) {
            return cut;
        }
        isCommitting = true;
        endCommitWithin(commitWithin);
        return CompletableFuture.anyOf(commit.apply(assignment.stillThere(states), commitWithin), cut, committedTooLong).thenApply(done -> {
            commitEnds.forEach(Timer::cancel);
            return null;
        });
    }

    /** The partitions that are there still and are not lost. */
    List<PartitionState> left() {
        return assignment.stillThere(states).stream().filter(state -> !state.lost).toList();
    }
}
