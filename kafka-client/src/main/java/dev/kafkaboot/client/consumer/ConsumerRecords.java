package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one {@link KafkaConsumer#poll poll} returned: lists of records by partition, each in the order of its offsets. Immutable.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class ConsumerRecords<K, V> implements Iterable<ConsumerRecord<K, V>> {

    private final Map<TopicPartition, List<ConsumerRecord<K, V>>> byPartition;
    private final @Nullable ConsumerGroupMetadata group;
    private final int count;

    /** Records by partition, of a consumer without a group; the lists are not copied. */
    public ConsumerRecords(Map<TopicPartition, List<ConsumerRecord<K, V>>> byPartition) {
        this(byPartition, null);
    }

    /**
     * Records by partition; the lists are not copied.
     *
     * @param group who the consumer was in its group when it got them, or null if it has no group
     */
    public ConsumerRecords(Map<TopicPartition, List<ConsumerRecord<K, V>>> byPartition, @Nullable ConsumerGroupMetadata group) {
        this.byPartition = byPartition;
        this.group = group;
        int sum = 0;
        for (List<ConsumerRecord<K, V>> records : byPartition.values()) {
            sum += records.size();
        }
        this.count = sum;
    }

    /** These, got by the same member as others, unless they say who got them. */
    ConsumerRecords<K, V> of(ConsumerRecords<K, V> others) {
        return group != null || others.group == null ? this : new ConsumerRecords<>(byPartition, others.group);
    }

    /** No records. */
    public static <K, V> ConsumerRecords<K, V> empty() {
        return new ConsumerRecords<>(Map.of());
    }

    /** The records of a partition; empty if there are none. */
    public List<ConsumerRecord<K, V>> records(TopicPartition partition) {
        List<ConsumerRecord<K, V>> records = byPartition.get(partition);
        return records == null ? List.of() : Collections.unmodifiableList(records);
    }

    /** The records of a topic, partition after partition. */
    public List<ConsumerRecord<K, V>> records(String topic) {
        List<ConsumerRecord<K, V>> found = new ArrayList<>();
        byPartition.forEach((partition, records) -> {
            if (partition.topic().equals(topic)) {
                found.addAll(records);
            }
        });
        return found;
    }

    /** The partitions that there are records of. */
    public Set<TopicPartition> partitions() {
        return Collections.unmodifiableSet(byPartition.keySet());
    }

    /**
     * Who the consumer was in its group when it got these records, for {@link dev.kafkaboot.client.producer.KafkaProducer#sendOffsets}: a transaction of one that was
     * put out of the group since, or has been a member of a later generation, is refused. {@link KafkaConsumer#groupMetadata()} would tell that later one, which
     * may commit though it does not own the records' partitions any more (KIP-447).
     *
     * @throws IllegalStateException if the consumer has no group
     */
    public ConsumerGroupMetadata groupMetadata() {
        ConsumerGroupMetadata known = group;
        if (known == null) {
            throw new IllegalStateException("The consumer of these records has no group");
        }
        return known;
    }

    /** How many records there are. */
    public int count() {
        return count;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** All records, partition after partition. */
    @Override
    public Iterator<ConsumerRecord<K, V>> iterator() {
        Iterator<List<ConsumerRecord<K, V>>> lists = byPartition.values().iterator();
        return new Iterator<>() {
            private @Nullable Iterator<ConsumerRecord<K, V>> records;

            @Override
            public boolean hasNext() {
                while (records == null || !records.hasNext()) {
                    if (!lists.hasNext()) {
                        return false;
                    }
                    records = lists.next().iterator();
                }
                return true;
            }

            @Override
            public ConsumerRecord<K, V> next() {
                Iterator<ConsumerRecord<K, V>> current = hasNext() ? records : null;
                if (current == null) {
                    throw new NoSuchElementException();
                }
                return current.next();
            }
        };
    }

    /** Collects what a poll takes. */
    static final class Collector<K, V> {

        private final Map<TopicPartition, List<ConsumerRecord<K, V>>> byPartition = new LinkedHashMap<>(4);
        private final @Nullable ConsumerGroupMetadata group;
        private int count;

        Collector(@Nullable ConsumerGroupMetadata group) {
            this.group = group;
        }

        void add(TopicPartition partition, List<ConsumerRecord<K, V>> records) {
            List<ConsumerRecord<K, V>> earlier = byPartition.putIfAbsent(partition, records);
            if (earlier != null) {
                earlier.addAll(records);
            }
            count += records.size();
        }

        int count() {
            return count;
        }

        ConsumerRecords<K, V> finish() {
            return new ConsumerRecords<>(byPartition, group);
        }
    }

    @Override
    public String toString() {
        return count + " records of " + byPartition.keySet();
    }
}
