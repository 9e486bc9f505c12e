package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.UninterruptedWait;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Users' calls about transactions, and how they wait for what becomes of them. Any thread. */
final class TransactionCalls {

    private final ClientConnections connections;
    private final EventLoop loop;
    private final @Nullable Transactions transactions;

    /**
     * Calls to one producer.
     *
     * @param transactions its transactions, or null if it is not transactional
     */
    TransactionCalls(ClientConnections connections, @Nullable Transactions transactions) {
        this.connections = connections;
        this.loop = connections.loop();
        this.transactions = transactions;
    }

    <T> CompletableFuture<T> onLoop(Function<Transactions, CompletableFuture<T>> call) {
        Transactions known = transactions;
        if (known == null) {
            return CompletableFuture.failedFuture(new TransactionStateException(
                    "The producer is not transactional; give it a " + ProducerConfig.TRANSACTIONAL_ID.name()));
        }
        return connections.handOver(() -> call.apply(known));
    }

    /** An end of a transaction; its outcome is told when the future has it. */
    <T> CompletableFuture<T> ending(Function<Transactions, CompletableFuture<T>> call) {
        return endOnLoop(new EndCall<>(known -> call.apply(known).whenComplete((done, failure) -> {
            if (failure == null) {
                known.told();
            }
        })));
    }

    /** Calls for an end of a transaction. If the producer, its connections or its loop end before that is known, it says if it may be a commit all the same. */
    private <T> CompletableFuture<T> endOnLoop(EndCall<T> call) {
        return this.<T>onLoop(call::carryOut).exceptionallyCompose(failure -> CompletableFuture.failedFuture(told(call, Failures.cause(failure))));
    }

    private static Throwable told(EndCall<?> call, Throwable cause) {
        TransactionEnd end = call.end();
        return cause instanceof ClientClosedException && end != null && end.mayBeCommitted()
                ? UnknownCommitOutcomeException.forGood("Whether the transaction was committed is not known: " + cause.getMessage(), cause)
                : cause;
    }

    <T> T join(CompletableFuture<T> future, Duration limit, String what) {
        return loop.join(future, patience(limit), () -> what);
    }

    /** Waits for an abort or a preparation, which go on if they take longer; the outcome is told when the calling thread has it, and not if that is interrupted before. */
    <T> T joinEnd(Function<Transactions, CompletableFuture<T>> call, Duration limit, String what) {
        EndCall<T> end = new EndCall<>(call);
        return joined(end, endOnLoop(end), future -> join(future, limit, what), late -> late);
    }

    /**
     * The same for what may be a commit.
     *
     * @throws UnknownCommitOutcomeException if the thread has to stop waiting while the commit is under way
     * @throws TimeoutException if it has to before anything was done; then nothing is
     */
    <T> T joinCommit(Function<Transactions, CompletableFuture<T>> call, Duration limit, String what) {
        EndCall<T> end = new EndCall<>(call);
        return joined(end, endOnLoop(end), future -> join(future, limit, what), late -> unknown(end, late));
    }

    /** Commits for one who will not ask again, and waits even if the calling thread is interrupted: if the outcome is not known in time and it then fails, it is aborted. */
    void commitForGood(Duration limit) {
        EndCall<Void> commit = new EndCall<>(known -> known.commit(limit));
        try {
            joined(commit, endOnLoop(commit), future -> joinUninterrupted(future, limit, "the commit"), late -> unknown(commit, late));
        } catch (UnknownCommitOutcomeException doubt) {
            if (transactions != null) {
                LoopTasks.post(loop, () -> transactions.abandon(commit.end()));
            }
            throw doubt;
        }
    }

    private <T> T joined(
            EndCall<T> call, CompletableFuture<T> future, Function<CompletableFuture<T>, T> wait, UnaryOperator<TimeoutException> ifUnknown) {
        T outcome;
        try {
            outcome = wait.apply(future);
        } catch (TimeoutException late) {
            CompletableFuture<T> known = future.isDone() ? future : call.knownOutcome();
            if (known == null) {
                throw ifUnknown.apply(late);
            }
            outcome = valueOf(call, known); // the call's own limit has passed, or what became of it was on its way here
        }
        if (transactions != null) {
            LoopTasks.post(loop, transactions::told);
        }
        return outcome;
    }

    private static <T> T valueOf(EndCall<T> call, CompletableFuture<T> known) {
        try {
            return known.join();
        } catch (RuntimeException failure) {
            throw KafkaException.forCaller(told(call, Failures.cause(failure)));
        }
    }

    /**
     * What a thread is told that has to stop waiting for what may be a commit. If that is under way, it is never told that it has failed: whoever does it all again
     * would do it twice.
     */
    private static TimeoutException unknown(EndCall<?> call, TimeoutException late) {
        TransactionEnd end = call.end();
        if (end != null && end.kind() != TransactionEnd.Kind.COMMIT) {
            return late;
        }
        return call.withdraw()
                ? new TimeoutException(late.getMessage() + ", which the event loop did not get round to: nothing was done, and nothing will be", late)
                : new UnknownCommitOutcomeException(late.getMessage() + ", which is under way. Whether the transaction is committed is not known; another call waits on", late);
    }

    /** Begins, after initialising if need be. A thread that is interrupted beforehand begins nothing; one that is interrupted meanwhile waits all the same. */
    void begin(Duration limit) {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptException("Interrupted before the beginning of a transaction", new InterruptedException());
        }
        CompletableFuture<Void> begun = onLoop(known -> known.initAndBegin(limit));
        try {
            joinUninterrupted(begun, limit, "the beginning of a transaction");
        } catch (RuntimeException failure) {
            begun.thenRun(() -> ending(known -> known.abort(limit))); // should the loop get round to it yet
            throw failure;
        }
    }

    /** Waits even if the calling thread is interrupted. */
    <T> T joinUninterrupted(CompletableFuture<T> future, Duration limit, String what) {
        return UninterruptedWait.join(loop, future, patience(limit), what);
    }

    /** How long a thread waits for a future that has a limit itself, and a better message: this is for a loop that does not get round to it. */
    private static Duration patience(Duration limit) {
        return Duration.ofNanos(Times.nanos(limit)).plus(KafkaProducer.LAST_WORDS); // a limit "for ever" cannot be added to
    }
}
