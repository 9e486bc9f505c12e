package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.PartitionQueue.Appended;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A topic: its partitions once they are known, and the records that wait for that.
 *
 * <p>Records are parked in order, and taken out in order before any later one is let past them, so the records of a key stay in order too.
 */
final class TopicQueue {

    private static final PartitionQueue[] NONE = {};

    private final String name;
    private final RecordAccumulator.Settings settings;
    private final RecordAccumulator.Owner owner;
    private final StickyTurns turns;
    private final IntPredicate hasLeader;

    /** What records are put into; null until the topic is known and nothing is parked. Replaced as a whole, under the lock. */
    private volatile PartitionQueue @Nullable [] partitions;

    /** Every partition that there ever was, so that nothing is forgotten if some disappear. Changed on the loop. */
    private volatile PartitionQueue[] queues = NONE;

    private volatile boolean unparking;

    // Under the lock:
    private final Deque<ParkedRecord> parked = new ArrayDeque<>();
    private final List<Runnable> onUnparked = new ArrayList<>(0);
    private long parkedBytes;
    private int knownCount;
    private boolean looking;
    private boolean ended;

    TopicQueue(String name, RecordAccumulator.Settings settings, RecordAccumulator.Owner owner) {
        this.name = name;
        this.settings = settings;
        this.owner = owner;
        this.turns = new StickyTurns((int) settings.loop().nanoTime());
        this.hasLeader = partition -> owner.hasLeader(queues[partition].partition());
    }

    String name() {
        return name;
    }

    /**
     * Appends a record, or parks it. Any thread.
     *
     * @return false if there is no memory for it
     * @throws KafkaException if it names a partition that the topic does not have, or the producer is closed
     */
    boolean append(
            SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
            ChunkPool.Priority priority) {
        PartitionQueue[] all = partitions;
        if (all == null) {
            return park(new ParkedRecord(future, partition, key, value, headers, size, settings.loop().nanoTime()), priority);
        }
        return appendTo(all, future, partition, key, value, headers, size, priority);
    }

    private boolean appendTo(
            PartitionQueue[] all, SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value,
            Headers headers, int size, ChunkPool.Priority priority) {
        boolean isSticky = partition == null && key == null && settings.partitioner() == null;
        PartitionQueue queue = isSticky ? all[turns.current(all.length, hasLeader)] : choose(all, partition, key, value);
        Appended appended;
        try {
            appended = queue.append(future, key, value, headers, size, priority);
        } catch (Throwable failure) {
            owner.workAppeared(queue);
            throw failure;
        }
        if (isSticky && queue.isTurnOver()) {
            queue.beginTurn();
            all[turns.moveOn(queue.partition().partition(), all.length, hasLeader)].beginTurn();
        }
        switch (appended) {
            case QUIETLY -> { }
            case TELL_SENDER, NO_MEMORY -> owner.workAppeared(queue);
            case ENDED -> throw RecordAccumulator.closed();
        }
        return appended != Appended.NO_MEMORY;
    }

    private PartitionQueue choose(PartitionQueue[] all, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value) {
        if (partition != null) {
            return at(all, partition, "The record names partition ");
        }
        Partitioner own = settings.partitioner();
        if (own != null) {
            return at(all, ask(own, key, value, all.length), "The partitioner chose partition ");
        }
        return all[key == null ? 0 : Murmur2.partition(key, all.length)];
    }

    private int ask(Partitioner own, byte @Nullable [] key, byte @Nullable [] value, int count) {
        try {
            return own.partition(name, key, value, count);
        } catch (RuntimeException failure) {
            throw new SendException("The partitioner failed for a record of topic '" + name + "': " + failure, name, -1,
                    Persistence.NOT_PERSISTED, failure);
        }
    }

    private PartitionQueue at(PartitionQueue[] all, int partition, String who) {
        if (partition < 0 || partition >= all.length) {
            throw new SendException(
                    who + partition + " of topic '" + name + "', which has " + all.length + " (0 to " + (all.length - 1) + ")",
                    name, partition, Persistence.NOT_PERSISTED, null);
        }
        return all[partition];
    }

    private boolean park(ParkedRecord record, ChunkPool.Priority priority) {
        synchronized (this) {
            if (ended || owner.isClosed()) {
                throw RecordAccumulator.closed();
            }
            PartitionQueue[] all = partitions;
            if (all != null) {
                return appendTo(
                        all, record.future(), record.partition(), record.key(), record.value(), record.headers(), record.size(), priority);
            }
            // Once the topic is known, what is parked has the first claim to memory, and nothing may overtake it.
            if (knownCount > 0 || !settings.pool().reserve(record.size(), priority)) {
                return false;
            }
            parkedBytes += record.size();
            parked.addLast(record);
            if (looking) {
                return true;
            }
            looking = true;
        }
        owner.topicAppeared(this);
        return true;
    }

