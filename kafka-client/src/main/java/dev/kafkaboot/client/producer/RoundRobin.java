package dev.kafkaboot.client.producer;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The partitions of each topic in turn. */
final class RoundRobin implements Partitioner {

    private final ConcurrentHashMap<String, AtomicInteger> turns = new ConcurrentHashMap<>();

    @Override
    public int partition(String topic, byte @Nullable [] key, byte @Nullable [] value, PartitionView partitions) {
        AtomicInteger turn = turnOf(topic);
        int count = partitions.count();
        int partition = next(turn, count);
        // Where none has a leader, one more than all: or each record would come out where the one before it did.
        for (int passedOver = 1; passedOver <= count && !partitions.hasLeader(partition); passedOver++) {
            partition = next(turn, count);
        }
        return partition;
    }

    private AtomicInteger turnOf(String topic) {
        AtomicInteger known = turns.get(topic);
        return known != null ? known : turns.computeIfAbsent(topic, absent -> new AtomicInteger());
    }

    private static int next(AtomicInteger turn, int count) {
        return Integer.remainderUnsigned(turn.getAndIncrement(), count);
    }

    @Override
    public String toString() {
        return ProducerConfig.ROUND_ROBIN;
    }
}
