package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transactional.END_V1;
import static dev.kafkaboot.test.conformance.Transactional.PRODUCE_V1;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Transactions of before KIP-890's second part. */
class TransactionConformanceTest extends ConformanceTest {

    @Test
    void recordsAreReadOnceTheyAreCommitted() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            Fetching fetching = new Fetching(side);
            producer.init("init");
            producer.end("commit of nothing", true, END_V1);
            producer.end("abort of nothing", false, END_V1);
            producer.send("not added", topic, 0, PRODUCE_V1, "a");
            producer.send("not added", topic, 0, 10, "a");
            producer.add("unknown", side.named("nowhere"));
            producer.add("add", topic);
            producer.send("two records", topic, 0, PRODUCE_V1, "a", "b");
            producer.send("third", topic, 2, 9, "c");
            fetching.fetchCommitted("open", topic, 0);
            fetching.fetch("open", topic, 0);
            new Offsets(side).listCommitted("open", topic);
            new Offsets(side).list("open", topic, Offsets.LATEST);
            producer.end("commit", true, END_V1);
            new Offsets(side).awaitStable(topic, 4);
            fetching.fetchCommitted("committed", topic, 0);
            producer.end("commit again", true, END_V1);
            producer.end("abort after commit", false, END_V1);
            producer.send("not added again", topic, 3, PRODUCE_V1, "d");
        });
    }

    @Test
    void abortedRecordsAreListed() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            Fetching fetching = new Fetching(side);
            producer.init("init");
            for (int sequence = 0; sequence < 3; sequence++) {
                producer.add("add", topic, 1);
                producer.send("send", topic, sequence, PRODUCE_V1, "a");
                producer.end("end", sequence == 1, END_V1);
                new Offsets(side).awaitStable(topic, 2L * sequence + 2);
            }
            for (int offset = 0; offset <= 6; offset++) {
                fetching.fetchCommitted("from " + offset, topic, offset);
            }
            fetching.fetch("uncommitted", topic, 0);
            producer.end("abort again", false, 3);
            producer.end("commit after abort", true, 3);
        });
    }

    @Test
    void plainBatchAndNoBatchAreAllowedInATransaction() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init");
            producer.add("add", topic);
            producer.send("send", topic, 0, PRODUCE_V1, "a");
            new Producing(side).send("plain", topic, Side.batch("b").from(producer.producerId, producer.epoch, 1).bytes());
            producer.end("commit", true, END_V1);
            new Offsets(side).awaitStable(topic, 2);
            producer.add("add", topic);
            producer.end("commit without records", true, END_V1);
            new Offsets(side).awaitStable(topic, 3);
            new Fetching(side).fetchCommitted("all", topic, 0);
        });
    }

    @Test
    void offsetsArePartOfATransaction() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            String group = side.named("group");
            side.awaitCoordinator(CoordinatorKind.GROUP, group);
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init");
            producer.commitOffset("group not added", group, topic, 3);
            producer.commitOffset("group not added", group, topic, 4);
            producer.addGroup("add group", group);
            producer.commitOffset("offset", group, topic, 3);
            producer.end("commit", true, END_V1);
        });
    }

    @Test
    void initChecksWhatItIsGiven() throws IOException {
        assertAlike(side -> {
            Transactional producer = Transactional.of(side, "producer");
            for (int timeout : new int[] {0, -1, 900_000, 900_001}) {
                producer.init("time-out " + timeout, 5, timeout, -1, -1);
            }
            producer.initAs("id without epoch", 5, -1);
            producer.initAs("epoch without id", -1, 5);
            producer.init("init");
            producer.init("init again");
            producer.init("init again", 1, Transactional.MINUTE_MILLIS, -1, -1);
        });
    }

    @Test
    void unknownProducersAreRefused() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            producer.producerId = 3;
            producer.epoch = 0;
            producer.add("unknown id", topic);
            producer.send("unknown id", topic, 0, PRODUCE_V1, "a");
            producer.end("unknown id", true, END_V1);
            producer.init("init");
            producer.producerId += 900;
            String group = side.named("group");
            side.awaitCoordinator(CoordinatorKind.GROUP, group);
            producer.add("other producer", topic);
            producer.send("other producer", topic, 0, PRODUCE_V1, "a");
            producer.commitOffset("other producer", group, topic, 3);
            producer.end("other producer", true, END_V1);
        });
    }
}
