package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs a listener: polls, hands the records to it on other threads, and commits what is done. Safe from any thread.
 *
 * <p>It may be started again after it was stopped.
 */
public interface MessageListenerContainer extends SmartLifecycle {

    /** The listener's id. */
    String getListenerId();

    /** The group, or null if the consumer factory has none and the container was not started yet. */
    @Nullable String getGroupId();

    /** How it works. */
    ContainerProperties getContainerProperties();

    /** Starts and returns at once: the consumer joins its group in the background, as soon as it can. Nothing happens if it runs already. */
    @Override
    void start();

    /**
     * Stops and waits: what is being worked on is finished, up to the shutdown timeout, and committed; what is queued is left to others. Called by the
     * listener itself it only begins to stop.
     */
    @Override
    void stop();

    /** Stops without waiting; the callback runs when it has stopped. */
    @Override
    void stop(Runnable callback);

    /** Hands no more records to the listener than those that it has, until {@link #resume()}. The membership in the group is kept. */
    void pause();

    /** Ends a {@link #pause()}. */
    void resume();

    /** Whether {@link #pause()} was called last. */
    boolean isPauseRequested();

    /** Whether it is paused and the listener has finished what it had. */
    boolean isContainerPaused();

    /**
     * Whether it does what it was last told to do. False if it should run and polls or commits have failed several times in a row, a partition cannot be read, it is
     * kept from a topic for good, it has not got into its group for {@code max.poll.interval.ms}, or it has ended by an error; it goes on trying, and is in its
     * expected state again when that succeeds. {@linkplain ShareKafkaMessageListenerContainer Of a share group's container} less is looked at.
     */
    boolean isInExpectedState();

    /**
     * What keeps the container as a whole, or one of its partitions, from its work at present: a poll or a commit that failed, a partition that cannot be read, or
     * a group that it has not got into for a minute.
     * Null if nothing does, or it does not run. A record that fails is not one. A failed poll counts until polls have gone well for some seconds.
     */
    @Nullable Throwable getLastError();

    /**
     * The topics of which it gets nothing, each with the reason that the cluster gives: there is no such topic, its name is not allowed, the user may not read it.
     * Empty if there is none, if it does not run, or if the {@linkplain dev.kafkaboot.spring.core.ConsumerFactory#getMetadata metadata} is not known.
     */
    Map<String, String> getTopicProblems();

    /**
     * The records that the listener is at for longer than {@code max.poll.interval.ms}, each with how long, and on which thread: it may hang. Empty if there is none.
     */
    default Map<String, String> getLongRecords() {
        return Map.of();
    }

    /** The partitions that it has now; empty if it does not run. */
    Collection<TopicPartition> getAssignedPartitions();

    /**
     * How many records of each assigned partition are not done: those on the broker that were not fetched and those that were and wait or are being worked on.
     * A partition of which nothing is known yet is missing.
     */
    Map<TopicPartition, Long> getLag();

    /** {@link #getLag()} of one partition; empty if nothing is known of it, or it is not assigned. */
    default OptionalLong getLag(TopicPartition partition) {
        Long lag = getLag().get(partition);
        return lag == null ? OptionalLong.empty() : OptionalLong.of(lag);
    }

    /** How many records it has taken from the broker that are not done: queued, or with the listener. */
    int getInFlight();
}
