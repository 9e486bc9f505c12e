package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.record.compress.Codec;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where sending threads and the loop meet.
 *
 * <p>A thread that sends looks its topic up here (one hash look-up), chooses the partition, and appends the record to that partition's open batch
 * under that partition's lock. It tells the loop only when a partition that had nothing gets its first record, or a batch is full: a record more in
 * an open batch costs no wake-up. The loop ({@link Sender}) takes the batches of all partitions that a broker leads, puts them into one request, and
 * completes their futures when the answer is there.
 *
 * <p>A topic whose partitions are not known yet parks its records ({@link TopicQueue}) until they are: sending never waits for metadata.
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
     * @param unparkLater set when parked records found no memory and are to be moved when some comes back
     */
    record Settings(
            EventLoop loop,
            ChunkPool pool,
            Codec codec,
            int batchSize,
            int maxBatchSize,
            long lingerNanos,
            @Nullable Partitioner partitioner,
            AtomicBoolean unparkLater) {}

    private final ConcurrentHashMap<String, TopicQueue> topics = new ConcurrentHashMap<>();
    private final Settings settings;
    private final Consumer<TopicQueue> onNewTopic;
    private final Consumer<PartitionQueue> onWork;

    /**
     * Nothing yet.
     *
     * @param onNewTopic told, by the sending thread, of a topic that has to be looked up
     * @param onWork told, by the sending thread, of a partition that the sender must look at
     */
    RecordAccumulator(Settings settings, Consumer<TopicQueue> onNewTopic, Consumer<PartitionQueue> onWork) {
        this.settings = settings;
        this.onNewTopic = onNewTopic;
        this.onWork = onWork;
    }

    /** The queue of a topic, made at its first use. Any thread. */
    TopicQueue topic(String name) {
        TopicQueue known = topics.get(name);
        return known != null ? known : topics.computeIfAbsent(name, this::newTopic);
    }

    private TopicQueue newTopic(String name) {
        return new TopicQueue(name, settings, onNewTopic, onWork);
    }

    Collection<TopicQueue> topics() {
        return topics.values();
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
