package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ClusterListener;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why the consumer is not a member of its group, or is not let in by the brokers, if that is for a reason that time alone does not mend. Any thread.
 *
 * <p>Each failure is told at once by one poll. After that, polls wait for the next attempt and tell what becomes of it; one that waited in vain tells the
 * failure again. So an application neither misses that its consumer does not consume, nor is it made to spin.
 */
final class GroupFailure implements ClusterListener {

    /** For {@link #refused(int, AuthenticationException)} and {@link #admitted(int)}: whichever broker coordinates the group. */
    static final int COORDINATOR = -1;

    private final Runnable onChange;
    private @Nullable KafkaException reason;
    private @Nullable AuthenticationException refusal;
    private boolean told;
    private boolean refusalTold;

    /** The brokers that refused a request of their own, in the order in which they did, until a poll has told it: they are asked again, and it is told again. */
    private final Map<Integer, AuthenticationException> refusedBy = new LinkedHashMap<>();

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

    @Override
    public void changed(ClusterSnapshot before, ClusterSnapshot after) {
        // nothing of the cluster matters here but whether it answers
    }

    @Override
    public void refused(AuthenticationException why) {
        synchronized (this) {
            refusal = why;
            refusalTold = false;
        }
        onChange.run();
    }

    @Override
    public synchronized void admitted() {
        refusal = null;
    }

    /** One broker does not let this client in; others may. */
    void refused(int broker, AuthenticationException why) {
        synchronized (this) {
            refusedBy.put(broker, why);
        }
        onChange.run();
    }

    /** One broker has answered, which says nothing of what others refused. */
    synchronized void admitted(int broker) {
        refusedBy.remove(broker);
    }

    /** Whether there is something that no poll has told yet. */
    synchronized boolean isNew() {
        return reason != null && !told || refusal != null && !refusalTold || !refusedBy.isEmpty();
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
        AuthenticationException untold = refusal != null && (again || !refusalTold) ? refusal : refusedBy.values().stream().findFirst().orElse(null);
        if (untold != null) { // why there is no group either
            refusalTold = true;
            refusedBy.clear(); // what several brokers refuse, they refuse for the same reason
            told |= reason instanceof AuthenticationException;
            return untold;
        }
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
