package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Sharing.ACCEPT;
import static dev.kafkaboot.test.conformance.Sharing.GAP;
import static dev.kafkaboot.test.conformance.Sharing.REJECT;
import static dev.kafkaboot.test.conformance.Sharing.RELEASE;
import static dev.kafkaboot.test.conformance.Sharing.RENEW;
import static dev.kafkaboot.test.conformance.Sharing.batch;

import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchRequest.AcknowledgementBatch;
import dev.kafkaboot.protocol.message.ShareFetchRequest.ForgottenTopic;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What share groups are given, and what becomes of it (KIP-932, KIP-1206, KIP-1222). */
class ShareFetchConformanceTest extends ConformanceTest {

    private static final String A = "a1a1a1a1a1a1a1a1a1a1a1";
    private static final String B = "b2b2b2b2b2b2b2b2b2b2b2";
    private static final byte STRICT = 1;

    /** The only member of a group that reads a topic from its beginning, with a session. */
    private static Sharing reader(Side side, String group) throws IOException {
        side.groupConfig(side.named(group), "share.auto.offset.reset", "earliest");
        return new Sharing(side, side.group(group), A).joined(side.named("orders"));
    }

    private static Sharing reader(Side side, int... batchSizes) throws IOException {
        String topic = side.topic("orders");
        Sharing reader = reader(side, "group");
        for (int size : batchSizes) {
            String[] values = new String[size];
            Arrays.fill(values, "value");
            new Producing(side).send("produce", topic, Side.batch(values).bytes());
        }
        return reader;
    }

    private static Uuid topicId(Side side) {
        return side.idOf(side.named("orders"));
    }

