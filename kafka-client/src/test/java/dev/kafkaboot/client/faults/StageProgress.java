package dev.kafkaboot.client.faults;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a group has come with a topic without transactions, and whether its members were handed out what they had to be: each reads on record by record, goes
 * elsewhere only when a partition is assigned to it, and then not beyond what some member has finished. Thread-safe.
 */
final class StageProgress {

    private final List<String> anomalies = new ArrayList<>();
    /** Behind the last record of each partition that some member has finished. */
    private final Map<TopicPartition, Long> finished = new TreeMap<>();
    /** Behind the last record of each partition that some member was handed out. */
    private final Map<TopicPartition, Long> handedOut = new TreeMap<>();
    private long count;
    private long countAgain;
    private int assignments;

    /** What contradicts the above. */
    synchronized List<String> anomalies() {
        return List.copyOf(anomalies);
    }

    /** How many records were handed out, with those that were handed out again. */
    synchronized long count() {
        return count;
    }

    /** How many records were handed out again. */
    synchronized long countAgain() {
        return countAgain;
    }

    /** How often members were assigned partitions. */
    synchronized int assignments() {
        return assignments;
    }

    /** A member that begins. */
    Reading reading(String member) {
        return new Reading(member);
    }

    /** What one member reads, and its rebalance listener. */
    final class Reading implements ConsumerRebalanceListener {

        private final String member;
        private final Map<TopicPartition, Long> next = new TreeMap<>();
        /** How often it may still go elsewhere: once with each assignment. */
        private final Map<TopicPartition, Integer> moves = new TreeMap<>();

        private Reading(String member) {
            this.member = member;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            synchronized (StageProgress.this) {
                assignments += partitions.isEmpty() ? 0 : 1;
                partitions.forEach(partition -> moves.merge(partition, 1, Integer::sum));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {}

        /** Was handed out these. */
        void read(ConsumerRecords<?, ?> records) {
            synchronized (StageProgress.this) {
                for (ConsumerRecord<?, ?> record : records) {
                    read(new TopicPartition(record.topic(), record.partition()), record.offset());
                }
            }
        }

        private void read(TopicPartition partition, long offset) {
            Long expected = next.put(partition, offset + 1);
            if (expected == null || expected != offset) {
                moveTo(partition, offset, expected == null ? "nothing" : "everything before " + expected);
            }
            count++;
            long end = handedOut.getOrDefault(partition, 0L);
            countAgain += offset < end ? 1 : 0;
            handedOut.put(partition, Math.max(end, offset + 1));
        }

        private void moveTo(TopicPartition partition, long offset, String before) {
            if (moves.merge(partition, -1, Integer::sum) < 0) {
                anomalies.add(member + " had read " + before + " of " + partition + " and reads " + offset + " without an assignment");
            }
            long done = finished.getOrDefault(partition, 0L);
            if (offset > done) {
                anomalies.add(member + " begins with " + offset + " of " + partition + ", of which only what is before " + done + " is finished");
            }
        }

        /** Has done its work with these, and may commit that. */
        void finish(ConsumerRecords<?, ?> records) {
            synchronized (StageProgress.this) {
                for (ConsumerRecord<?, ?> record : records) {
                    finished.merge(new TopicPartition(record.topic(), record.partition()), record.offset() + 1, Math::max);
                }
            }
        }
    }
}
