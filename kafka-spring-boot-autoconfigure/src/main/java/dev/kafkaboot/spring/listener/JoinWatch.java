package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a consumer is outside of its group.
 *
 * <p>A consumer tries for ever to find and to join its group, and its polls return nothing meanwhile, as those of a member without records do. Told once when it
 * takes longer than a group usually needs; it counts as a failure when it takes longer than the longest rebalance, which waits so long for the members that
 * there are. It hears what the consumer tells, before another does. Thread-safe.
 */
final class JoinWatch implements ConsumerRebalanceListener {

    /** So long may it take until it is told. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger logger = LoggerFactory.getLogger(JoinWatch.class);

    private final String listenerId;
    private final Duration longestRebalance;
    private final boolean hearsOfEachRebalance;
    private final ConsumerRebalanceListener next;
    private final Object lock = new Object();
    private final Duration patience;
    private @Nullable String waitsFor;
    private final Set<TopicPartition> has = new HashSet<>();
    private boolean outside;
    private boolean told;
    private long sinceNanos;

    /**
     * Not subscribed yet.
     *
     * @param longestRebalance {@code max.poll.interval.ms}
     * @param patience so long may it take until it is told
     * @param hearsOfEachRebalance whether each rebalance ends with {@link #onPartitionsAssigned}, as in a classic group, even if the consumer gets nothing
     * @param next who hears what the consumer tells
     */
    JoinWatch(String listenerId, Duration longestRebalance, Duration patience, boolean hearsOfEachRebalance, ConsumerRebalanceListener next) {
        this.listenerId = listenerId;
        this.patience = patience;
        this.hearsOfEachRebalance = hearsOfEachRebalance;
        this.next = next;
        this.longestRebalance = longestRebalance.compareTo(PATIENCE) > 0 ? longestRebalance : PATIENCE;
    }

    /**
     * Not subscribed yet; of a consumer that does not tell of rebalances.
     *
     * @param longestRebalance {@code max.poll.interval.ms}
     */
    JoinWatch(String listenerId, Duration longestRebalance) {
        this(listenerId, longestRebalance, PATIENCE, /* hearsOfEachRebalance= */ false, new ConsumerRebalanceListener() {});
    }

    /** It will subscribe when something has happened that it waits for. */
    void waitsFor(String what) {
        synchronized (lock) {
            waitsFor = what;
        }
        leaves();
    }

    /** A consumer subscribes that was in no group before. */
    void subscribes() {
        synchronized (lock) {
            has.clear();
            if (waitsFor != null) {
                waitsFor = null;
                outside = false;
                told = false;
            }
        }
        leaves();
    }

    /** The group has told it what it has, even if that is nothing. */
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        synchronized (lock) {
            if (told) {
                logger.info("Listener '{}' is in its group now", listenerId);
            }
            has.addAll(partitions);
            outside = false;
            told = false;
        }
        next.onPartitionsAssigned(partitions);
    }

    /**
     * A member of a classic group gives partitions up to join again, which may come to nothing for long. Who keeps some works on those, and loses them if it does not get
     * in again; and it may be a member of another kind than was configured, because whoever makes consumers may set the protocol.
     */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        try {
            next.onPartitionsRevoked(partitions);
        } finally {
            if (!keepsSomeAfter(partitions) && hearsOfEachRebalance) {
                leaves(); // not before: it may take its time to finish what it is at, as a member
            }
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        keepsSomeAfter(partitions);
        leaves();
        next.onPartitionsLost(partitions);
    }

    private boolean keepsSomeAfter(Collection<TopicPartition> gone) {
        synchronized (lock) {
            gone.forEach(has::remove);
            return !has.isEmpty();
        }
    }

    private void leaves() {
        synchronized (lock) {
            if (!outside) {
                outside = true;
                sinceNanos = System.nanoTime();
            }
        }
    }

    /** Tells once if it takes long. */
    void look(long nowNanos) {
        synchronized (lock) {
            if (!told && isOutsideFor(patience, nowNanos)) {
                told = true;
                logger.warn("Listener '{}' gets nothing: it has {} for {} s, and goes on", listenerId, trouble(), patience.toSeconds());
            }
        }
    }

    /** Whether it is outside for longer than any rebalance takes. */
    boolean isOutsideTooLong(long nowNanos) {
        synchronized (lock) {
            return isOutsideFor(longestRebalance, nowNanos);
        }
    }

    /** That it is outside, once that has taken long; else null. */
    @Nullable Throwable problem(long nowNanos) {
        synchronized (lock) {
            return isOutsideFor(patience, nowNanos)
                    ? new KafkaException("It has " + trouble() + " for " + Duration.ofNanos(nowNanos - sinceNanos).toSeconds() + " s")
                    : null;
        }
    }

    private String trouble() {
        return waitsFor == null ? "not got into its group" : "waited for " + waitsFor;
    }

    private boolean isOutsideFor(Duration time, long nowNanos) {
        return outside && nowNanos - sinceNanos >= time.toNanos();
    }
}
