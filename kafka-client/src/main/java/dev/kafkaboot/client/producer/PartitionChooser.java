package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Decides to which partition of a topic a record goes. Any thread, but under no lock and not on the loop: it may run the user's own partitioner. */
final class PartitionChooser {

    private final String topic;
    private final Partitioning partitioning;
    private final StickyTurns turns;
    private final Leaders leaders;

    // Each may be replaced by any thread; what is lost by two that do it at once is made again.
    private volatile @Nullable Candidates candidates;
    private volatile View view = new View(new TopicPartition[0]);

    PartitionChooser(String topic, Partitioning partitioning, StickyTurns turns, Leaders leaders) {
        this.topic = topic;
        this.partitioning = partitioning;
        this.turns = turns;
        this.leaders = leaders;
    }

    /**
     * The partition for a record.
     *
     * @param future the record's; what the user's partitioner chose is kept there, for it is asked once, however often the record has to wait for memory
     * @param partition that which the record names, or null
     * @throws KafkaException if there is no such partition, or the partitioner failed
     */
    PartitionQueue choose(PartitionQueue[] all, SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value) {
        if (partition != null) {
            return at(all, partition, "The record names partition ");
        }
        Partitioner own = partitioning.own();
        if (own != null) {
            return at(all, chosen(own, all, future, key, value), "The partitioner chose partition ");
        }
        if (key == null || partitioning.ignoresKeys()) {
            return all[turns.current(candidates(all.length))];
        }
        return all[Murmur2.partition(key, all.length)];
    }

    private int chosen(Partitioner own, PartitionQueue[] all, SendFuture future, byte @Nullable [] key, byte @Nullable [] value) {
        int before = future.chosenPartition();
        if (before >= 0) {
            return before;
        }
        int chosen;
        try {
            chosen = own.partition(topic, key, value, view(all));
        } catch (RuntimeException | StackOverflowError | LinkageError failure) {
            throw new SendException("The partitioner failed for a record of topic '" + topic + "': " + failure, topic, -1,
                    Persistence.NOT_PERSISTED, failure);
        }
        future.chosenPartition(chosen);
        return chosen;
    }

    private PartitionQueue at(PartitionQueue[] all, int partition, String who) {
        if (partition < 0 || partition >= all.length) {
            throw new SendException(
                    who + partition + " of topic '" + topic + "', which has " + all.length + " (0 to " + (all.length - 1) + ")",
                    topic, partition, Persistence.NOT_PERSISTED, null);
        }
        return all[partition];
    }

    private Candidates candidates(int count) {
        Candidates before = candidates;
        Candidates now = leaders.candidates(topic, count, before);
        if (now != before) {
            candidates = now;
        }
        return now;
    }

    private View view(PartitionQueue[] all) {
        View known = view;
        if (known.count() == all.length) {
            return known;
        }
        TopicPartition[] partitions = new TopicPartition[all.length];
        for (int i = 0; i < all.length; i++) {
            partitions[i] = all[i].partition();
        }
        View fresh = new View(partitions);
        view = fresh;
        return fresh;
    }

    private final class View implements PartitionView {

        private final TopicPartition[] partitions;

        View(TopicPartition[] partitions) {
            this.partitions = partitions;
        }

        @Override
        public int count() {
            return partitions.length;
        }

        @Override
        public @Nullable Node leader(int partition) {
            return leaders.leader(partitions[partition]);
        }
    }

    /** A record was appended: if nothing but its turn had sent it to its partition, that turn may be over. */
    void appended(PartitionQueue[] all, PartitionQueue queue, @Nullable Integer partition, byte @Nullable [] key) {
        boolean isSticky = partition == null && partitioning.own() == null && (key == null || partitioning.ignoresKeys());
        if (isSticky && queue.isTurnOver()) {
            queue.beginTurn();
            int from = queue.partition().partition();
            Candidates among = candidates(all.length);
            int next = partitioning.isAdaptive()
                    ? turns.moveOn(from, among, each -> all[each].backlogBytes())
                    : turns.moveOn(from, among);
            all[next].beginTurn();
        }
    }
}
