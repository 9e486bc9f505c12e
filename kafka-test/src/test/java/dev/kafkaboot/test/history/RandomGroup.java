package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A consumer group: its members come and go, and share the partitions. */
final class RandomGroup implements RandomClient {

    private final SimulatedCluster cluster;
    private final String group;
    private final RandomMember.Commits commits;
    private final List<RandomMember> members = new ArrayList<>();
    private int names;

    RandomGroup(SimulatedCluster cluster, String group, RandomMember.Commits commits) {
        this.cluster = cluster;
        this.group = group;
        this.commits = commits;
    }

    @Override
    public void step() {
        int choice = cluster.random.nextInt(100);
        if (members.isEmpty() || choice < 4 && members.size() < 3) {
            members.add(new RandomMember(cluster, group + "-" + names++, group, commits));
            rebalance();
        } else if (choice < 6) {
            members.remove(cluster.random.nextInt(members.size())).crash();
            rebalance();
        } else if (choice < 8) {
            members.get(cluster.random.nextInt(members.size())).lose();
            rebalance();
        } else if (choice < 11) {
            rebalance();
        } else {
            members.get(cluster.random.nextInt(members.size())).step();
        }
    }

    /** Takes all partitions back and gives them out again. */
    private void rebalance() {
        members.forEach(RandomMember::revoke);
        List<TreeMap<PartitionId, Long>> parts = new ArrayList<>();
        members.forEach(member -> parts.add(new TreeMap<>()));
        for (SimulatedLog log : cluster.logs) {
            if (!parts.isEmpty()) {
                parts.get(cluster.random.nextInt(parts.size()))
                        .put(log.partition(), cluster.committed(group).getOrDefault(log.partition(), 0L));
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            members.get(i).assign(parts.get(i));
        }
    }

    @Override
    public void finish() {
        members.forEach(RandomMember::finish);
    }
}
