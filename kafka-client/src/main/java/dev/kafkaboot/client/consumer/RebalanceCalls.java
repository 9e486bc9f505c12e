package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the user's rebalance listener off the loop, and goes on, on the loop, whatever becomes of it. On the loop.
 *
 * <p>A listener that works in its calls is waited for until it returns, because what it does in them cannot be stopped. One that answers stages is waited for until
 * these are complete or late: who is late has to live with what happens meanwhile.
 */
final class RebalanceCalls {

    private static final Logger LOG = LoggerFactory.getLogger(RebalanceCalls.class);

    /** What a listener is told. */
    enum Event {
        ASSIGNED("onPartitionsAssigned") {
            @Override
            CompletionStage<?> tell(AsyncConsumerRebalanceListener listener, Collection<TopicPartition> partitions) {
                return listener.onPartitionsAssigned(partitions);
            }
        },
        REVOKED("onPartitionsRevoked") {
            @Override
            CompletionStage<?> tell(AsyncConsumerRebalanceListener listener, Collection<TopicPartition> partitions) {
                return listener.onPartitionsRevoked(partitions);
            }
        },
        LOST("onPartitionsLost") {
            @Override
            CompletionStage<?> tell(AsyncConsumerRebalanceListener listener, Collection<TopicPartition> partitions) {
                return listener.onPartitionsLost(partitions);
            }
        };

        private final String method;

        Event(String method) {
            this.method = method;
        }

        abstract CompletionStage<?> tell(AsyncConsumerRebalanceListener listener, Collection<TopicPartition> partitions);
    }

    /** A listener that has done its work when it returns. */
    private record Returning(ConsumerRebalanceListener listener) implements AsyncConsumerRebalanceListener {

        private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<?> onPartitionsAssigned(Collection<TopicPartition> partitions) {
            listener.onPartitionsAssigned(partitions);
            return DONE;
        }

        @Override
        public CompletionStage<?> onPartitionsRevoked(Collection<TopicPartition> partitions) {
            listener.onPartitionsRevoked(partitions);
            return DONE;
        }

        @Override
        public CompletionStage<?> onPartitionsLost(Collection<TopicPartition> partitions) {
            listener.onPartitionsLost(partitions);
            return DONE;
        }

        @Override
        public String toString() {
            return listener.toString();
        }
    }

    private final EventLoop loop;
    private @Nullable AsyncConsumerRebalanceListener listener;

    /** The stage that is waited for, or null. */
    private @Nullable Awaited awaited;

    /** The thread that is in a call of the listener's; calls are made one at a time. */
    private volatile @Nullable Thread telling;

    RebalanceCalls(EventLoop loop) {
        this.loop = loop;
    }

    /** A listener that works in its calls, seen as one that answers stages. */
    static AsyncConsumerRebalanceListener of(ConsumerRebalanceListener returning) {
        return new Returning(returning);
    }

    /** Whom to tell from now on; null for nobody. */
    void to(@Nullable AsyncConsumerRebalanceListener rebalanceListener) {
        listener = rebalanceListener;
    }

    /** Whether the calling thread is in a call of the listener's. Any thread. */
    boolean isTelling() {
        return telling == Thread.currentThread();
    }

    /**
     * Tells the listener.
     *
     * @param within how long its stage is waited for
     * @return completes on the loop, never exceptionally
     */
    CompletableFuture<Void> tell(Event event, Collection<TopicPartition> partitions, Duration within) {
        AsyncConsumerRebalanceListener told = listener;
        if (told == null) {
            return CompletableFuture.completedFuture(null);
        }
        Awaited stage = new Awaited(told, event, within);
        awaited = stage;
        loop.longCalls().execute(() -> {
            CompletableFuture<Void> outcome = new CompletableFuture<>();
            call(told, event, partitions).whenComplete((result, failure) -> {
                if (failure != null) {
                    LOG.error("The rebalance listener {} failed in {}; the rebalance goes on", told, event.method, Failures.cause(failure));
                }
                outcome.complete(null);
            });
            if (loop.isRunning()) {
                loop.execute(() -> await(outcome, stage));
            }
        });
        return stage.done;
    }

    private CompletionStage<?> call(AsyncConsumerRebalanceListener told, Event event, Collection<TopicPartition> partitions) {
        telling = Thread.currentThread();
        try {
            return Objects.requireNonNull(event.tell(told, partitions), "it answered null in place of a stage");
        } catch (Throwable failure) { // a user's code, which may throw a checked exception that it does not declare
            return CompletableFuture.failedFuture(failure);
        } finally {
            telling = null;
        }
    }

    private void await(CompletableFuture<Void> outcome, Awaited stage) {
        if (outcome.isDone()) {
            stage.end();
            return;
        }
        stage.begin();
        outcome.thenRun(() -> {
            if (loop.isRunning()) {
                loop.execute(stage::end);
            }
        });
    }

    /** The listener's stage is waited for no longer than this from now on, be it complete or not; one that is told of later has its own limit. */
    void endWithin(Duration limit) {
        Awaited now = awaited;
        if (now != null) {
            now.endWithin(limit);
        }
    }

    /** A call of the listener's, and its stage, until that is complete or late. */
    private final class Awaited {

        private final AsyncConsumerRebalanceListener told;
        private final Event event;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Duration within;
        private boolean begun;
        private boolean isBounded;
        private long dueNanos;
        private @Nullable Timer timer;

        Awaited(AsyncConsumerRebalanceListener told, Event event, Duration within) {
            this.told = told;
            this.event = event;
            this.within = within;
        }

        /** The call has returned, and its stage is not complete. */
        void begin() {
            begun = true;
            endWithin(within);
        }

        /** The call itself is waited for in any case. */
        void endWithin(Duration limit) {
            long due = loop.nanoTime() + Times.nanos(limit);
            if (limit.compareTo(within) < 0) {
                within = limit;
            }
            if (!isBounded || due - dueNanos < 0) {
                isBounded = true;
                dueNanos = due;
            }
            if (begun) {
                cancel();
                timer = loop.schedule(Duration.ofNanos(Math.max(0, dueNanos - loop.nanoTime())), this::late);
            }
        }

        private void late() {
            LOG.error("The rebalance listener {} has not finished {} within {}; the rebalance goes on", told, event.method, Times.text(within));
            end();
        }

        void end() {
            cancel();
            if (awaited == this) {
                awaited = null;
            }
            done.complete(null);
        }

        private void cancel() {
            Timer before = timer;
            if (before != null) {
                before.cancel();
                timer = null;
            }
        }
    }
}
