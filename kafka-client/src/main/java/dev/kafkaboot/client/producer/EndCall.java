package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call for an end of a transaction, from the thread that makes it to the loop that carries it out.
 *
 * <p>A loop that is kept busy, or a machine that stands still, may keep the caller waiting for longer than the call's own limit, which the loop sees to. Whichever of
 * the two is first has the call: the loop carries it out, or the caller withdraws it, and then it never is.
 */
final class EndCall<T> {

    private final Function<Transactions, CompletableFuture<T>> call;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile @Nullable TransactionEnd end;
    private volatile @Nullable CompletableFuture<T> outcome;

    EndCall(Function<Transactions, CompletableFuture<T>> call) {
        this.call = call;
    }

    /** Carries it out, unless it was withdrawn. On the loop. */
    CompletableFuture<T> carryOut(Transactions transactions) {
        if (!claimed.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(new TimeoutException("The call was withdrawn before anything was done"));
        }
        CompletableFuture<T> asked = call.apply(transactions);
        TransactionEnd last = transactions.lastEnd();
        end = last == null || last.outcome().isDone() ? null : last; // one that is over is none of this call's
        outcome = asked;
        return asked;
    }

    /** Takes the call back; false if the loop has it. Any thread. */
    boolean withdraw() {
        return claimed.compareAndSet(false, true);
    }

    /** What it waits for; null if it was not carried out yet, or there is nothing to wait for. Any thread. */
    @Nullable TransactionEnd end() {
        return end;
    }

    /** Its outcome, if that is known to the loop: it may not have come as far as to those who wait. Any thread. */
    @Nullable CompletableFuture<T> knownOutcome() {
        CompletableFuture<T> known = outcome;
        return known != null && known.isDone() ? known : null;
    }
}
