package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads partitions that were assigned by hand, and seeks. */
final class RandomReader implements RandomClient {

    private final SimulatedCluster cluster;
    private final ClientProcess process;
    private final TreeMap<PartitionId, Long> positions = new TreeMap<>();
    private @Nullable PollInvocation poll;

    RandomReader(SimulatedCluster cluster, String name) {
        this.cluster = cluster;
        this.process = cluster.history.process(name);
    }

    @Override
    public void step() {
        int choice = cluster.random.nextInt(100);
        if (choice < 8 || positions.isEmpty()) {
            assign();
        } else if (choice < 14) {
            seek();
        } else if (poll == null) {
            poll = process.poll();
        } else {
            completePoll();
        }
    }

    private void assign() {
        List<PartitionId> partitions = cluster.logs.stream().map(SimulatedLog::partition).filter(partition -> cluster.chance(60)).toList();
        Invocation assign = process.assign(partitions);
        positions.keySet().retainAll(partitions);
        partitions.forEach(partition -> positions.putIfAbsent(partition, 0L));
        assign.ok();
    }

    private void seek() {
        PartitionId partition = positions.firstKey();
        long size = cluster.log(partition).size();
        if (cluster.chance(20)) {
            Invocation seek = process.seekSomewhere(partition.topic(), partition.partition());
            positions.put(partition, size);
            seek.ok();
        } else {
            long offset = cluster.random.nextLong(size + 1);
            Invocation seek = process.seek(partition.topic(), partition.partition(), offset);
            if (cluster.chance(10)) {
                seek.fail("refused");
            } else {
                positions.put(partition, offset);
                seek.ok();
            }
        }
    }

    private void completePoll() {
        PollInvocation current = poll;
        poll = null;
        if (current != null && cluster.chance(5)) {
            current.fail("woken up");
        } else if (current != null) {
            current.ok(read(cluster, positions, 5));
        }
    }

    /** Reads on from several positions. */
    static List<PolledRecord> read(SimulatedCluster cluster, SortedMap<PartitionId, Long> positions, int recordsMax) {
        List<PolledRecord> records = new ArrayList<>();
        for (PartitionId partition : new ArrayList<>(positions.keySet())) {
            SimulatedLog.Batch batch = cluster.log(partition).read(positions.get(partition), 1 + cluster.random.nextInt(recordsMax));
            positions.put(partition, batch.next());
            records.addAll(batch.records());
        }
        return records;
    }

    /** Reads everything from the beginning. */
    void readAll() {
        process.assign(cluster.logs.stream().map(SimulatedLog::partition).toList()).ok();
        for (SimulatedLog log : cluster.logs) {
            process.seekToBeginning(log.partition().topic(), log.partition().partition()).ok();
            positions.put(log.partition(), 0L);
        }
        while (positions.entrySet().stream().anyMatch(each -> each.getValue() < cluster.log(each.getKey()).size())) {
            process.poll().ok(read(cluster, positions, 7));
        }
    }

    @Override
    public void finish() {
        completePoll();
        process.close().ok();
    }
}
