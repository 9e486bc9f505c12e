package dev.kafkaboot.test.history;

import org.jspecify.annotations.Nullable;

/**
 * One record that a poll handed out.
 *
 * @param partition where it was found
 * @param offset its offset there
 * @param value what it carried, or null if its payload was not what any process of the history writes, or damaged
 */
public record PolledRecord(PartitionId partition, long offset, @Nullable HistoryValue value) {

    /** A record as it came, its payload still to be read. */
    public static PolledRecord of(String topic, int partition, long offset, byte @Nullable [] payload) {
        return new PolledRecord(new PartitionId(topic, partition), offset, HistoryValue.decode(payload));
    }

    /** A record whose payload has been read. */
    public static PolledRecord of(String topic, int partition, long offset, HistoryValue value) {
        return new PolledRecord(new PartitionId(topic, partition), offset, value);
    }

    /** Whether it was found where it was not sent. */
    public boolean isMisrouted() {
        return value != null && !value.belongsTo(partition);
    }

    @Override
    public String toString() {
        return partition + "@" + offset + (value == null ? "=damaged" : "=" + value);
    }
}
