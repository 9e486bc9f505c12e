package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A correct cluster without a network: what the random clients of {@link RandomHistory} talk to. */
final class SimulatedCluster {

    static final String TOPIC = "t";

    private long nanos;
    final SplittableRandom random;
    final History history = new History(() -> nanos += 1_000_000);
    final List<SimulatedLog> logs = new ArrayList<>();
    private final Map<String, Map<PartitionId, Long>> committed = new HashMap<>();
    private final List<Unresolved> unresolved = new ArrayList<>();

    /** A transaction whose producer is gone, and which the coordinator will end. */
    private record Unresolved(int transaction, boolean mayCommit, Map<PartitionId, Long> offsets) {}

    SimulatedCluster(long seed) {
        random = new SplittableRandom(seed);
        for (int partition = 0; partition < 3; partition++) {
            logs.add(new SimulatedLog(new PartitionId(TOPIC, partition)));
        }
    }

    SimulatedLog log(PartitionId partition) {
        return logs.get(partition.partition());
    }

    SimulatedLog anyLog() {
        return logs.get(random.nextInt(logs.size()));
    }

    /** Whether something happens that happens so many times in a hundred. */
    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    Map<PartitionId, Long> committed(String group) {
        return committed.computeIfAbsent(group, absent -> new HashMap<>());
    }

    void end(int transaction, boolean isCommitted) {
        logs.forEach(log -> log.end(transaction, isCommitted));
    }

    void abandon(int transaction, boolean mayCommit, Map<PartitionId, Long> offsets) {
        unresolved.add(new Unresolved(transaction, mayCommit, Map.copyOf(offsets)));
    }

    boolean isUnresolved(int transaction) {
        return unresolved.stream().anyMatch(each -> each.transaction() == transaction);
    }

    /** The coordinator ends one transaction that was abandoned. */
    void resolveOne() {
        if (!unresolved.isEmpty()) {
            Unresolved next = unresolved.remove(random.nextInt(unresolved.size()));
            boolean isCommitted = next.mayCommit() && random.nextBoolean();
            end(next.transaction(), isCommitted);
            if (isCommitted) {
                committed(RandomTransactions.GROUP).putAll(next.offsets());
            }
        }
    }

    void resolveAll() {
        while (!unresolved.isEmpty()) {
            resolveOne();
        }
    }
}
