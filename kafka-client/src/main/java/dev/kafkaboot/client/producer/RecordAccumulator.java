package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where sending threads and the loop meet.
 *
 * <p>A thread that sends looks its topic up here (one hash look-up), chooses the partition, and appends the record to that partition's open batch
 * under that partition's lock. It tells the loop only when a partition that had nothing gets its first record, or a batch is closed: a record more in
 * an open batch costs no wake-up. The loop ({@link Sender}) takes the batches of all partitions that a broker leads, puts them into one request, and
 * completes their futures when the answer is there.
 *
 * <p>A topic whose partitions are not known yet parks its records ({@link TopicQueue}) until they are: sending never waits for metadata. A topic that
 * nothing is sent to any more is forgotten after a while; who still holds its queue is refused there, and finds or makes the next one.
 *
 * <p><b>The end.</b> (1) The loop sets {@code closed}; (2) it ends every topic that it finds, and each of its partitions under the lock under which records
 * are appended. So an append comes before its queue's end, and is failed with what else is there, or after it, and is refused. A topic that is made
 * after (2) looked was made after (1), and whoever parks a record in it sees that.
 */
final class RecordAccumulator {

    /**
     * What the accumulator needs to know.
     *
     * @param loop the loop
     * @param pool the memory
     * @param batchings how each topic's records are batched
     * @param maxBatchSize what a batch can grow to
     * @param partitioning how partitions are chosen
     * @param idempotent whether batches are known by sequences, so that none is written twice
     * @param maxInFlight how many requests may be under way to a broker
     * @param transactional whether batches are part of transactions
     */
    record Settings(
            EventLoop loop,
            ChunkPool pool,
            Batchings batchings,
            int maxBatchSize,
            Partitioning partitioning,
            boolean idempotent,
            int maxInFlight,
            boolean transactional) {}

    /** What is done about events. Called by whichever thread makes them; it must only take note. */
    interface Owner {

        /** A topic has its first parked record. Its partitions may have to be found out, or, if it is known, to be asked about anew. */
        void recordsParked(TopicQueue topic);

        /** The sender must look at a partition. */
        void workAppeared(PartitionQueue queue);

        /** Parked records could not all be moved; {@link #unpark} is to be called when memory comes back. */
        void needsMemory();

        /** Where partitions can be sent to, as far as is known. */
        Leaders leaders();

        /** Whether the producer takes no more records. */
        boolean isClosed();

        /**
         * Records have failed that were in no batch yet. Any thread.
         *
         * @param partition where they were to go; its index is -1 if that was not decided yet
         */
        default void recordsFailed(TopicPartition partition, int records, Throwable reason) {}
    }

    private final ConcurrentHashMap<String, TopicQueue> topics = new ConcurrentHashMap<>();
    private final Settings settings;
    private final Owner owner;

    RecordAccumulator(Settings settings, Owner owner) {
        this.settings = settings;
        this.owner = owner;
    }

    /**
     * Appends a record to its partition's open batch, or parks it. Any thread.
     *
     * @param size the most bytes that it can take
     * @param priority who asks, should memory be needed
     * @return false if there is no memory for it
     * @throws KafkaException if it names a partition that the topic does not have, or the producer is closed
     */
    boolean append(
            String topic, SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
            ChunkPool.Priority priority) {
        TopicQueue.Outcome outcome;
        do {
            outcome = topic(topic).append(future, partition, key, value, headers, size, priority);
        } while (outcome == TopicQueue.Outcome.FORGOTTEN);
        return outcome == TopicQueue.Outcome.IN;
    }

    private TopicQueue topic(String name) {
        TopicQueue known = topics.get(name);
        return known != null ? known : topics.computeIfAbsent(name, absent -> new TopicQueue(absent, settings, owner));
    }

    /** The queue of a topic, or null if nothing was sent to it, or not for long. */
    @Nullable TopicQueue find(String name) {
        return topics.get(name);
    }

    /**
     * Forgets topics that nothing was sent to for a time. On the loop.
     *
     * @return them; nothing comes into them any more
     */
    List<TopicQueue> forgetIdle(long nowNanos, long limitNanos) {
        List<TopicQueue> idle = new ArrayList<>(0);
        for (TopicQueue each : topics.values()) {
            if (each.isIdle(nowNanos, limitNanos) && topics.computeIfPresent(each.name(), (name, topic) -> topic.forget() ? null : topic) == null) {
                idle.add(each);
            }
        }
        return idle;
    }

    Collection<TopicQueue> topics() {
        return topics.values();
    }

    /** Does something with every partition. On the loop. */
    void forEachPartition(Consumer<PartitionQueue> action) {
        for (TopicQueue topic : topics.values()) {
            topic.queues().forEach(action);
        }
    }

    /** Memory came back: moves what waited for it. On the loop. */
    void unpark() {
        topics.values().forEach(TopicQueue::unpark);
    }

    static ClientClosedException closed() {
        return new ClientClosedException("The producer is closed");
    }

    /** What becomes of a record of a topic. */
    static ClientClosedException closed(String topic) {
        return new ClientClosedException("The producer is closed: the record for topic '" + topic + "' was not sent");
    }
}
