package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Decides to which partition of a topic a record goes. Any thread, but under no lock and not on the loop: it may run the user's own partitioner. */
final class PartitionChooser {

    private final String topic;
    private final @Nullable Partitioner own;
    private final StickyTurns turns;
    private final IntPredicate hasLeader;

    PartitionChooser(String topic, @Nullable Partitioner own, StickyTurns turns, IntPredicate hasLeader) {
        this.topic = topic;
        this.own = own;
        this.turns = turns;
        this.hasLeader = hasLeader;
    }

    /**
     * The partition for a record.
     *
     * @param partition that which the record names, or null
     * @throws KafkaException if there is no such partition, or the partitioner failed
     */
    PartitionQueue choose(PartitionQueue[] all, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value) {
        if (partition != null) {
            return at(all, partition, "The record names partition ");
        }
        Partitioner asked = own;
        if (asked != null) {
            return at(all, ask(asked, key, value, all.length), "The partitioner chose partition ");
        }
        return all[key == null ? turns.current(all.length, hasLeader) : Murmur2.partition(key, all.length)];
    }

    private int ask(Partitioner asked, byte @Nullable [] key, byte @Nullable [] value, int count) {
        try {
            return asked.partition(topic, key, value, count);
        } catch (RuntimeException failure) {
            throw new SendException("The partitioner failed for a record of topic '" + topic + "': " + failure, topic, -1,
                    Persistence.NOT_PERSISTED, failure);
        }
    }

    private PartitionQueue at(PartitionQueue[] all, int partition, String who) {
        if (partition < 0 || partition >= all.length) {
            throw new SendException(
                    who + partition + " of topic '" + topic + "', which has " + all.length + " (0 to " + (all.length - 1) + ")",
                    topic, partition, Persistence.NOT_PERSISTED, null);
        }
        return all[partition];
    }

    /** A record was appended: if nothing but its turn had sent it to its partition, that turn may be over. */
    void appended(PartitionQueue[] all, PartitionQueue queue, @Nullable Integer partition, byte @Nullable [] key) {
        boolean isSticky = partition == null && key == null && own == null;
        if (isSticky && queue.isTurnOver()) {
            queue.beginTurn();
            all[turns.moveOn(queue.partition().partition(), all.length, hasLeader)].beginTurn();
        }
    }
}