    /** Whether parked records are being moved: until that is over nobody can append. Any thread; takes no lock, because it is asked under one. */
    boolean isUnparking() {
        return unparking;
    }

    /** The topic has so many partitions. On the loop. */
    void known(int count) {
        if (count > queues.length) {
            PartitionQueue[] more = Arrays.copyOf(queues, count);
            for (int i = queues.length; i < count; i++) {
                more[i] = new PartitionQueue(new TopicPartition(name, i), settings);
            }
            queues = more;
        }
        synchronized (this) {
            if (ended || knownCount == count && partitions != null) {
                return;
            }
            knownCount = count;
            unparking = partitions == null;
        }
        if (settings.partitioner() == null) {
            unpark();
        } else {
            settings.loop().callbacks().execute(this::unpark); // it runs the user's code
        }
    }

    /**
     * Moves parked records to their partitions as far as there is memory; publishes the partitions once none is left.
     *
     * <p>Their reservation is given up first: they may hold all the memory that there is, and could not move to chunks otherwise.
     */
    void unpark() {
        if (moveAll()) {
            settings.pool().tellFreed(); // who waits for memory also waits for this
        }
    }

    /** Whether that made the topic ready for use. */
    private synchronized boolean moveAll() {
        if (ended || knownCount == 0 || partitions != null && partitions.length == knownCount) {
            return false;
        }
        PartitionQueue[] all = Arrays.copyOf(queues, knownCount);
        settings.pool().release(takeParkedBytes());
        while (!parked.isEmpty() && moves(all, parked.peekFirst())) {
            parked.removeFirst();
        }
        if (!parked.isEmpty()) {
            owner.needsMemory();
            return false;
        }
        looking = false;
        unparking = false;
        partitions = all;
        runOnUnparked();
        return true;
    }

    private boolean moves(PartitionQueue[] all, ParkedRecord record) {
        try {
            return appendTo(
                    all, record.future(), record.partition(), record.key(), record.value(), record.headers(), record.size(),
                    ChunkPool.Priority.FIRST_IN_LINE);
        } catch (RuntimeException wrong) {
            settings.loop().callbacks().execute(() -> record.future().completeExceptionally(wrong));
            return true;
        }
    }

    private long takeParkedBytes() {
        long bytes = parkedBytes;
        parkedBytes = 0;
        return bytes;
    }

    /** Runs something on the loop once nothing is parked; false if nothing is. */
    synchronized boolean whenUnparked(Runnable action) {
        return !parked.isEmpty() && onUnparked.add(action);
    }

    private void runOnUnparked() {
        for (Runnable action : onUnparked) {
            settings.loop().execute(action);
        }
        onUnparked.clear();
    }

    /** When the oldest parked record came, in nanoseconds of the loop's clock; null if there is none. */
    synchronized @Nullable Long oldestParkedNanos() {
        ParkedRecord oldest = parked.peekFirst();
        return oldest == null ? null : oldest.sinceNanos();
    }

    /**
     * Fails what was parked until a time: the topic could not be found. On the loop.
     *
     * @param untilNanos of the loop's clock
     * @return whether others are left, so that the topic has to be looked for again
     */
    boolean failParked(long untilNanos, Throwable cause, String message) {
        return failParked(record -> record.sinceNanos() - untilNanos <= 0, cause, message);
    }

    /** Takes no more records, and fails what is parked. On the loop. */
    void end(Throwable cause, String message) {
        synchronized (this) {
            ended = true;
            unparking = false;
        }
        failParked(every -> true, cause, message);
        for (PartitionQueue queue : queues) {
            queue.end();
        }
    }

    private boolean failParked(Predicate<ParkedRecord> isOver, Throwable cause, String message) {
        List<ParkedRecord> failed = new ArrayList<>();
        boolean isLeft;
        synchronized (this) {
            while (!parked.isEmpty() && isOver.test(parked.peekFirst())) {
                failed.add(parked.removeFirst());
            }
            if (knownCount == 0) {
                long bytes = failed.stream().mapToLong(ParkedRecord::size).sum();
                parkedBytes -= bytes;
                settings.pool().release(bytes);
            }
            isLeft = !parked.isEmpty();
            looking = isLeft;
            if (!isLeft) {
                runOnUnparked();
            }
        }
        if (!failed.isEmpty()) {
            SendException reason = new SendException(message, name, -1, Persistence.NOT_PERSISTED, cause);
            settings.loop().callbacks().execute(() -> failed.forEach(record -> record.future().completeExceptionally(reason)));
            settings.pool().tellFreed();
        }
        return isLeft;
    }

    /** Every partition that was ever known. On the loop. */
    List<PartitionQueue> queues() {
        return Arrays.asList(queues);
    }
}
