package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one partition from poll to commit, for as long as the partition is assigned.
 *
 * <p>The polling thread {@linkplain #add adds} records at the back; one worker at a time takes them from the front, so they are worked on in order. A record
 * stays at the front until it is over, through all of its retries. Between two records, and while one waits to be tried again, the partition holds no worker.
 *
 * <p><b>Back-pressure.</b> Too many records or bytes that wait, or too many that are not acknowledged, pause this partition at the consumer; half of that
 * resumes it. The polling itself never stops.
 *
 * <p><b>The end.</b> After {@link #end()} no record is begun, what waits is dropped, and {@link #awaitFinished} waits for what is with the listener. What is
 * finished then still counts and can be committed; after {@link #drop()} nothing counts.
 *
 * <p>One lock guards everything here. It is never held while the listener or a commit runs; the consumer is paused and resumed under it, so that the two cannot
 * overtake each other.
 */
final class PartitionWork implements WorkerPool.Work {

    /** Stops and lets go the flow of a partition's records from the consumer. */
    interface Flow {

        void pause(TopicPartition partition);

        void resume(TopicPartition partition);

        /** How many bytes of a partition may wait, so that those of all are bounded; changes with the number of partitions. */
        default long shareOfBytes() {
            return Long.MAX_VALUE;
        }
    }

    /** Hears what is to be done next. Called without any lock. */
    interface Events {

        /** There is something to work on, and no worker is at it. */
        void ready(PartitionWork work);

        /** There is something to commit. */
        void commitDue(PartitionWork work);
    }

    private static final Logger logger = LoggerFactory.getLogger(PartitionWork.class);

    private final TopicPartition partition;
    private final AckMode ackMode;
    private final int maxQueuedRecords;
    private final long maxQueuedBytes;
    private final int maxUnacknowledged;
    private final Flow flow;
    private final Events events;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition finished = lock.newCondition();
    private final OffsetTracker tracker = new OffsetTracker();
    private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
    private long queuedBytes;
    private @Nullable Delivery front;
    private boolean busy;
    private boolean running;
    private int unacknowledged;

    /** Whether the listener is still at a record of the one before, who was dropped. */
    private boolean waitsForPredecessor;

    /** Who begins when the record is over that the listener is at; only after a {@link #drop()}. */
    private volatile @Nullable PartitionWork successor;

    private boolean full;
    private boolean pauseRequested;
    private boolean held;
    private boolean flowPaused;
    private boolean ending;
    private boolean dropped;

    /** How often partitions had gone when this one came; set before others see it. */
    private int partingsBefore;

    PartitionWork(TopicPartition partition, ContainerProperties properties, Flow flow, Events events) {
        this.partition = partition;
        this.ackMode = properties.getAckMode();
        this.maxQueuedRecords = properties.getMaxQueuedRecords();
        this.maxQueuedBytes = properties.getMaxQueuedBytes();
        this.maxUnacknowledged = properties.getMaxUnacknowledged();
        this.flow = flow;
        this.events = events;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Says how often partitions had gone when this one came. To be called before others see it. */
    void comesAfter(int partings) {
        partingsBefore = partings;
    }

    int partingsBefore() {
        return partingsBefore;
    }

    /** Takes over what a poll returned. */
    void add(List<ConsumerRecord<byte[], byte[]>> records) {
        boolean ready;
        lock.lock();
        try {
            if (ending) {
                return;
            }
            for (int i = 0; i < records.size(); i++) {
                add(new Delivery(this, records.get(i), /* endOfPoll= */ i == records.size() - 1));
            }
            ready = becomesBusy();
            adjustFlow();
        } finally {
            lock.unlock();
        }
        if (ready) {
            events.ready(this);
        }
    }

    private void add(Delivery delivery) {
        if (!tracker.add(delivery)) {
            movedTo(delivery.offset);
            tracker.add(delivery);
        }
        queue.add(delivery);
        queuedBytes += delivery.size();
    }

    /** What lies before the new position does not come again, so it stays; what lies behind it, wherever it is, does not count any more. */
    private void movedTo(long offset) {
        int dropped = 0;
        while (!queue.isEmpty() && queue.getLast().offset >= offset) {
            queuedBytes -= queue.removeLast().size();
            dropped++;
        }
        unacknowledged -= tracker.movedTo(offset) - dropped;
        logger.debug("The position of {} was moved back to {}, and {} records that waited are dropped", partition, offset, dropped);
    }

    /** Takes over a record that the consumer could not read; it fails when it comes to it. */
    void addUnreadable(RecordDeserializationException unreadable) {
        boolean ready;
        lock.lock();
        try {
            if (ending) {
                return;
            }
            add(new Delivery(this, unreadable));
            ready = becomesBusy();
            adjustFlow();
        } finally {
            lock.unlock();
        }
        if (ready) {
            events.ready(this);
        }
    }

    private boolean becomesBusy() {
        if (busy || ending || waitsForPredecessor || front == null && queue.isEmpty()) {
            return false;
        }
        busy = true;
        return true;
    }

    /** The record to work on, for a worker, or null if there is none for now. */
    @Nullable Delivery begin() {
        lock.lock();
        try {
            if (front != null && isOver(front)) {
                front = null;
            }
            Delivery next = front;
            if (next == null && !ending) {
                next = queue.poll();
                if (next != null) {
                    queuedBytes -= next.size();
                    unacknowledged++;
                }
            }
            if (next == null || ending) {
                busy = false;
                return null;
            }
            front = next;
            running = true;
            next.begin(Thread.currentThread());
            adjustFlow();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The listener returned.
     *
     * @return how long to wait before it gets the record again, because it asked for that; null if it does not
     */
    @Nullable Duration returned(Delivery delivery) {
        lock.lock();
        try {
            delivery.end();
            Duration again = delivery.isDone() ? null : delivery.nacked();
            if (again == null) {
                over(delivery, ackMode != AckMode.MANUAL);
            } else {
                retries(delivery);
            }
            return again;
        } finally {
            lock.unlock();
            letSuccessorBegin();
        }
    }

    /** The record is given up, and counts as done. */
    void skipped(Delivery delivery) {
        lock.lock();
        try {
            delivery.end();
            over(delivery, /* done= */ true);
        } finally {
            lock.unlock();
            letSuccessorBegin();
        }
    }

    /** The record will be tried again. */
    void failed(Delivery delivery) {
        lock.lock();
        try {
            delivery.end();
            retries(delivery);
        } finally {
            lock.unlock();
            letSuccessorBegin();
        }
    }

    /**
     * Begins nothing before the record is over that the listener is at with the work that was dropped before: the partition came back while it is, and the same
     * record is not to be worked on twice at once. To be called before anything is added.
     */
    void follow(PartitionWork dropped) {
        lock.lock();
        try {
            waitsForPredecessor = true;
        } finally {
            lock.unlock();
        }
        if (!dropped.isFollowedBy(this)) {
            predecessorIsOver();
        }
    }

    private boolean isFollowedBy(PartitionWork next) {
        lock.lock();
        try {
            successor = running ? next : null;
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void letSuccessorBegin() {
        if (successor == null) { // Nobody becomes one after the record is over, so there is no need for the lock.
            return;
        }
        PartitionWork next;
        lock.lock();
        try {
            next = successor;
            successor = null;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.predecessorIsOver();
        }
    }

    private void predecessorIsOver() {
        boolean ready;
        lock.lock();
        try {
            waitsForPredecessor = false;
            ready = becomesBusy();
        } finally {
            lock.unlock();
        }
        if (ready) {
            events.ready(this);
        }
    }

    private void over(Delivery delivery, boolean done) {
        running = false;
        front = null;
        if (done) {
            complete(delivery);
        }
        adjustFlow();
        finished.signalAll();
    }

    private void retries(Delivery delivery) {
        running = false;
        if (ending) {
            leave(delivery); // It is not done, and comes again to whoever has the partition then.
        }
        finished.signalAll();
    }

    private void leave(Delivery delivery) {
        front = null;
        if (!isOver(delivery)) {
            unacknowledged--;
        }
    }

    private void complete(Delivery delivery) {
        if (!isOver(delivery)) {
            unacknowledged--;
        }
        tracker.complete(delivery);
    }

    /** Whether it was acknowledged, or the position moved back to it, while it waited for its next attempt: then there is none. */
    private static boolean isOver(Delivery delivery) {
        return delivery.isDone() || delivery.isForgotten();
    }

    /** Goes on after a record, on the same worker. */
    @Override
    public boolean hasMore() {
        lock.lock();
        try {
            if (ending || front == null && queue.isEmpty()) {
                busy = false;
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void acknowledge(Delivery delivery) {
        lock.lock();
        try {
            if (delivery.isDone() || dropped) {
                return;
            }
            complete(delivery);
            adjustFlow();
            finished.signalAll();
        } finally {
            lock.unlock();
        }
        events.commitDue(this);
    }

    void nack(Delivery delivery, Duration sleep) {
        lock.lock();
        try {
            if (delivery.isDone()) {
                throw new IllegalStateException(delivery + " was acknowledged before");
            }
            if (!delivery.isWith(Thread.currentThread())) {
                throw new IllegalStateException(delivery + " can be refused by its listener method only, and before that returns");
            }
            if (delivery.nacked() == null) {
                delivery.nackedFor(sleep);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the listener refused a record that it has. */
    boolean isNacked(Delivery delivery) {
        lock.lock();
        try {
            return !delivery.isDone() && delivery.nacked() != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a record that is with the listener is done already. */
    boolean isDone(Delivery delivery) {
        lock.lock();
        try {
            return delivery.isDone();
        } finally {
            lock.unlock();
        }
    }

    /** What is to be committed by now, by the ack mode; null if nothing is. */
    @Nullable OffsetAndMetadata commitDue() {
        lock.lock();
        try {
            return dropped ? null : ackMode == AckMode.BATCH ? tracker.committablePolls() : tracker.committable();
        } finally {
            lock.unlock();
        }
    }

    /** Everything that can be committed, for the end; null if there is nothing. */
    @Nullable OffsetAndMetadata committable() {
        lock.lock();
        try {
            return dropped ? null : tracker.committable();
        } finally {
            lock.unlock();
        }
    }

    void committed(long offset) {
        lock.lock();
        try {
            tracker.committed(offset);
        } finally {
            lock.unlock();
        }
    }

    /** Holds the partition at the consumer, or lets it go, for the user. */
    void requestPause(boolean pause) {
        lock.lock();
        try {
            pauseRequested = pause;
            adjustFlow();
        } finally {
            lock.unlock();
        }
    }

    /** Holds the partition at the consumer, or lets it go, because it cannot be read. */
    void hold(boolean hold) {
        lock.lock();
        try {
            held = hold;
            adjustFlow();
        } finally {
            lock.unlock();
        }
    }

    private void adjustFlow() {
        int owed = tracker.size() - queue.size();
        long mostBytes = queuedBytes == 0 ? maxQueuedBytes : Math.min(maxQueuedBytes, flow.shareOfBytes());
        if (!full && (queue.size() >= maxQueuedRecords || queuedBytes >= mostBytes || owed >= maxUnacknowledged)) {
            full = true;
            warnIfOwed(owed);
        } else if (full && queue.size() <= maxQueuedRecords / 2 && queuedBytes <= mostBytes / 2 && owed <= maxUnacknowledged / 2) {
            full = false;
        }
        boolean pause = !ending && (full || pauseRequested || held);
        if (ending || pause == flowPaused) {
            return;
        }
        flowPaused = pause;
        if (pause) {
            flow.pause(partition);
        } else {
            flow.resume(partition);
        }
    }

    private void warnIfOwed(int owed) {
        OffsetTracker.Entry first = tracker.first();
        if (owed >= maxUnacknowledged && first != null) {
            logger.warn("{} is paused: {} records are not acknowledged or wait for one that is not, the first of them {}@{}",
                    partition, owed, partition, first.offset);
        }
    }

    /** Begins no more records, and drops those that wait. */
    void end() {
        lock.lock();
        try {
            ending = true;
            queue.clear();
            queuedBytes = 0;
            Delivery waiting = front;
            if (!running && waiting != null) {
                leave(waiting);
            }
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@link #end()}, and what is finished from here on does not count. */
    void drop() {
        lock.lock();
        try {
            dropped = true;
            end();
            tracker.clear();
        } finally {
            lock.unlock();
        }
    }

    boolean isDropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the listener has nothing of this partition; with ack mode MANUAL, until it has acknowledged everything too.
     *
     * @param deadline by {@link System#nanoTime()}
     * @return whether it has; false if the deadline passed before
     */
    boolean awaitFinished(long deadline) throws InterruptedException {
        lock.lock();
        try {
            while (isWithListener()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                finished.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWithListener() {
        return running || ackMode == AckMode.MANUAL && unacknowledged > 0 && !dropped;
    }

    /** Whether the listener is at a record, or owes the acknowledgment of one. */
    boolean isBusyWithListener() {
        lock.lock();
        try {
            return isWithListener();
        } finally {
            lock.unlock();
        }
    }

    /** The record that the listener is at, after an end as well; null if it is at none. */
    @Nullable AtWork atWork() {
        lock.lock();
        try {
            return running && front != null ? front.atWork() : null;
        } finally {
            lock.unlock();
        }
    }

    /** How many records are queued or with the listener. */
    int inFlight() {
        lock.lock();
        try {
            return queue.size() + unacknowledged;
        } finally {
            lock.unlock();
        }
    }

    /** The first record that is not done, as errors show it; null if all are. */
    @Nullable String firstUnfinished() {
        lock.lock();
        try {
            OffsetTracker.Entry first = dropped ? front : tracker.first();
            return first == null ? null : partition + "@" + first.offset;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
