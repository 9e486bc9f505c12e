package dev.kafkaboot.test.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Sends without transactions, several at a time; its sends are appended in order and answered in any. */
final class RandomProducer implements RandomClient {

    private record Pending(SendInvocation send, SimulatedLog log) {}

    private record Appended(SendInvocation send, SimulatedLog log, long offset) {}

    private final SimulatedCluster cluster;
    private final String name;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final List<Appended> appended = new ArrayList<>();
    private ClientProcess process;

    RandomProducer(SimulatedCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
        this.process = cluster.history.process(name);
    }

    @Override
    public void step() {
        int choice = cluster.random.nextInt(100);
        if (choice < 40) {
            SimulatedLog log = cluster.anyLog();
            String topic = log.partition().topic();
            pending.add(new Pending(cluster.chance(20) ? process.send(topic) : process.send(topic, log.partition().partition()), log));
        } else if (choice < 70) {
            append();
        } else if (choice < 98) {
            answer();
        } else {
            crash();
        }
    }

    private void append() {
        Pending next = pending.poll();
        if (next == null) {
            return;
        }
        int choice = cluster.random.nextInt(100);
        if (choice < 6) {
            next.send().fail("refused");
        } else if (choice < 10) {
            next.send().unknown("timed out, and was not written");
        } else {
            appended.add(new Appended(next.send(), next.log(), next.log().append(next.send().value(), -1)));
        }
    }

    private void answer() {
        if (appended.isEmpty()) {
            return;
        }
        Appended next = appended.remove(cluster.random.nextInt(appended.size()));
        int choice = cluster.random.nextInt(100);
        int partition = next.log().partition().partition();
        if (choice < 6) {
            next.send().unknown("timed out, and was written");
        } else if (choice < 10) {
            next.send().ok(partition, -1);
        } else {
            next.send().ok(partition, next.offset());
        }
    }

    private void crash() {
        process.crash();
        pending.stream().filter(each -> cluster.random.nextBoolean()).forEach(each -> each.log().append(each.send().value(), -1));
        pending.clear();
        appended.clear();
        process = cluster.history.process(name);
    }

    @Override
    public void finish() {
        while (!pending.isEmpty()) {
            append();
        }
        while (!appended.isEmpty()) {
            answer();
        }
        process.close().ok();
    }
}
