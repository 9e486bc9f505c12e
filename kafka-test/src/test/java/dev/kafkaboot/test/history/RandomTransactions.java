package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads, and sends, and commits both in transactions. */
final class RandomTransactions implements RandomClient {

    static final String GROUP = "transactions";

    private enum State { IDLE, OPEN, ASKED, DECIDED, GONE }

    private final SimulatedCluster cluster;
    private final String name;
    private final SimulatedLog input;
    private ClientProcess producer;
    private ClientProcess consumer;
    private @Nullable TransactionInvocation transaction;
    private State state = State.IDLE;
    private boolean mustAbort;
    private long position;
    private long beginPosition;
    private Map<PartitionId, Long> offsets = Map.of();

    RandomTransactions(SimulatedCluster cluster, String name, SimulatedLog input) {
        this.cluster = cluster;
        this.name = name;
        this.input = input;
        this.producer = cluster.history.process(name);
        this.consumer = newConsumer();
    }

    private ClientProcess newConsumer() {
        ClientProcess process = cluster.history.process(name + "-consumer", GROUP);
        process.assign(List.of(input.partition())).ok();
        CommittedInvocation asked = process.committedOffsets(List.of(input.partition()));
        Map<PartitionId, Long> answer = new HashMap<>(cluster.committed(GROUP));
        answer.keySet().retainAll(List.of(input.partition()));
        asked.ok(answer);
        position = answer.getOrDefault(input.partition(), 0L);
        process.seek(input.partition().topic(), input.partition().partition(), position).ok();
        return process;
    }

    @Override
    public void step() {
        TransactionInvocation open = transaction;
        if (open == null) {
            transaction = producer.transaction();
            state = State.OPEN;
            beginPosition = position;
            return;
        }
        switch (state) {
            case OPEN -> work(open);
            case ASKED -> decide(open);
            case DECIDED -> tell(open);
            case GONE -> restart(open);
            case IDLE -> throw new IllegalStateException("A transaction is open");
        }
    }

    private void work(TransactionInvocation open) {
        int choice = cluster.random.nextInt(100);
        if (choice < 45) {
            send(open);
        } else if (choice < 70) {
            poll(open);
        } else if (choice < 95) {
            askToEnd(open);
        } else {
            crash(open, /* wasAsked= */ false);
        }
    }

    private void send(TransactionInvocation open) {
        SimulatedLog log = cluster.anyLog();
        int partition = log.partition().partition();
        SendInvocation send = open.send(log.partition().topic(), partition);
        int choice = cluster.random.nextInt(100);
        if (choice < 4) {
            send.fail("refused");
            mustAbort = true;
        } else {
            long offset = log.append(send.value(), open.number());
            if (choice < 8) {
                send.unknown("timed out, and was written");
                mustAbort = true;
            } else {
                send.ok(offset);
            }
        }
    }

    private void poll(TransactionInvocation open) {
        PollInvocation poll = open.poll(consumer);
        SimulatedLog.Batch batch = input.read(position, 1 + cluster.random.nextInt(4));
        position = batch.next();
        poll.ok(batch.records());
    }

    private void askToEnd(TransactionInvocation open) {
        state = State.ASKED;
        if (mustAbort || cluster.chance(25)) {
            mustAbort = true;
            open.aborting();
            return;
        }
        offsets = position > beginPosition ? Map.of(input.partition(), position) : Map.of();
        if (!offsets.isEmpty()) {
            open.commitOffsets(GROUP, offsets).ok();
        }
        open.committing();
    }

    private void decide(TransactionInvocation open) {
        if (!mustAbort && cluster.chance(15)) {
            crash(open, /* wasAsked= */ true);
            return;
        }
        cluster.end(open.number(), !mustAbort);
        if (!mustAbort) {
            cluster.committed(GROUP).putAll(offsets);
        }
        state = State.DECIDED;
    }

    private void tell(TransactionInvocation open) {
        if (mustAbort) {
            open.aborted();
            position = beginPosition;
            consumer.seek(input.partition().topic(), input.partition().partition(), position).ok();
        } else {
            open.committed();
        }
        begin();
    }

    private void crash(TransactionInvocation open, boolean wasAsked) {
        if (wasAsked && cluster.random.nextBoolean()) {
            open.unknown("timed out");
        }
        producer.crash();
        consumer.crash();
        cluster.abandon(open.number(), wasAsked, wasAsked ? offsets : Map.of());
        state = State.GONE;
    }

    private void restart(TransactionInvocation former) {
        if (!cluster.isUnresolved(former.number())) {
            producer = cluster.history.process(name);
            consumer = newConsumer();
            begin();
        }
    }

    private void begin() {
        transaction = null;
        state = State.IDLE;
        mustAbort = false;
        offsets = Map.of();
    }

    @Override
    public void finish() {
        cluster.resolveAll();
        List<ClientProcess> living = new ArrayList<>();
        while (transaction != null && state != State.GONE) {
            if (state == State.OPEN) {
                askToEnd(transaction);
            } else {
                step();
            }
        }
        if (state != State.GONE) {
            living.addAll(List.of(producer, consumer));
        }
        living.forEach(process -> process.close().ok());
        cluster.resolveAll();
    }
}
