package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a partition is as an answer tells it, or as it was known. On the loop only.
 *
 * <p>An answer of a lower epoch comes from a broker that lags behind. Where topics have no ids, it may also be the first that is heard of a topic that was deleted and
 * made again, whose epochs begin anew. So the doubt ends there when answer after answer tells the same. A topic that has an id has another one then, and its own
 * epochs never go back.
 */
final class EpochDoubts {

    /** How many answers in a row have to tell the same lower epoch for it to be believed all the same. */
    private static final int DOUBTS = 10;

    private final Map<TopicPartition, Doubt> doubts = new HashMap<>();
    private boolean open;

    /** A lower epoch than the known one, and how many answers in a row have told it. */
    private record Doubt(int known, int told, int times) {

        boolean isOf(PartitionInfo known, PartitionInfo told) {
            return this.known == known.leaderEpoch() && this.told == told.leaderEpoch();
        }
    }

    /** Another answer is looked at; of other topics than these nothing is kept. */
    void begin(Set<String> topics) {
        doubts.keySet().removeIf(partition -> !topics.contains(partition.topic()));
        open = false;
    }

    void clear() {
        doubts.clear();
    }

    /** Whether the answer that is looked at told something that is in doubt. */
    boolean isOpen() {
        return open;
    }

    /**
     * The one of the two that is believed.
     *
     * @param hasId whether the topic has an id, by which it would be known if it was made again
     */
    PartitionInfo believed(@Nullable PartitionInfo known, PartitionInfo told, boolean hasId) {
        boolean isLower = known != null && told.leaderEpoch() >= 0 && told.leaderEpoch() < known.leaderEpoch();
        if (!isLower || known == null) {
            forget(told);
            return told;
        }
        if (hasId) {
            return known;
        }
        TopicPartition partition = new TopicPartition(told.topic(), told.partition());
        Doubt before = doubts.remove(partition);
        int times = before != null && before.isOf(known, told) ? before.times() + 1 : 1;
        if (times >= DOUBTS) {
            return told;
        }
        doubts.put(partition, new Doubt(known.leaderEpoch(), told.leaderEpoch(), times));
        open = true;
        return known;
    }

    private void forget(PartitionInfo told) {
        if (!doubts.isEmpty()) {
            doubts.remove(new TopicPartition(told.topic(), told.partition()));
        }
    }
}
