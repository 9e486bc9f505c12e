package dev.kafkaboot.test.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds transactions that read one another's writes in a circle. */
final class WriteReadCycles {

    private final Facts facts;
    private final Map<Integer, Map<Integer, Write>> edges = new TreeMap<>();

    private WriteReadCycles(Facts facts) {
        this.facts = facts;
        for (TransactionFacts reader : facts.transactions()) {
            if (reader.outcome() == Outcome.OK) {
                reader.reads().forEach(read -> connect(read, reader));
            }
        }
    }

    /** Adds one anomaly for each knot of transactions; returns the writes that are read within knots. */
    static Set<Write> find(Facts facts, Findings findings) {
        if (!facts.expectations().isReadCommitted()) {
            return Set.of();
        }
        WriteReadCycles cycles = new WriteReadCycles(facts);
        Set<Write> involved = new LinkedHashSet<>();
        for (Set<Integer> knot : StrongComponents.of(cycles.successors())) {
            if (knot.size() > 1) {
                involved.addAll(cycles.within(knot));
                cycles.report(cycles.shortestCycle(knot), findings);
            }
        }
        return involved;
    }

    private void connect(Sighting read, TransactionFacts reader) {
        Write write = facts.write(read.record());
        TransactionFacts writer = write == null ? null : write.transaction();
        if (writer != null && writer != reader && writer.outcome() == Outcome.OK) {
            edges.computeIfAbsent(number(writer), absent -> new TreeMap<>()).putIfAbsent(number(reader), write);
        }
    }

    private static int number(TransactionFacts transaction) {
        return transaction.operation().number();
    }

    private Map<Integer, Collection<Integer>> successors() {
        Map<Integer, Collection<Integer>> result = new TreeMap<>();
        edges.forEach((from, to) -> result.put(from, to.keySet()));
        return result;
    }

    /** All writes, not only the first of each edge, that one transaction of a knot made and another read. */
    private Set<Write> within(Set<Integer> knot) {
        Set<Write> writes = new LinkedHashSet<>();
        for (TransactionFacts reader : facts.transactions()) {
            if (knot.contains(number(reader))) {
                for (Sighting read : reader.reads()) {
                    Write write = facts.write(read.record());
                    if (write != null && write.transaction() != null && knot.contains(number(write.transaction()))) {
                        writes.add(write);
                    }
                }
            }
        }
        return writes;
    }

    private List<Integer> shortestCycle(Set<Integer> knot) {
        List<Integer> best = List.of();
        for (int start : knot) {
            List<Integer> cycle = cycleThrough(start, knot);
            if (best.isEmpty() || cycle.size() < best.size()) {
                best = cycle;
            }
        }
        return best;
    }

    private List<Integer> cycleThrough(int start, Set<Integer> knot) {
        Map<Integer, Integer> cameFrom = new TreeMap<>();
        Deque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            int at = queue.remove();
            for (int next : edges.getOrDefault(at, Map.of()).keySet()) {
                if (knot.contains(next) && cameFrom.putIfAbsent(next, at) == null) {
                    queue.add(next);
                }
            }
        }
        List<Integer> cycle = new ArrayList<>();
        Integer at = start;
        do {
            cycle.add(at);
            at = cameFrom.get(at);
        } while (at != null && at != start);
        Collections.reverse(cycle);
        return cycle;
    }

    private void report(List<Integer> cycle, Findings findings) {
        List<Operation> operations = new ArrayList<>();
        StringBuilder explanation = new StringBuilder();
        for (int i = 0; i < cycle.size(); i++) {
            int from = cycle.get(i);
            int to = cycle.get((i + 1) % cycle.size());
            Write write = edges.getOrDefault(from, Map.of()).get(to);
            if (write == null) {
                throw new IllegalStateException("No edge from transaction " + from + " to " + to);
            }
            operations.addAll(write.operations());
            write.sightings().stream().map(Sighting::poll).filter(poll -> poll.transaction() == to).findFirst().ifPresent(operations::add);
            explanation.append(i == 0 ? "" : ", ").append("transaction ").append(to).append(" read ").append(write).append(" of transaction ").append(from);
        }
        findings.add(AnomalyType.WRITE_READ_CYCLE, null, Action.NO_OFFSET, explanation.toString(), operations);
    }
}
