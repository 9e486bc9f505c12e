package dev.kafkaboot.spring.listener;

import static java.util.Objects.requireNonNull;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.ShareDelivery.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of a share group that a container has, from the poll until it is said what became of them.
 *
 * <p>Each is locked for this member by the brokers, for some time. As long as nothing is said of it, in line, with the listener or owed by it, its lock is
 * {@linkplain #renew renewed}; one whose lock is lost is forgotten, and not begun if it has not been. If such a record comes back while the listener is still at it,
 * or has failed on it and is to get it again, it is not worked on twice at once: the lock that it came back with counts for what is under way.
 *
 * <p>One lock guards everything here. The consumer is told under it, so that a renewal cannot take the place of what the listener has said; that only notes it, and
 * waits for nobody.
 */
final class ShareWork {

    /** What is told of records, and to whom. */
    interface Consumer {

        /**
         * Notes what became of a record.
         *
         * @throws IllegalStateException if the consumer does not have it any more
         */
        void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type);

        /** Sends what was noted, in the background. */
        void send();
    }

    private static final Logger logger = LoggerFactory.getLogger(ShareWork.class);

    private final String listenerId;
    private final AckMode ackMode;
    private final int concurrency;
    private final int maxQueued;
    private final int maxUnacknowledged;
    private final Consumer consumer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Place, ShareDelivery> open = new LinkedHashMap<>();

    /** Those whose lock was lost while the listener was at them, until it has returned. */
    private final Map<Place, ShareDelivery> lost = new HashMap<>();

    private final Set<ShareDelivery> withListener = new LinkedHashSet<>();
    private int waiting;
    private int retrying;
    private long renewedNanos = System.nanoTime();
    private boolean paused;
    private boolean stopping;
    private boolean ended;

    /** Where a record lies; of one place, one is open. */
    private record Place(TopicPartition partition, long offset) {

        static Place of(ConsumerRecord<byte[], byte[]> record) {
            return new Place(record.topicPartition(), record.offset());
        }
    }

    ShareWork(String listenerId, ContainerProperties properties, Consumer consumer) {
        this.listenerId = listenerId;
        this.ackMode = properties.getAckMode();
        this.concurrency = properties.getConcurrency();
        this.maxQueued = properties.getMaxQueuedRecords();
        this.maxUnacknowledged = properties.getMaxUnacknowledged();
        this.consumer = consumer;
    }

    /** Takes over what a poll returned, and answers what is to be put in line; while nothing is to be begun, what may be left to others is released. */
    List<ShareDelivery> add(ConsumerRecords<byte[], byte[]> records) {
        List<ShareDelivery> added = new ArrayList<>();
        lock.lock();
        try {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (!goesOnWith(record)) {
                    ShareDelivery delivery = new ShareDelivery(this, record);
                    open.put(Place.of(record), delivery);
                    waiting++;
                    added.add(delivery);
                }
            }
            if (paused || stopping) {
                releaseWaiting();
                added.removeIf(delivery -> delivery.state == State.OVER);
            }
        } finally {
            lock.unlock();
        }
        return added;
    }

    /**
     * Whether a record came back, because its lock had been lost, that has been begun here and is not over: it has the new lock then. One that was not begun makes room
     * for what came, and so does one that is another record: topics are made anew, and logs cut off.
     */
    private boolean goesOnWith(ConsumerRecord<byte[], byte[]> record) {
        Place place = Place.of(record);
        ShareDelivery before = open.getOrDefault(place, lost.get(place));
        if (before == null) {
            return false;
        }
        if (before.state == State.WAITING || !before.isOf(record)) {
            forget(before, State.LOST);
            return false;
        }
        if (before.state == State.LOST) {
            lost.remove(place);
            open.put(place, before);
            before.state = State.RUNNING;
        }
        before.kept = false;
        return true;
    }

    /** A worker begins with a record; false if there is nothing to begin any more. */
    boolean begin(ShareDelivery delivery) {
        lock.lock();
        try {
            if (delivery.state != State.WAITING && delivery.state != State.RETRYING) {
                return false;
            }
            withListener.add(delivery); // first, because there may be no memory for it
            leaveLine(delivery);
            delivery.state = State.RUNNING;
            delivery.attempts++;
            delivery.worker = Thread.currentThread();
            delivery.begunNanos = System.nanoTime();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The listener returned: the record is accepted, unless the listener says so itself. */
    void returned(ShareDelivery delivery) {
        if (ackMode != AckMode.MANUAL) {
            ended(delivery, AcknowledgeType.ACCEPT);
            return;
        }
        lock.lock();
        try {
            withListener.remove(delivery);
            if (delivery.state == State.RUNNING) {
                delivery.state = State.OWED;
            }
            lost.remove(Place.of(delivery.record()), delivery);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The listener failed; whether the lock was lost meanwhile, so that there is nothing to decide: somebody gets the record again. */
    boolean failedInVain(ShareDelivery delivery) {
        lock.lock();
        try {
            if (delivery.state != State.LOST) {
                return false;
            }
            withListener.remove(delivery);
            lost.remove(Place.of(delivery.record()), delivery);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The record is given up. */
    void skipped(ShareDelivery delivery) {
        ended(delivery, AcknowledgeType.REJECT);
    }

    private void ended(ShareDelivery delivery, AcknowledgeType type) {
        lock.lock();
        try {
            withListener.remove(delivery);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        acknowledge(delivery, type);
    }

    /** The record is to be tried again; false if it is not, and was left to others. */
    boolean retries(ShareDelivery delivery) {
        boolean retries;
        lock.lock();
        try {
            withListener.remove(delivery);
            retries = delivery.state == State.RUNNING && !stopping;
            if (retries) {
                delivery.state = State.RETRYING;
                retrying++;
            } else {
                over(delivery, AcknowledgeType.RELEASE);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return retries;
    }

    /** Whether working on a record broke off, so that nothing was decided of it or nobody would begin it again; then it is to be tried again. */
    boolean isLeftUndone(ShareDelivery delivery) {
        lock.lock();
        try {
            if (delivery.state == State.RUNNING) {
                retries(delivery);
            }
            return delivery.state == State.WAITING || delivery.state == State.RETRYING;
        } finally {
            lock.unlock();
        }
    }

    /** It is said what became of a record; the first word counts. */
    void acknowledge(ShareDelivery delivery, AcknowledgeType type) {
        boolean due;
        lock.lock();
        try {
            due = over(delivery, type) && (ackMode != AckMode.BATCH || open.isEmpty());
        } finally {
            lock.unlock();
        }
        if (due) {
            consumer.send();
        }
    }

    private boolean over(ShareDelivery delivery, AcknowledgeType type) {
        if (delivery.state == State.OVER || delivery.state == State.LOST) {
            lost.remove(Place.of(delivery.record()), delivery); // it is said, so that a lock that comes back is not for this one
            return false;
        }
        forget(delivery, State.OVER);
        try {
            consumer.acknowledge(delivery.record(), type);
            return true;
        } catch (IllegalStateException | KafkaException noLock) {
            logger.warn("Listener '{}' has lost the lock of {}, which somebody gets again: {}", listenerId, delivery, noLock.getMessage());
            return false;
        }
    }

    private void forget(ShareDelivery delivery, State end) {
        leaveLine(delivery);
        delivery.state = end;
        open.remove(Place.of(delivery.record()), delivery);
        changed.signalAll();
    }

    private void leaveLine(ShareDelivery delivery) {
        if (delivery.state == State.WAITING) {
            waiting--;
        } else if (delivery.state == State.RETRYING) {
            retrying--;
        }
    }

    boolean isOver(ShareDelivery delivery) {
        lock.lock();
        try {
            return delivery.state == State.OVER;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Renews the locks of all records, if it is time; and of those that came with the last poll, because the consumer hands out no more before it knows that they are
     * kept.
     *
     * @param period after which it is time
     */
    void renew(Duration period) {
        lock.lock();
        try {
            long now = System.nanoTime();
            boolean all = now - renewedNanos >= period.toNanos();
            if (all) {
                renewedNanos = now;
            }
            for (ShareDelivery delivery : List.copyOf(open.values())) {
                if (all || !delivery.kept) {
                    renew(delivery);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was said of records was not taken. If that was the renewal of locks, the consumer does not have these records any more, and they are not begun. Those that it
     * has are renewed: it has got them again.
     */
    void notTaken(TopicPartition partition, Set<Long> offsets) {
        lock.lock();
        try {
            for (long offset : offsets) {
                ShareDelivery delivery = open.get(new Place(partition, offset));
                if (delivery != null) {
                    renew(delivery);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void renew(ShareDelivery delivery) {
        try {
            consumer.acknowledge(delivery.record(), AcknowledgeType.RENEW);
            delivery.kept = true;
        } catch (IllegalStateException | KafkaException noLock) {
            logger.warn("Listener '{}' could not keep the lock of {}, which somebody gets again: {}", listenerId, delivery, noLock.getMessage());
            boolean begun = delivery.state == State.RUNNING;
            forget(delivery, State.LOST);
            if (begun) {
                lost.put(Place.of(delivery.record()), delivery);
            }
        }
    }

    /**
     * Waits until there is use for more records: fewer are in line than there are workers, and not too many are to be tried again or owed.
     *
     * @return whether there is; false when the limit has passed, or the end has come
     */
    boolean awaitRoom(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (!ended && !hasRoom()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom() {
        return !paused && !stopping && waiting < concurrency && waiting + retrying + withListener.size() < Math.max(maxQueued, concurrency + 1)
                && open.size() < maxUnacknowledged;
    }

    /**
     * Asks for no more records until the pause ends, and leaves those in line to others that come for the first time. The others stay, and their locks are renewed:
     * each release is one of the few deliveries after which brokers give a record up, and many pauses must not use them up.
     */
    void pause(boolean pause) {
        lock.lock();
        try {
            paused = pause;
            if (pause) {
                releaseWaiting();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        consumer.send();
    }

    /** Begins no more records, and leaves those in line to others. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            releaseWaiting();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        consumer.send();
    }

    private void releaseWaiting() {
        List.copyOf(open.values()).stream().filter(stopping ? ShareWork::isInLine : ShareDelivery::isUntouched)
                .forEach(delivery -> over(delivery, AcknowledgeType.RELEASE));
    }

    private static boolean isInLine(ShareDelivery delivery) {
        return delivery.state == State.WAITING || delivery.state == State.RETRYING;
    }

    /** Nothing is renewed any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the listener has nothing and owes nothing; false if the limit has passed before. */
    boolean awaitFinished(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (!withListener.isEmpty() || !open.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is paused, and the listener has nothing and owes nothing. */
    boolean isPaused() {
        lock.lock();
        try {
            return paused && withListener.isEmpty() && open.size() == waiting + retrying;
        } finally {
            lock.unlock();
        }
    }

    /** The records that the listener is at, those too of which it has said what became of them, or whose lock was lost. */
    List<AtWork> atWork() {
        lock.lock();
        try {
            return withListener.stream().map(each -> new AtWork(each.toString(), requireNonNull(each.worker), each.begunNanos)).toList();
        } finally {
            lock.unlock();
        }
    }

    /** How many records nothing was said of. */
    int inFlight() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }
}
