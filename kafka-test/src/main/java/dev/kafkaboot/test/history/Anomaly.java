package dev.kafkaboot.test.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that must not happen and did.
 *
 * @param type what
 * @param partition where, or null if it is in no one partition
 * @param offset at which offset, or {@link Action#NO_OFFSET}
 * @param explanation what was seen, as a sentence
 * @param operations those that show it, by invocation
 */
public record Anomaly(AnomalyType type, @Nullable PartitionId partition, long offset, String explanation, List<Operation> operations) {

    /** Sorts the operations. */
    public Anomaly {
        operations = operations.stream().distinct().sorted((a, b) -> Integer.compare(a.number(), b.number())).toList();
    }

    @Override
    public String toString() {
        return type.title() + ": " + explanation;
    }
}
