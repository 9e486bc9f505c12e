package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transactional.END_V1;
import static dev.kafkaboot.test.conformance.Transactional.END_V2;
import static dev.kafkaboot.test.conformance.Transactional.PRODUCE_V1;
import static dev.kafkaboot.test.conformance.Transactional.PRODUCE_V2;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What becomes of a producer whose transactional id another one has taken, or whose transaction took too long. */
class FencingConformanceTest extends ConformanceTest {

    private static final int SHORT_MILLIS = 2000;

    @Test
    void nextEpochIsGivenToItsOwnerAlone() throws IOException {
        assertAlike(side -> {
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init");
            producer.initAs("next", producer.producerId, producer.epoch);
            producer.initAs("answer lost", producer.producerId, producer.epoch - 1);
            producer.initAs("two behind", producer.producerId, producer.epoch - 2);
            producer.init("two behind", 3, Transactional.MINUTE_MILLIS, producer.producerId, producer.epoch - 2);
            producer.initAs("other id", producer.producerId + 500, producer.epoch);
        });
    }

    @Test
    void secondInstanceFencesTheFirst() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            String group = side.named("group");
            side.awaitCoordinator(CoordinatorKind.GROUP, group);
            Transactional first = Transactional.of(side, "producer");
            first.init("init");
            first.add("add", topic);
            first.send("send", topic, 0, PRODUCE_V1, "a");
            Transactional second = Transactional.of(side, "producer");
            second.initAtOnce("second at once");
            second.init("second");
            first.add("fenced add", topic);
            first.add("fenced add", topic, 1);
            first.send("fenced send", topic, 1, PRODUCE_V1, "b");
            first.addGroup("fenced group", group);
            first.commitOffset("fenced offset", group, topic, 3);
            first.end("fenced end", true, END_V1);
            first.end("fenced end", true, 1);
            new Offsets(side).awaitStable(topic, 2);
            new Fetching(side).fetchCommitted("aborted", topic, 0);
        });
    }

    @Test
    void secondInstanceFencesTheFirstInNewVersions() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            String group = side.named("group");
            side.awaitCoordinator(CoordinatorKind.GROUP, group);
            Transactional first = Transactional.of(side, "producer");
            first.init("init");
            first.send("send", topic, 0, PRODUCE_V2, "a");
            Transactional second = Transactional.of(side, "producer");
            second.initAtOnce("second at once");
            second.init("second");
            first.send("fenced send", topic, 1, PRODUCE_V2, "b");
            first.commitOffset("fenced offset", group, topic, 5);
            first.end("fenced end", true, END_V2);
            second.send("second's", topic, 0, PRODUCE_V2, "c");
            second.end("second's", true, END_V2);
            new Offsets(side).awaitStable(topic, 4);
            new Fetching(side).fetchCommitted("first's aborted", topic, 0);
            second.initAs("next epoch", second.producerId, second.epoch);
        });
    }

    @Test
    void transactionThatTakesTooLongIsAborted() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init", 5, SHORT_MILLIS, -1, -1);
            producer.add("add", topic);
            producer.send("send", topic, 0, PRODUCE_V1, "a");
            new Offsets(side).awaitStable(topic, 2);
            producer.send("late send", topic, 1, PRODUCE_V1, "b");
            producer.end("late commit", true, END_V1);
            producer.end("late abort", false, END_V1);
            producer.add("late add", topic);
            producer.init("next epoch", 5, SHORT_MILLIS, producer.producerId, producer.epoch);
        });
    }

    @Test
    void transactionThatTakesTooLongIsAbortedInNewVersions() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init", 5, SHORT_MILLIS, -1, -1);
            producer.send("send", topic, 0, PRODUCE_V2, "a");
            new Offsets(side).awaitStable(topic, 2);
            producer.send("late send", topic, 1, PRODUCE_V2, "b");
            producer.askForEnd("late commit", true, END_V2);
            producer.askForEnd("late abort", false, END_V2);
            producer.init("next epoch", 5, SHORT_MILLIS, producer.producerId, producer.epoch);
            producer.init("init again", 5, SHORT_MILLIS, -1, -1);
            new Fetching(side).fetchCommitted("aborted", topic, 0);
        });
    }
}
