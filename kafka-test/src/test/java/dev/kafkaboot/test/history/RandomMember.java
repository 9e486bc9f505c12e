package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One member of a group. */
final class RandomMember implements RandomClient {

    /** How members commit. */
    enum Commits { BY_HAND, AUTOMATICALLY, WHAT_IS_FINISHED }

    private final SimulatedCluster cluster;
    private final String group;
    private final Commits commits;
    private final ClientProcess process;
    private final TreeMap<PartitionId, Long> positions = new TreeMap<>();
    private final TreeMap<PartitionId, Long> committable = new TreeMap<>();
    private final List<PolledRecord> unfinished = new ArrayList<>();
    private @Nullable PollInvocation poll;

    RandomMember(SimulatedCluster cluster, String name, String group, Commits commits) {
        this.cluster = cluster;
        this.group = group;
        this.commits = commits;
        this.process = cluster.history.process(name, group);
        process.subscribe(SimulatedCluster.TOPIC).ok();
    }

    void assign(SortedMap<PartitionId, Long> started) {
        process.assigned(started.keySet());
        positions.putAll(started);
        committable.putAll(started);
    }

    @Override
    public void step() {
        int choice = cluster.random.nextInt(100);
        if (choice < 20) {
            commit();
        } else if (choice < 28) {
            ask();
        } else if (choice < 50 && !unfinished.isEmpty()) {
            finishOne();
        } else if (poll == null) {
            poll = process.poll();
            if (commits == Commits.AUTOMATICALLY) {
                committable.putAll(positions);
            }
        } else {
            completePoll();
        }
    }

    private void completePoll() {
        PollInvocation current = poll;
        poll = null;
        if (current != null) {
            List<PolledRecord> records = RandomReader.read(cluster, positions, 4);
            current.ok(records);
            if (commits == Commits.WHAT_IS_FINISHED) {
                unfinished.addAll(records);
                updateFinished();
            }
            if (commits == Commits.BY_HAND) {
                committable.putAll(positions);
            }
        }
    }

    private void finishOne() {
        PolledRecord done = unfinished.remove(cluster.random.nextInt(unfinished.size()));
        process.finished(done.partition().topic(), done.partition().partition(), done.offset());
        updateFinished();
    }

    private void updateFinished() {
        positions.forEach((partition, position) -> committable.put(partition, unfinished.stream()
                .filter(record -> record.partition().equals(partition)).mapToLong(PolledRecord::offset).min().orElse(position)));
    }

    private void commit() {
        Map<PartitionId, Long> offsets = new HashMap<>(committable);
        if (offsets.isEmpty()) {
            return;
        }
        Invocation commit = commits == Commits.AUTOMATICALLY ? process.commitAutomatically(offsets) : process.commit(offsets);
        int choice = cluster.random.nextInt(100);
        if (choice < 5) {
            commit.fail("refused");
        } else if (choice < 10) {
            commit.unknown("timed out, and was not done");
        } else {
            cluster.committed(group).putAll(offsets);
            if (choice < 15) {
                commit.unknown("timed out, and was done");
            } else {
                commit.ok();
            }
        }
    }

    private void ask() {
        List<PartitionId> partitions = cluster.logs.stream().map(SimulatedLog::partition).toList();
        process.committedOffsets(partitions).ok(cluster.committed(group));
    }

    /** Gives up everything in good order, as a rebalance demands; a poll that is under way has seen nothing of it. */
    void revoke() {
        if (positions.isEmpty()) {
            return;
        }
        if (cluster.chance(70)) {
            completePoll();
        }
        while (cluster.chance(80) && !unfinished.isEmpty()) {
            finishOne();
        }
        if (cluster.chance(70)) {
            commit();
        }
        process.revoked(positions.keySet());
        forget();
    }

    /** Is told that it has been dropped. */
    void lose() {
        completePoll();
        if (!positions.isEmpty()) {
            process.lost(positions.keySet());
        }
        forget();
    }

    void crash() {
        process.crash();
    }

    private void forget() {
        positions.clear();
        committable.clear();
        unfinished.clear();
    }

    @Override
    public void finish() {
        completePoll();
        while (!unfinished.isEmpty()) {
            finishOne();
        }
        Invocation close = process.close();
        if (commits == Commits.AUTOMATICALLY) {
            committable.putAll(positions);
        }
        commit();
        close.ok();
    }
}
