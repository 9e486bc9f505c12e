package dev.kafkaboot.test.history;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a history, as far as it is known. Immutable.
 *
 * @param number its place among the operations, by invocation, from 0
 * @param process whose
 * @param action what
 * @param transaction the number of the transaction that it belongs to, or -1
 * @param invoked when it began
 * @param completed when it ended, or null if it has not
 * @param outcome how it ended, or null if it has not
 * @param error what went wrong, or null
 */
public record Operation(
        int number, ProcessId process, Action action, int transaction, Moment invoked, @Nullable Moment completed, @Nullable Outcome outcome,
        @Nullable String error) {

    /**
     * A point of a history.
     *
     * @param position counts every invocation and completion of the history, so that any two have an order
     * @param nanos the time, of the clock that the history was given
     */
    public record Moment(long position, long nanos) {}

    /** Whether it has neither ended nor died with its process. */
    public boolean isOpen() {
        return completed == null;
    }

    /** Whether it was done for certain. */
    public boolean isOk() {
        return outcome == Outcome.OK;
    }

    /** Whether it was certainly not done. */
    public boolean isFailed() {
        return outcome == Outcome.FAIL;
    }

    /** The position at which it ended; {@link Long#MAX_VALUE} if it has not. */
    public long completedPosition() {
        return completed == null ? Long.MAX_VALUE : completed.position();
    }

    @Override
    public String toString() {
        return OperationText.of(this);
    }
}
