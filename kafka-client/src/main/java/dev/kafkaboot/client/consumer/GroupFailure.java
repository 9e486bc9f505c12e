package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Why the consumer is not a member of its group, if that is for a reason that time alone does not mend. Any thread.
 *
 * <p>Each failure is told at once by one poll. After that, polls wait for the next attempt to join and tell what becomes of it; one that waited in vain tells
 * the failure again. So an application neither misses that its consumer does not consume, nor is it made to spin.
 */
final class GroupFailure {

    private final Runnable onChange;
    private @Nullable KafkaException reason;
    private boolean told;

    GroupFailure(Runnable onChange) {
        this.onChange = onChange;
    }

    /** Joining has failed. */
    void set(KafkaException failure) {
        synchronized (this) {
            reason = failure;
            told = false;
        }
        onChange.run();
    }

    /** The consumer is a member, or does not want to be one any more. */
    synchronized void clear() {
        reason = null;
    }

    /** Whether there is something that no poll has told yet. */
    synchronized boolean isNew() {
        return reason != null && !told;
    }

    /** Throws what no poll has told yet. */
    void throwIfNew() {
        throwIf(tell(/* again= */ false));
    }

    /** Throws the failure if there is one. */
    void throwIfAny() {
        throwIf(tell(/* again= */ true));
    }

    private synchronized @Nullable KafkaException tell(boolean again) {
        KafkaException failure = told && !again ? null : reason;
        told = true;
        return failure;
    }

    private static void throwIf(@Nullable KafkaException failure) {
        if (failure != null) {
            throw KafkaException.forCaller(failure);
        }
    }
}
