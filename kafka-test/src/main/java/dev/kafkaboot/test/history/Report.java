package dev.kafkaboot.test.history;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the checker found in a history. */
public final class Report {

    private final List<Operation> operations;
    private final Map<AnomalyType, Integer> counts;
    private final List<Anomaly> anomalies;

    Report(List<Operation> operations, Map<AnomalyType, Integer> counts, List<Anomaly> anomalies) {
        this.operations = List.copyOf(operations);
        Map<AnomalyType, Integer> copy = new EnumMap<>(AnomalyType.class);
        copy.putAll(counts);
        this.counts = Collections.unmodifiableMap(copy);
        this.anomalies = List.copyOf(anomalies);
    }

    /** Whether nothing was found. */
    public boolean isClean() {
        return counts.isEmpty();
    }

    /** Which types of anomaly were found. */
    public Set<AnomalyType> types() {
        return counts.keySet();
    }

    /** How many of each type were found. */
    public Map<AnomalyType, Integer> counts() {
        return counts;
    }

    /** The first 16 or so of each type, by type. */
    public List<Anomaly> anomalies() {
        return anomalies;
    }

    /** The history that was judged. */
    public List<Operation> operations() {
        return operations;
    }
}
