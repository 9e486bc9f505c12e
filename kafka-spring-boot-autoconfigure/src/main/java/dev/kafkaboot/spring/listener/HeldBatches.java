package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnreadableBatchException;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batches of a share group that cannot be read, whose locks a container keeps until it stops.
 *
 * <p>To release them would have brokers give them up after a few deliveries, within seconds and without a word, and of a damaged batch what lies behind it too. What
 * may be readable at the second time, because it was damaged on the way, is released once. Nothing is ever rejected: members with another limit, or with the codec that
 * is missing, get it when this one stops. Thread-safe.
 */
final class HeldBatches {

    /** Notes what becomes of an offset. */
    @FunctionalInterface
    interface Locks {

        /**
         * Notes it.
         *
         * @throws IllegalStateException if the consumer does not have it any more
         */
        void acknowledge(TopicPartition partition, long offset, AcknowledgeType type);
    }

    private static final Logger logger = LoggerFactory.getLogger(HeldBatches.class);

    private final String listenerId;
    private final Locks locks;
    private final Map<TopicPartition, TreeMap<Long, UnreadableBatchException>> held = new TreeMap<>();
    private long renewedNanos = System.nanoTime();

    HeldBatches(String listenerId, Locks locks) {
        this.listenerId = listenerId;
        this.locks = locks;
    }

    /** A poll has told a batch, which is released unless something else is said; answers whether it is held. */
    synchronized boolean hold(UnreadableBatchException unreadable) {
        TopicPartition partition = unreadable.topicPartition();
        TreeMap<Long, UnreadableBatchException> offsets = held.computeIfAbsent(partition, first -> new TreeMap<>());
        int before = offsets.size();
        unreadable.acquired().forEach((offset, deliveries) -> {
            if ((deliveries > 1 || !(unreadable instanceof CorruptBatchException)) && renew(partition, offset)) {
                offsets.put(offset, unreadable);
            }
        });
        int more = offsets.size() - before;
        if (more > 0) {
            logger.error("Listener '{}' cannot read {} records of {}, the first at offset {}, and keeps them from being given up until it is stopped",
                    listenerId, more, partition, unreadable.offset(), unreadable);
        }
        return more > 0;
    }

    /**
     * A poll has handed records out, which can be read now, and are the listener's from here on: to renew them would take the place of what it says of them. To be called
     * before it gets them.
     */
    synchronized void forget(ConsumerRecords<?, ?> records) {
        if (held.isEmpty()) {
            return;
        }
        for (TopicPartition partition : records.partitions()) {
            Map<Long, UnreadableBatchException> offsets = held.get(partition);
            if (offsets != null) {
                records.records(partition).forEach(each -> offsets.remove(each.offset()));
            }
        }
        held.values().removeIf(Map::isEmpty);
    }

    /** Renews all locks, if it is time. */
    synchronized void renew(Duration period) {
        long now = System.nanoTime();
        if (now - renewedNanos < period.toNanos()) {
            return;
        }
        renewedNanos = now;
        held.forEach((partition, offsets) -> offsets.keySet().removeIf(offset -> !renew(partition, offset)));
        held.values().removeIf(Map::isEmpty);
    }

    /** What was said of records was not taken, so that the consumer may not have them any more; those that it has are renewed. */
    synchronized void notTaken(TopicPartition partition, Set<Long> some) {
        Map<Long, UnreadableBatchException> offsets = held.get(partition);
        if (offsets == null) {
            return;
        }
        for (Iterator<Long> each = offsets.keySet().iterator(); each.hasNext(); ) {
            long offset = each.next();
            if (some.contains(offset) && !renew(partition, offset)) {
                each.remove();
            }
        }
        held.values().removeIf(Map::isEmpty);
    }

    private boolean renew(TopicPartition partition, long offset) {
        try {
            locks.acknowledge(partition, offset, AcknowledgeType.RENEW);
            return true;
        } catch (IllegalStateException | KafkaException noLock) {
            logger.debug("Listener '{}' has lost the lock of {}@{}, which it cannot read", listenerId, partition, offset, noLock);
            return false;
        }
    }

    /** Why the first of them cannot be read, or null if there is none. */
    synchronized @Nullable Throwable failure() {
        for (TreeMap<Long, UnreadableBatchException> offsets : held.values()) {
            if (!offsets.isEmpty()) {
                return offsets.firstEntry().getValue();
            }
        }
        return null;
    }
}
