package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.List;

/** Makes a correct history from a seed: producers, transactions, readers and groups take turns at a correct cluster. */
final class RandomHistory {

    private static final int STEPS = 400;

    private RandomHistory() {}

    static Expectations expectations() {
        return Expectations.exactlyOnce().finalReadsDone().startsAtEarliest();
    }

    /** A history whose groups commit as they like. */
    static History of(long seed) {
        return of(seed, RandomMember.Commits.BY_HAND, RandomMember.Commits.AUTOMATICALLY);
    }

    /** A history whose groups commit in given ways. */
    static History of(long seed, RandomMember.Commits... groups) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        List<RandomClient> clients = new ArrayList<>();
        clients.add(new RandomProducer(cluster, "producer-a"));
        clients.add(new RandomProducer(cluster, "producer-b"));
        clients.add(new RandomTransactions(cluster, "transactions-a", cluster.logs.get(0)));
        clients.add(new RandomTransactions(cluster, "transactions-b", cluster.logs.get(1)));
        clients.add(new RandomReader(cluster, "reader"));
        for (RandomMember.Commits commits : groups) {
            clients.add(new RandomGroup(cluster, "group-" + clients.size(), commits));
        }
        for (int step = 0; step < STEPS; step++) {
            clients.get(cluster.random.nextInt(clients.size())).step();
            if (cluster.chance(3)) {
                cluster.resolveOne();
            }
        }
        clients.forEach(RandomClient::finish);
        RandomReader last = new RandomReader(cluster, "final reader");
        last.readAll();
        last.finish();
        return cluster.history;
    }
}
