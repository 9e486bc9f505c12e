package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.PartitionQueue.Appended;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A topic: its partitions once they are known, and the records that wait for that.
 *
 * <p>Records are parked in order, and taken out in order before any later one is let past them, so the records of a key stay in order too.
 */
final class TopicQueue {

    /** A record that waits for its topic; its bytes count as used memory. */
    private record Parked(
            SendFuture future, @Nullable Integer partition, long timestamp, byte @Nullable [] key, byte @Nullable [] value, Headers headers,
            int size) {}

    private final String name;
    private final RecordAccumulator.Settings settings;
    private final Consumer<TopicQueue> onNewTopic;
    private final Consumer<PartitionQueue> onWork;
    private final Deque<Parked> parked = new ArrayDeque<>();
    private final AtomicInteger sticky = new AtomicInteger(-1);
    private final AtomicInteger stickyBytes = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();

    /** Replaced as a whole; null until the topic is known and nothing is parked. */
    private volatile PartitionQueue @Nullable [] partitions;

    private final List<Runnable> onUnparked = new ArrayList<>(0);
    private PartitionQueue @Nullable [] known;
    private boolean looking;
    private long parkedBytes;

    TopicQueue(
            String name, RecordAccumulator.Settings settings, Consumer<TopicQueue> onNewTopic, Consumer<PartitionQueue> onWork) {
        this.name = name;
        this.settings = settings;
        this.onNewTopic = onNewTopic;
        this.onWork = onWork;
        // Two producers do not visit the partitions in the same order.
        turns.set((int) settings.loop().nanoTime());
    }

    String name() {
        return name;
    }

    /**
     * Appends a record, or parks it.
     *
     * @return false if there is no memory for it
     * @throws SendException if it names a partition that the topic does not have
     */
    boolean append(
            SendFuture future, @Nullable Integer partition, long timestamp, byte @Nullable [] key, byte @Nullable [] value, Headers headers,
            int maxRecordSize) {
        PartitionQueue[] all = partitions;
        if (all == null) {
            return park(new Parked(future, partition, timestamp, key, value, headers, maxRecordSize));
        }
        return appendTo(choose(all, partition, key, value, maxRecordSize), future, timestamp, key, value, headers, maxRecordSize);
    }

    private boolean appendTo(
            PartitionQueue queue, SendFuture future, long timestamp, byte @Nullable [] key, byte @Nullable [] value, Headers headers,
            int maxRecordSize) {
        Appended appended = queue.append(future, timestamp, key, value, headers, maxRecordSize);
        if (appended == Appended.TELL_SENDER || appended == Appended.NO_MEMORY) {
            onWork.accept(queue);
        }
        return appended != Appended.NO_MEMORY;
    }

    private PartitionQueue choose(
            PartitionQueue[] all, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, int size) {
        if (partition != null) {
            return at(all, partition, "The record names partition ");
        }
        Partitioner own = settings.partitioner();
        if (own != null) {
            return at(all, own.partition(name, key, value, all.length), "The partitioner chose partition ");
        }
        return all[key != null ? Murmur2.partition(key, all.length) : sticky(all.length, size)];
    }

    private PartitionQueue at(PartitionQueue[] all, int partition, String who) {
        if (partition < 0 || partition >= all.length) {
            throw new SendException(
                    who + partition + " of topic '" + name + "', which has " + all.length + " (0 to " + (all.length - 1) + ")",
                    name, partition, Persistence.NOT_PERSISTED, null);
        }
        return all[partition];
    }

    /** Records without a key stay with one partition for a batch's worth of bytes, then move to a random other one (KIP-480, KIP-794). */
    private int sticky(int count, int size) {
        int current = sticky.get();
        if (current >= 0 && current < count && stickyBytes.addAndGet(size) < settings.batchSize()) {
            return current;
        }
        int next = Math.floorMod(Murmur2.mix(turns.incrementAndGet()), count);
        if (next == current && count > 1) {
            next = (next + 1) % count;
        }
        if (sticky.compareAndSet(current, next)) {
            stickyBytes.set(0);
        }
        return next;
    }

    private boolean park(Parked record) {
        synchronized (this) {
            PartitionQueue[] all = partitions;
            if (all != null) {
                return append(record.future, record.partition, record.timestamp, record.key, record.value, record.headers, record.size);
            }
            // Once the topic is known, what is parked has the first claim to memory, and nothing may overtake it.
            if (known != null || !settings.pool().reserve(record.size)) {
                return false;
            }
            parkedBytes += record.size;
            parked.addLast(record);
            if (looking) {
                return true;
            }
            looking = true;
        }
        onNewTopic.accept(this);
        return true;
    }

    /** The topic has so many partitions. On the loop. */
    synchronized void known(int count) {
        PartitionQueue[] before = known;
        if (before == null || before.length != count) {
            PartitionQueue[] after = new PartitionQueue[count];
            for (int i = 0; i < count; i++) {
                after[i] = before != null && i < before.length ? before[i] : new PartitionQueue(new TopicPartition(name, i), settings);
            }
            known = after;
        }
        unpark();
    }

    /**
     * Moves parked records to their partitions as far as there is memory; publishes the partitions once none is left. On the loop.
     *
     * <p>Their reservation is given up first: they may hold all the memory that there is, and could not move to chunks otherwise.
     */
    synchronized void unpark() {
        PartitionQueue[] all = known;
        if (all == null || partitions == all) {
            return;
        }
        settings.pool().release(takeParkedBytes());
        while (!parked.isEmpty()) {
            if (!moves(all, parked.peekFirst())) {
                settings.unparkLater().set(true);
                return;
            }
            parked.removeFirst();
        }
        looking = false;
        partitions = all;
        runOnUnparked();
    }

    /** Runs something on the loop once nothing is parked. On the loop. */
    synchronized void whenUnparked(Runnable action) {
        if (parked.isEmpty()) {
            action.run();
        } else {
            onUnparked.add(action);
        }
    }

    private void runOnUnparked() {
        List<Runnable> actions = List.copyOf(onUnparked);
        onUnparked.clear();
        actions.forEach(Runnable::run);
    }

    private boolean moves(PartitionQueue[] all, Parked record) {
        try {
            PartitionQueue queue = choose(all, record.partition, record.key, record.value, record.size);
            return appendTo(queue, record.future, record.timestamp, record.key, record.value, record.headers, record.size);
        } catch (RuntimeException wrong) {
            settings.loop().callbacks().execute(() -> record.future.completeExceptionally(wrong));
            return true;
        }
    }

    private long takeParkedBytes() {
        long bytes = parkedBytes;
        parkedBytes = 0;
        return bytes;
    }

    /** Fails what is parked: the topic could not be found. On the loop. */
    void failParked(Throwable cause, String message) {
        List<Parked> failed;
        long bytes;
        synchronized (this) {
            bytes = takeParkedBytes();
            failed = new ArrayList<>(parked);
            parked.clear();
            looking = false;
        }
        if (failed.isEmpty()) {
            return;
        }
        SendException reason = new SendException(message, name, -1, Persistence.NOT_PERSISTED, cause);
        settings.loop().callbacks().execute(() -> failed.forEach(record -> record.future.completeExceptionally(reason)));
        settings.pool().release(bytes);
        synchronized (this) {
            runOnUnparked();
        }
    }

    synchronized boolean hasParked() {
        return !parked.isEmpty();
    }

    /** The partitions, as far as they are known. On the loop. */
    synchronized List<PartitionQueue> queues() {
        PartitionQueue[] all = known;
        return all == null ? List.of() : List.of(all);
    }
}
