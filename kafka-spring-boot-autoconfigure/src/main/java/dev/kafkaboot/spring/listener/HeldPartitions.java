package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.NoOffsetForPartitionException;
import dev.kafkaboot.client.OffsetOutOfRangeException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that cannot be read, each held for a while before it is tried again, so that the others go on.
 *
 * <p>A partition is over its trouble when records of it come, or when it was let go and did not fail again. Thread-safe.
 */
final class HeldPartitions {

    /** A partition, what is wrong with it, and how often it was so. */
    private static final class Held {

        private final Throwable failure;
        private final int failures;
        private final long untilNanos;
        private boolean letGo;

        Held(Throwable failure, int failures, long untilNanos) {
            this.failure = failure;
            this.failures = failures;
            this.untilNanos = untilNanos;
        }
    }

    private final Map<TopicPartition, Held> partitions = new TreeMap<>();

    /** The partitions that a failure of a poll is about; none if it is about the consumer as a whole. */
    static Set<TopicPartition> concernedBy(Throwable failure) {
        if (failure instanceof RecordDeserializationException unreadable) {
            return Set.of(unreadable.topicPartition());
        }
        if (failure instanceof NoOffsetForPartitionException nowhere) {
            return nowhere.partitions();
        }
        return failure instanceof OffsetOutOfRangeException gone ? gone.offsets().keySet() : Set.of();
    }

    /**
     * Holds a partition.
     *
     * @return how long; null if it is held already
     */
    synchronized @Nullable Duration hold(TopicPartition partition, Throwable failure) {
        Held before = partitions.get(partition);
        if (before != null && !before.letGo) {
            return null;
        }
        int failures = before == null ? 1 : before.failures + 1;
        Duration wait = PollFailures.waitAfter(failures);
        partitions.put(partition, new Held(failure, failures, System.nanoTime() + wait.toNanos()));
        return wait;
    }

    /**
     * Those whose time is over; they count as let go.
     *
     * @param assigned the partitions that there are; others are forgotten
     */
    synchronized Collection<TopicPartition> letGoWhatIsDue(Supplier<Set<TopicPartition>> assigned) {
        if (partitions.isEmpty()) {
            return Set.of();
        }
        partitions.keySet().retainAll(assigned.get());
        long now = System.nanoTime();
        Set<TopicPartition> due = new TreeSet<>();
        for (Iterator<Map.Entry<TopicPartition, Held>> all = partitions.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<TopicPartition, Held> next = all.next();
            Held held = next.getValue();
            if (held.letGo) {
                if (now - held.untilNanos > PollFailures.SETTLED.toNanos()) {
                    all.remove();
                }
            } else if (now - held.untilNanos >= 0) {
                held.letGo = true;
                due.add(next.getKey());
            }
        }
        return due;
    }

    /** Records came. */
    synchronized void forget(Collection<TopicPartition> some) {
        if (!partitions.isEmpty()) {
            partitions.keySet().removeAll(some);
        }
    }

    /** What is wrong with the first of them, or null if there is none. */
    synchronized @Nullable Throwable lastFailure() {
        return partitions.isEmpty() ? null : partitions.values().iterator().next().failure;
    }

    /** Whether one of them has failed so often that this is more than an incident. */
    synchronized boolean isOneGivenUpOn() {
        return partitions.values().stream().anyMatch(held -> held.failures >= PollFailures.TOLERATED);
    }
}
