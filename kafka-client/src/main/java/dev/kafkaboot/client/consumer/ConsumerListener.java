package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.Collection;

/**
 * Hears what a consumer does, for metrics. Every method has an empty default. Called on the loop or on polling threads; it must return at once and must
 * not throw; what it throws all the same is logged.
 */
public interface ConsumerListener {

    /** Hears nothing. */
    ConsumerListener NONE = new ConsumerListener() {};

    /**
     * A broker answered a fetch.
     *
     * @param brokerId the broker
     * @param bytes the size of the answer
     * @param latency from the request to the answer; includes the time for which the broker waited for records
     */
    default void fetched(int brokerId, int bytes, Duration latency) {}

    /** A fetch failed. */
    default void fetchFailed(int brokerId, Throwable cause) {}

    /**
     * Records were handed out.
     *
     * @param partition their partition
     * @param records how many
     * @param bytes the size of their keys and values
     * @param lag records that are left behind the last of them, as far as is known; -1 if it is not
     */
    default void handedOut(TopicPartition partition, int records, long bytes, long lag) {}

    /** The application called poll; the duration is the time since it called it before, zero the first time. */
    default void polled(Duration sinceLastPoll) {}

    /** A rebalance began. */
    default void rebalanceStarted(String reason) {}

    /**
     * A rebalance ended.
     *
     * @param assigned all partitions that this consumer now has
     * @param duration from its beginning
     */
    default void rebalanced(Collection<TopicPartition> assigned, Duration duration) {}

    /** A rebalance failed and will be tried again. */
    default void rebalanceFailed(Throwable cause) {}

    /** Partitions were lost, not given up. */
    default void partitionsLost(Collection<TopicPartition> partitions) {}

    /**
     * A position is not in the log any more, because records were deleted or the log was truncated (KIP-320), and reading goes on elsewhere.
     *
     * <p>If that is behind the position, the records from {@code position} to {@code resumedAt - 1} are not read. If it is before it, those from {@code resumedAt} to
     * {@code position - 1}, which were read, are not in the log any more, or are read again.
     *
     * @param position the offset of the record that would have been handed out next
     * @param resumedAt the offset at which reading goes on
     */
    default void positionLost(TopicPartition partition, long position, long resumedAt) {}

    /**
     * The application did not poll for {@code max.poll.interval.ms}, so the group was left.
     *
     * @param sinceLastPoll how long ago the last poll ended
     */
    default void pollIntervalExceeded(Duration sinceLastPoll) {}

    /** Offsets were committed. */
    default void committed(int partitions, Duration latency) {}

    /** Offsets were not committed. */
    default void commitFailed(int partitions, Throwable cause) {}

    /** A heartbeat was answered. */
    default void heartbeat(Duration latency) {}
}
