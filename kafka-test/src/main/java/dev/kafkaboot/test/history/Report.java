package dev.kafkaboot.test.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the checker found in a history. */
public final class Report {

    private final List<Operation> operations;
    private final Expectations expectations;
    private final Map<AnomalyType, Integer> counts;
    private final List<Anomaly> anomalies;

    Report(List<Operation> operations, Expectations expectations, Map<AnomalyType, Integer> counts, List<Anomaly> anomalies) {
        this.operations = List.copyOf(operations);
        this.expectations = expectations;
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

    /** The report for the console: what was found, and what happened around it. */
    public String text() {
        return ReportText.of(this);
    }

    /** The report as a page that needs nothing else: the run, and each partition around its anomalies, red where something is wrong. */
    public String html() {
        return ReportHtml.of(this, expectations);
    }

    /**
     * Writes {@link #html()} to a file, whose directory is made if need be.
     *
     * @throws IOException if it cannot be written
     */
    public void writeHtml(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, html());
    }

    @Override
    public String toString() {
        return text();
    }
}