    @Test
    void sessionsHaveEpochs() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side);
            Uuid id = topicId(side);
            reader.fetch("no session", reader.fetchRequest(1, Sharing.of(id, 0)));
            reader.fetch("ends no session", reader.fetchRequest(-1, Sharing.of(id, 0)));
            reader.acknowledge("acknowledges without a session", reader.acknowledgement(1, id, 0, batch(0, 0, ACCEPT)));
            reader.acknowledge("acknowledges at the start", reader.acknowledgement(0, id, 0, batch(0, 0, ACCEPT)));
            reader.acknowledge("acknowledges at no end", reader.acknowledgement(-1, id, 0, batch(0, 0, ACCEPT)));
            reader.fetch("begins with acknowledgements", reader.fetchRequest(0, Sharing.of(id, 0, batch(0, 0, ACCEPT))));
            reader.fetch("begins", reader.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0).maxRecords(0));
            reader.fetch("ahead", reader.fetchRequest(2));
            reader.fetch("next", reader.fetchRequest(1).maxWaitMs(0));
            reader.acknowledge("acknowledges ahead", reader.acknowledgement(7, id, 0, batch(0, 0, ACCEPT)));
            reader.acknowledge("acknowledges what nobody has", reader.acknowledgement(2, id, 0, batch(0, 0, ACCEPT)));
            reader.fetch("ends", reader.fetchRequest(-1));
            reader.fetch("is over", reader.fetchRequest(3));
            reader.fetch("group of none", reader.fetchRequest(0, Sharing.of(id, 0)).groupId(null));
            reader.fetch("member of none", reader.fetchRequest(0, Sharing.of(id, 0)).memberId(null));
            reader.fetch("member without a name", reader.fetchRequest(0, Sharing.of(id, 0)).memberId(""));
            reader.fetch("member with a long name", reader.fetchRequest(0, Sharing.of(id, 0)).memberId("x".repeat(37)));
            reader.fetch("mode that is none", reader.fetchRequest(0, Sharing.of(id, 0)).shareAcquireMode((byte) 5));
        });
    }

    @Test
    void recordsAreGivenAsDemanded() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side, 3, 4, 3, 3);
            Uuid id = topicId(side);
            reader.fetchSome("two, rounded up", reader.fetchRequest(0, Sharing.of(id, 0)).maxRecords(2).batchSize(2));
            reader.fetchSome("two, strictly", reader.next().maxRecords(2).batchSize(2).shareAcquireMode(STRICT));
            reader.fetchSome("one, strictly", reader.next().maxRecords(1).batchSize(1).shareAcquireMode(STRICT));
            reader.fetchSome("all, in small ranges", reader.next().batchSize(1));
            reader.acknowledge("some go back", id, 0, batch(0, 3, ACCEPT, RELEASE, RELEASE, ACCEPT), batch(4, 4, RELEASE), batch(6, 12, RELEASE));
            reader.fetchSome("two, rounded up", reader.next().maxRecords(2).batchSize(2));
            reader.fetchSome("two, strictly", reader.next().maxRecords(2).batchSize(2).shareAcquireMode(STRICT));
            reader.fetchSome("the rest", reader.next().batchSize(5));
            reader.fetch("ends", reader.fetchRequest(-1));
            reader.fetchSome("all again", reader.fetchRequest(0, Sharing.of(id, 0)));
            reader.fetch("ends", reader.fetchRequest(-1));
            reader.fetchSome("one, strictly", reader.fetchRequest(0, Sharing.of(id, 0)).maxRecords(1).shareAcquireMode(STRICT));
            reader.fetchSome("suspicious records are given apart", reader.next().maxRecords(4).shareAcquireMode(STRICT));
            reader.fetchSome("a batch at least", reader.next().maxBytes(1));
        });
    }

    @Test
    void whatIsSaidOfRecordsHolds() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side, 8);
            Uuid id = topicId(side);
            reader.fetchSome("all", reader.fetchRequest(0, Sharing.of(id, 0)));
            reader.fetch("accept", reader.next(Sharing.of(id, 0, batch(0, 1, ACCEPT))));
            reader.fetch("accept what is over", reader.next(Sharing.of(id, 0, batch(0, 1, ACCEPT))));
            reader.fetch("partly over", reader.next(Sharing.of(id, 0, batch(1, 2, ACCEPT))));
            reader.fetchSome("each its own way", reader.next(Sharing.of(id, 0, batch(2, 5, ACCEPT, REJECT, RELEASE, GAP))));
            reader.acknowledge("beyond", id, 0, batch(6, 20, ACCEPT));
            reader.acknowledge("and beyond", id, 0, batch(6, 6, ACCEPT), batch(100, 101, ACCEPT));
            reader.acknowledge("not done by that", id, 0, batch(6, 6, ACCEPT));
            reader.acknowledge("twice", id, 0, batch(7, 7, ACCEPT), batch(7, 7, ACCEPT));
            side.tell("offsets", SharedOffsets.describe(reader.group, side.named("orders")), 1);
            reader.acknowledge("given again", id, 0, batch(4, 4, ACCEPT));
            reader.acknowledge("last", id, 0, batch(7, 7, ACCEPT));
            side.tell("offsets", SharedOffsets.describe(reader.group, side.named("orders")), 1);
            reader.acknowledge("over", id, 0, batch(7, 7, ACCEPT));
        });
    }

    @Test
    void nonsenseIsRefused() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side, 4);
            Uuid id = topicId(side);
            reader.fetchSome("all", reader.fetchRequest(0, Sharing.of(id, 0)));
            reader.acknowledge("backwards", id, 0, batch(1, 0, ACCEPT));
            reader.acknowledge("overlapping", id, 0, batch(0, 1, ACCEPT), batch(1, 1, ACCEPT));
            reader.acknowledge("nothing said", id, 0, batch(0, 1));
            reader.acknowledge("too little said", id, 0, batch(0, 2, ACCEPT, ACCEPT));
            reader.acknowledge("type of 5", id, 0, batch(0, 2, 5));
            reader.acknowledge("type of -1", id, 0, batch(0, 2, -1));
            reader.acknowledge("renewal that is not told of", id, 0, batch(0, 2, RENEW));
            reader.fetch("backwards", reader.next(Sharing.of(id, 0, batch(1, 0, ACCEPT))));
            reader.fetch("renewal that is not told of", reader.next(Sharing.of(id, 0, batch(1, 1, RENEW))));
            reader.fetch("renewal, and asks for records", reader.next(Sharing.of(id, 0, batch(1, 1, RENEW))).isRenewAck(true));
            reader.fetch("renewal", reader.next(Sharing.of(id, 0, batch(1, 1, RENEW)))
                    .isRenewAck(true).maxBytes(0).minBytes(0).maxRecords(0).maxWaitMs(0));
            reader.fetch("renewal in version 1", reader.next(Sharing.of(id, 0, batch(1, 1, RENEW))), 1);
            reader.acknowledge("group of none", reader.acknowledgement(reader.sessionEpoch(), id, 0, batch(1, 1, ACCEPT)).groupId(null));
            reader.acknowledge("member of none", reader.acknowledgement(reader.sessionEpoch(), id, 0, batch(1, 1, ACCEPT)).memberId(null));
            reader.acknowledge("another", reader.acknowledgement(reader.sessionEpoch(), id, 0, batch(1, 1, ACCEPT)).memberId(B));
            reader.acknowledge("another group", reader.acknowledgement(reader.sessionEpoch(), id, 0, batch(1, 1, ACCEPT)).groupId("nowhere"));
            Sharing other = new Sharing(side, reader.group, B).joined(side.named("orders"));
            other.fetch("another begins", other.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0).maxRecords(0));
            other.acknowledge("not its own", id, 0, batch(1, 1, ACCEPT));
        });
    }

    @Test
    void tooManyRecordsAreNotGiven() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side, 60, 60, 60);
            Uuid id = topicId(side);
            side.groupConfig(reader.group, "share.partition.max.record.locks", "100");
            reader.fetchSome("as many as may be", reader.fetchRequest(0, Sharing.of(id, 0)));
            reader.fetch("begins anew", reader.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0));
            reader.acknowledge("not from the beginning on", id, 0, batch(60, 79, ACCEPT));
            reader.fetch("no more", reader.next());
            reader.acknowledge("too few", id, 0, batch(0, 9, ACCEPT));
            reader.fetch("no more", reader.next());
            reader.acknowledge("some go back", id, 0, batch(20, 29, RELEASE));
            reader.fetchSome("what went back", reader.next());
            reader.acknowledge("enough", id, 0, batch(10, 59, ACCEPT)); // what comes now comes in a broker's own time, which may be long
        });
    }

    @Test
    void transactionsAreSeenAsTheGroupWants() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Sharing all = reader(side, "all");
            side.groupConfig(side.named("committed"), "share.isolation.level", "read_committed");
            Sharing committed = reader(side, "committed");
            Uuid id = topicId(side);
            Transactional producer = Transactional.of(side, "producer");
            producer.init("init");
            new Producing(side).send("plain", topic, Side.batch("a").bytes());
            producer.send("to be aborted", topic, 0, Transactional.PRODUCE_V2, "b", "c");
            producer.end("abort", /* commit= */ false, Transactional.END_V2);
            producer.send("to be committed", topic, 0, Transactional.PRODUCE_V2, "d", "e");
            all.fetchSome("all", all.fetchRequest(0, Sharing.of(id, 0)));
            committed.fetchSome("committed", committed.fetchRequest(0, Sharing.of(id, 0)));
            producer.end("commit", /* commit= */ true, Transactional.END_V2);
            side.awaitEnd(topic, 0, 7);
            new Producing(side).send("plain", topic, Side.batch("z").bytes());
            all.fetchSome("all", all.next());
            committed.fetchSome("committed", committed.next());
            all.acknowledge("all", id, 0, batch(0, 2, ACCEPT), batch(3, 3, GAP), batch(4, 5, ACCEPT));
            side.tell("offsets", SharedOffsets.describe(all.group, topic), 1);
            committed.acknowledge("committed", id, 0, batch(0, 0, ACCEPT));
            side.tell("offsets", SharedOffsets.describe(committed.group, topic), 1);
        });
    }

    @Test
    void renewalsCanBeForbidden() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side, 2);
            Uuid id = topicId(side);
            reader.fetchSome("all", reader.fetchRequest(0, Sharing.of(id, 0)));
            reader.acknowledge("renewal", reader.acknowledgement(reader.sessionEpoch(), id, 0, batch(0, 1, RENEW, ACCEPT)).isRenewAck(true));
            side.groupConfig(reader.group, "share.renew.acknowledge.enable", "false");
            reader.acknowledgeUntilRefused("forbidden renewal", () -> reader.acknowledgement(reader.sessionEpoch(), id, 0, batch(0, 0, RENEW)).isRenewAck(true));
            reader.acknowledge("accept", reader.acknowledgement(reader.sessionEpoch(), id, 0, batch(0, 0, ACCEPT)).isRenewAck(true));
        });
    }

    @Test
    void aRequestReadsSeveralPartitions() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders", 2, Map.of());
            Sharing reader = reader(side, "group");
            Uuid id = topicId(side);
            for (int partition = 0; partition < 2; partition++) {
                new Producing(side).sendTo("produce", topic, partition, Side.batch("a", "b").bytes());
            }
            reader.fetchOneByOne("one after the other", reader.fetchRequest(0, Sharing.of(id, 0), Sharing.of(id, 1)),
                    request -> request.maxRecords(1).shareAcquireMode(STRICT), 4);
            reader.fetch("says of one, and names another", reader.next(Sharing.of(id, 0, batch(0, 0, ACCEPT)), Sharing.of(id, 1)).maxWaitMs(0));
            reader.fetch("names one", reader.next(Sharing.of(id, 1)).maxWaitMs(0));
            reader.fetch("nothing, of one", reader.next().forgottenTopicsData(List.of(forgotten(id, 0))));
            new Producing(side).sendTo("produce", topic, 1, Side.batch("c").bytes());
            reader.fetch("begins anew", reader.fetchRequest(0, Sharing.of(id, 0), Sharing.of(id, 1)));
            reader.fetch("begins once more", reader.fetchRequest(0, Sharing.of(id, 0), Sharing.of(id, 1)).maxWaitMs(0));
            reader.fetch("in the next", reader.next().maxWaitMs(0));
        });
    }

    @Test
    void unknownPartitionsAreTold() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side, 4);
            Uuid id = topicId(side);
            Uuid unread = side.idOf(side.topic("bills"));
            reader.fetch("partition that is none", reader.fetchRequest(0, Sharing.of(id, 7)));
            reader.fetch("and in the next", reader.next());
            reader.acknowledge("of a partition that is none", id, 7, batch(0, 0, ACCEPT));
            reader.acknowledge("of a topic that is none", Side.NOWHERE, 0, batch(0, 0, ACCEPT));
            reader.acknowledge("of a topic that the group does not read", unread, 0, batch(0, 0, ACCEPT));
            reader.fetch("says of a partition that is none", reader.next(Sharing.of(id, 7, batch(0, 0, ACCEPT))));
            reader.fetch("forgets it", reader.next().maxWaitMs(0).forgottenTopicsData(List.of(forgotten(id, 7))));
            reader.fetchSome("reads what is there", reader.next(Sharing.of(id, 0)));
            reader.fetch("partition that is none, and one that is", reader.next(Sharing.of(id, 7), Sharing.of(id, 0, batch(0, 0, RELEASE))));
            reader.fetch("ends, and says of a partition that is none", reader.fetchRequest(-1, Sharing.of(id, 7, batch(0, 0, ACCEPT))));
            reader.fetch("topic that is none", reader.fetchRequest(0, Sharing.of(Side.NOWHERE, 0)));
            reader.fetch("and in the next", reader.fetchRequest(1).maxWaitMs(0));
            reader.fetch("says of a topic that is none", reader.fetchRequest(2, Sharing.of(Side.NOWHERE, 0, batch(0, 0, ACCEPT))));
            reader.fetch("forgets it", reader.fetchRequest(3).maxWaitMs(0).forgottenTopicsData(List.of(forgotten(Side.NOWHERE, 0))));
            reader.fetch("has it again", reader.fetchRequest(4, Sharing.of(Side.NOWHERE, 0)));
            reader.fetch("ends, and says of a topic that is none", reader.fetchRequest(-1, Sharing.of(Side.NOWHERE, 0, batch(0, 0, ACCEPT))));
            reader.fetch("topic that is none", reader.fetchRequest(0, Sharing.of(Side.NOWHERE, 0)));
            reader.fetch("ends", reader.fetchRequest(-1));
            reader.fetchSome("has all again", reader.fetchRequest(0, Sharing.of(id, 0)));
            reader.fetch("ends, and names what the group does not read", reader.fetchRequest(-1, Sharing.of(id, 0, batch(0, 0, ACCEPT)), Sharing.of(unread, 0)));
            reader.fetchSome("has the rest again", reader.fetchRequest(0, Sharing.of(id, 0)));
            reader.fetch("ends, and names a topic that is none", reader.fetchRequest(-1, Sharing.of(id, 0, batch(1, 1, ACCEPT)), Sharing.of(Side.NOWHERE, 0)));
            reader.fetchSome("topic that the group does not read", reader.fetchRequest(0, Sharing.of(unread, 0)));
            reader.fetch("says of a topic that the group does not read", reader.next(Sharing.of(unread, 0, batch(0, 0, ACCEPT))));
            reader.fetch("ends", reader.fetchRequest(-1));
        });
    }

    private static ForgottenTopic forgotten(Uuid topic, int partition) {
        return new ForgottenTopic().topicId(topic).partitions(List.of(partition));
    }

    @Test
    void recordsThatFailOftenAreGivenApartAndGivenUp() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            new Producing(side).send("produce", topic, Side.batch("a", "b", "c", "d", "e", "f", "g").bytes());
            new Producing(side).send("produce", topic, Side.batch("h", "i").bytes());
            for (int limit : List.of(2, 3, 4, 5, 8)) {
                side.groupConfig(side.named("limit-" + limit), "share.delivery.count.limit", Integer.toString(limit));
                failAlways(reader(side, "limit-" + limit), topicId(side), limit, 9);
                side.tell("offsets", SharedOffsets.describe(side.named("limit-" + limit), topic), 1);
            }
        });
    }

    /** Gives back whatever is given, until each record was given for the last time, and is given up. */
    private static void failAlways(Sharing reader, Uuid topic, int limit, int records) throws IOException {
        ShareFetchRequest next = reader.fetchRequest(0, Sharing.of(topic, 0));
        int givenUp = 0;
        while (givenUp < records) {
            List<AcquiredRecords> given = Sharing.acquired(reader.fetchSome("given", next));
            reader.acknowledge("goes back", topic, 0, given.stream()
                    .map(range -> batch(range.firstOffset(), range.lastOffset(), RELEASE))
                    .toArray(AcknowledgementBatch[]::new));
            givenUp += given.stream().filter(range -> range.deliveryCount() == limit).mapToInt(range -> (int) (range.lastOffset() - range.firstOffset() + 1)).sum();
            next = reader.next();
        }
        reader.fetch("nothing is left", reader.next().maxWaitMs(0));
    }

    @Test
    void aRecordThatFailsAmongOthersIsGivenApart() throws IOException {
        assertAlike(side -> {
            Sharing reader = reader(side, 8, 3);
            Uuid id = topicId(side);
            reader.fetchSome("all", reader.fetchRequest(0, Sharing.of(id, 0)));
            for (int delivery = 2; delivery <= 5; delivery++) {
                reader.acknowledge("one goes back", id, 0, batch(5, 5, RELEASE));
                reader.fetchSome("one again", reader.next());
            }
            reader.acknowledge("given up, and others go back", id, 0, batch(2, 8, RELEASE, RELEASE, RELEASE, RELEASE, RELEASE, RELEASE, RELEASE));
            reader.fetchSome("others", reader.next().maxRecords(3).shareAcquireMode(STRICT));
            reader.fetchSome("and the rest", reader.next());
            reader.acknowledge("is over", id, 0, batch(5, 5, ACCEPT));
            reader.acknowledge("the rest", id, 0, batch(0, 4, ACCEPT), batch(6, 10, ACCEPT));
            side.tell("offsets", SharedOffsets.describe(reader.group, side.named("orders")), 1);
        });
    }

    @Test
    void whatAMemberHasGoesBackWithItsSession() throws IOException {
        assertAlike(side -> {
            Sharing a = reader(side, 4, 2);
            Uuid id = topicId(side);
            Sharing b = new Sharing(side, a.group, B).joined(side.named("orders"));
            a.fetchSome("all", a.fetchRequest(0, Sharing.of(id, 0)));
            b.fetch("nothing for the other", b.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0));
            a.fetch("begins anew", a.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0));
            b.fetch("still nothing for the other", b.next().maxWaitMs(0));
            a.acknowledge("has it still", id, 0, batch(0, 0, ACCEPT));
            a.fetch("ends by a fetch", a.fetchRequest(-1));
            b.fetchSome("what went back", b.next());
            a.fetch("begins again", a.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0));
            a.acknowledge("has it no longer", id, 0, batch(1, 1, ACCEPT));
            b.acknowledge("ends by an acknowledgement", b.acknowledgement(-1, id, 0, batch(1, 1, ACCEPT)));
            a.fetchSome("what went back", a.next());
            b.fetch("begins again", b.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0));
            a.leave();
            b.fetch("who leaves the group keeps it", b.next().maxWaitMs(0));
            a.acknowledge("of one that left", id, 0, batch(2, 2, ACCEPT));
            a.disconnect();
            b.fetchSome("what went back with the connection", b.next());
            b.acknowledge("the last time", id, 0, batch(3, 3, ACCEPT));
            side.tell("offsets", SharedOffsets.describe(a.group, side.named("orders")), 1);
        });
    }

    @Test
    void whatWasGivenForTheLastTimeGoesWithTheSession() throws IOException {
        assertAlike(side -> {
            side.groupConfig(side.named("group"), "share.delivery.count.limit", "2");
            Sharing a = reader(side, 3);
            Uuid id = topicId(side);
            a.fetchSome("all", a.fetchRequest(0, Sharing.of(id, 0)));
            a.acknowledge("one is done", id, 0, batch(0, 0, ACCEPT));
            a.fetch("ends", a.fetchRequest(-1));
            a.fetchSome("the last time", a.fetchRequest(0, Sharing.of(id, 0)));
            a.fetch("ends", a.fetchRequest(-1));
            new Producing(side).send("produce", side.named("orders"), Side.batch("x").bytes());
            a.fetchSome("what came later", a.fetchRequest(0, Sharing.of(id, 0)));
            side.tell("offsets", SharedOffsets.describe(a.group, side.named("orders")), 1);
        });
    }

    @Test
    void whatIsForgottenStaysWithItsMember() throws IOException {
        assertAlike(side -> {
            Sharing a = reader(side, 3);
            Uuid id = topicId(side);
            Sharing b = new Sharing(side, a.group, B).joined(side.named("orders"));
            a.fetchSome("all", a.fetchRequest(0, Sharing.of(id, 0)));
            a.fetch("forgets the partition", a.next().maxWaitMs(0).forgottenTopicsData(List.of(forgotten(id, 0))));
            b.fetch("nothing for the other", b.fetchRequest(0, Sharing.of(id, 0)).maxWaitMs(0));
            a.acknowledge("has it still", id, 0, batch(0, 0, ACCEPT));
            a.fetch("ends", a.fetchRequest(-1));
            b.fetch("still nothing for the other", b.next().maxWaitMs(0));
        });
    }
}
