package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transactional.END_V1;
import static dev.kafkaboot.test.conformance.Transactional.END_V2;
import static dev.kafkaboot.test.conformance.Transactional.PRODUCE_V1;
import static dev.kafkaboot.test.conformance.Transactional.PRODUCE_V2;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Transactions of KIP-890's second part: Produce begins them, and each has an epoch of its own. */
class TransactionsWithEpochsConformanceTest extends ConformanceTest {

    @Test
    void endOfNothingRaisesTheEpochOnlyWhenItAborts() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init");
            producer.end("abort", false, END_V2);
            producer.end("commit", true, END_V2);
            producer.end("abort", false, END_V2);
            producer.end("commit", true, END_V2);
            producer.send("sequence of 4 at first", topic, 4, PRODUCE_V2, "a");
            producer.end("abort after refused", false, END_V2);
        });
    }

    @Test
    void eachTransactionHasItsOwnEpoch() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            Offsets offsets = new Offsets(side);
            producer.init("init");
            producer.send("send", topic, 0, PRODUCE_V2, "a");
            new Fetching(side).fetchCommitted("open", topic, 0);
            producer.send("next", topic, 1, PRODUCE_V2, "b");
            producer.send("duplicate", topic, 1, PRODUCE_V2, "b");
            producer.send("gap", topic, 7, PRODUCE_V2, "c");
            producer.askForEnd("commit", true, END_V2);
            producer.askForEnd("commit again", true, END_V2);
            producer.askForEnd("abort after commit", false, END_V2);
            offsets.awaitStable(topic, 3);
            producer.send("late", topic, 2, PRODUCE_V2, "d");
            producer.end("commit for the third time", true, END_V2);
            producer.send("second transaction", topic, 0, PRODUCE_V2, "e");
            producer.end("abort", false, END_V2);
            offsets.awaitStable(topic, 5);
            producer.send("third transaction at 5", topic, 5, PRODUCE_V2, "f");
            producer.send("third transaction at 0", topic, 0, PRODUCE_V2, "f");
            producer.end("commit", true, END_V2);
            offsets.awaitStable(topic, 7);
            new Fetching(side).fetchCommitted("all", topic, 0);
        });
    }

    @Test
    void oldEndKeepsTheEpoch() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            Offsets offsets = new Offsets(side);
            producer.init("init");
            producer.send("send", topic, 0, PRODUCE_V2, "a");
            producer.end("commit", true, END_V2);
            offsets.awaitStable(topic, 2);
            producer.send("send", topic, 0, PRODUCE_V2, "b");
            producer.end("abort", false, END_V2);
            offsets.awaitStable(topic, 4);
            producer.send("send", topic, 0, PRODUCE_V2, "c");
            producer.end("end of version 4", true, END_V1);
            offsets.awaitStable(topic, 6);
            producer.end("end of version 4 again", true, END_V1);
            producer.send("first batch after an end of version 4", topic, 0, PRODUCE_V2, "d");
            producer.send("second batch after an end of version 4", topic, 1, PRODUCE_V2, "e");
            producer.end("commit", true, END_V2);
        }, KnownDifference.SEQUENCE_AFTER_A_RETRIED_END);
    }

    @Test
    void otherEpochsAreRefused() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init");
            for (int i = 0; i < 3; i++) {
                producer.send("send", topic, 0, PRODUCE_V2, "a");
                producer.end("end", true, END_V2);
                new Offsets(side).awaitStable(topic, 2L * i + 2);
            }
            int own = producer.epoch;
            producer.epoch = own + 5;
            producer.send("future epoch", topic, 0, PRODUCE_V2, "b");
            producer.askForEnd("future epoch", true, END_V2);
            producer.epoch = own - 2;
            producer.send("past epoch", topic, 0, PRODUCE_V2, "b");
            producer.askForEnd("past epoch", true, END_V2);
        });
    }

    @Test
    void offsetsAndOldBatchesMeetTheNewRules() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            String group = side.named("group");
            side.awaitCoordinator(CoordinatorKind.GROUP, group);
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init");
            producer.commitOffset("offset", group, topic, 5);
            producer.end("commit", true, END_V2);
            producer.send("not added", topic, 0, PRODUCE_V1, "a");
            producer.end("abort", false, END_V2);
        });
    }
}
