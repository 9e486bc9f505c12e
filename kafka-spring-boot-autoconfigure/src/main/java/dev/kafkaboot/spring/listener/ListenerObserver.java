package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import java.util.Collection;
import java.util.Map;

/**
 * Hears of what containers do; metrics are made of it. Beans of this type hear of all containers.
 *
 * <p>Calls come on the thread that does the work, several at a time, so an implementation is thread-safe and quick. An exception is logged and changes
 * nothing. How many records are in flight and how far behind a listener is can be asked of the {@link MessageListenerContainer}.
 */
public interface ListenerObserver {

    /** The container begins to run. */
    default void started(MessageListenerContainer container) {}

    /** The container has stopped. */
    default void stopped(MessageListenerContainer container) {}

    /** The container is no longer one of the registry's. It may run, and go on running. */
    default void unregistered(MessageListenerContainer container) {}

    /** A poll returned records. */
    default void received(MessageListenerContainer container, TopicPartition partition, int records) {}

    /**
     * A record was worked on with success.
     *
     * @param nanos how long the last attempt took, with reading the record and converting its payload
     */
    default void processed(MessageListenerContainer container, TopicPartition partition, long nanos) {}

    /**
     * An attempt at a record failed.
     *
     * @param attempt the how many-th, from 1
     * @param nanos how long it took
     */
    default void failed(MessageListenerContainer container, TopicPartition partition, Throwable cause, int attempt, long nanos) {}

    /** A failed record will be tried again. */
    default void retried(MessageListenerContainer container, TopicPartition partition, int attempt) {}

    /** A failed record was given up. */
    default void skipped(MessageListenerContainer container, TopicPartition partition, long offset, Throwable cause) {}

    /** Offsets were committed. */
    default void committed(MessageListenerContainer container, Map<TopicPartition, OffsetAndMetadata> offsets) {}

    /** A broker has taken what was said of records of a share group: that they are processed or not, or that their locks are renewed. */
    default void acknowledged(MessageListenerContainer container, TopicPartition partition, int records) {}

    /** A commit failed. It is tried again as long as the partitions are this container's; of a share group it is not: what was acknowledged comes again. */
    default void commitFailed(MessageListenerContainer container, Throwable cause) {}

    /** Partitions were given to this container. */
    default void assigned(MessageListenerContainer container, Collection<TopicPartition> partitions) {}

    /** Partitions were given up in order: what was done is committed. */
    default void revoked(MessageListenerContainer container, Collection<TopicPartition> partitions) {}

    /** Partitions were lost: others have them already. */
    default void lost(MessageListenerContainer container, Collection<TopicPartition> partitions) {}
}
