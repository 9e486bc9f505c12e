package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers anomalies: all of them are counted, and the first few of each type are kept. */
final class Findings {

    /** More examples of one type tell a reader nothing new. */
    static final int EXAMPLES_MAX = 16;

    private final Expectations expectations;
    private final Map<AnomalyType, Integer> counts = new EnumMap<>(AnomalyType.class);
    private final Map<AnomalyType, List<Anomaly>> examples = new EnumMap<>(AnomalyType.class);

    Findings(Expectations expectations) {
        this.expectations = expectations;
    }

    void add(AnomalyType type, @Nullable PartitionId partition, long offset, String explanation, List<Operation> operations) {
        if (expectations.allows(type)) {
            return;
        }
        if (counts.merge(type, 1, Integer::sum) <= EXAMPLES_MAX) {
            examples.computeIfAbsent(type, absent -> new ArrayList<>()).add(new Anomaly(type, partition, offset, explanation, operations));
        }
    }

    Map<AnomalyType, Integer> counts() {
        return Collections.unmodifiableMap(counts);
    }

    List<Anomaly> anomalies() {
        return examples.values().stream().flatMap(List::stream).toList();
    }
}
