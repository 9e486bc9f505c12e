package dev.kafkaboot.client.consumer;

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
    private final int count;

    /** Records by partition; the lists are not copied. */
    public ConsumerRecords(Map<TopicPartition, List<ConsumerRecord<K, V>>> byPartition) {
        this.byPartition = byPartition;
        int sum = 0;
        for (List<ConsumerRecord<K, V>> records : byPartition.values()) {
            sum += records.size();
        }
        this.count = sum;
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
        private int count;

        void add(TopicPartition partition, List<ConsumerRecord<K, V>> records) {
            count += records.size();
            List<ConsumerRecord<K, V>> earlier = byPartition.putIfAbsent(partition, records);
            if (earlier != null) {
                earlier.addAll(records);
            }
        }

        int count() {
            return count;
        }

        ConsumerRecords<K, V> finish() {
            return count == 0 ? empty() : new ConsumerRecords<>(byPartition);
        }
    }

    @Override
    public String toString() {
        return count + " records of " + byPartition.keySet();
    }
}
