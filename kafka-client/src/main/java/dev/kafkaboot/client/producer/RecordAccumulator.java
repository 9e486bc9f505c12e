package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.record.compress.Codec;
import java.util.Collection;
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
 * <p>A topic whose partitions are not known yet parks its records ({@link TopicQueue}) until they are: sending never waits for metadata.
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
     * @param codec compresses batches as they are closed
     * @param batchSize what makes a batch full while nothing is ahead of it
     * @param maxBatchSize what a batch can grow to
     * @param lingerNanos how long an open batch waits
     * @param partitioner the user's own, or null
     */
    record Settings(
            EventLoop loop,
            ChunkPool pool,
            Codec codec,
            int batchSize,
            int maxBatchSize,
            long lingerNanos,
            @Nullable Partitioner partitioner) {}

    /** What is done about events. Called by whichever thread makes them, under locks: it must only take note. */
    interface Owner {

        /** A topic has to be looked up. */
        void topicAppeared(TopicQueue topic);

        /** The sender must look at a partition. */
        void workAppeared(PartitionQueue queue);

        /** Parked records could not all be moved; {@link #unpark} is to be called when memory comes back. */
        void needsMemory();

        /** Whether a partition can be sent to, as far as is known. */
        boolean hasLeader(TopicPartition partition);

        /** Whether the producer takes no more records. */
        boolean isClosed();
    }

    private final ConcurrentHashMap<String, TopicQueue> topics = new ConcurrentHashMap<>();
    private final Settings settings;
    private final Owner owner;

    RecordAccumulator(Settings settings, Owner owner) {
        this.settings = settings;
        this.owner = owner;
    }

    /** The queue of a topic, made at its first use. Any thread. */
    TopicQueue topic(String name) {
        TopicQueue known = topics.get(name);
        return known != null ? known : topics.computeIfAbsent(name, absent -> new TopicQueue(absent, settings, owner));
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

    Settings settings() {
        return settings;
    }

    static ClientClosedException closed() {
        return new ClientClosedException("The producer is closed");
    }
}
