package dev.kafkaboot.test.history;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An operation that has begun and whose result is awaited. Safe for any thread.
 *
 * <p>Complete it once. What is heard of it after its process has crashed changes nothing.
 */
public class Invocation {

    private final History history;
    private final int number;
    private final AtomicBoolean ended = new AtomicBoolean();

    Invocation(History history, int number) {
        this.history = history;
        this.number = number;
    }

    /** The operation's number in the history. */
    public int number() {
        return number;
    }

    /** It was done. */
    public void ok() {
        complete(Outcome.OK, null, UnaryOperator.identity());
    }

    /** It was certainly not done, and never will be. */
    public void fail(String error) {
        complete(Outcome.FAIL, error, UnaryOperator.identity());
    }

    /** It may or may not have been done, or may still be. */
    public void unknown(String error) {
        complete(Outcome.UNKNOWN, error, UnaryOperator.identity());
    }

    /** It failed; what that means is looked up in {@link Outcomes}. */
    public void failed(Failure failure) {
        complete(Outcomes.of(failure), failure.toString(), UnaryOperator.identity());
    }

    /** It failed; what that means is looked up in {@link Outcomes}. */
    public void failed(Throwable thrown, Failure.Reader reader) {
        failed(reader.read(thrown));
    }

    final History history() {
        return history;
    }

    final void complete(Outcome outcome, @Nullable String error, UnaryOperator<Action> result) {
        if (!ended.compareAndSet(false, true)) {
            throw new IllegalStateException("Operation " + number + " has been completed before, and now is to be " + outcome);
        }
        history.complete(number, outcome, error, result);
    }
}
