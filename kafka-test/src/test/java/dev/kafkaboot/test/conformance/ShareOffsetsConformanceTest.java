package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Sharing.ACCEPT;
import static dev.kafkaboot.test.conformance.Sharing.batch;

import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsResponse;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsResponse;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where share groups are in partitions, and how they are brought elsewhere (KIP-932). */
class ShareOffsetsConformanceTest extends ConformanceTest {

    private static final String A = "a1a1a1a1a1a1a1a1a1a1a1";
    private static final int NEWEST = 0;
    private static final int DESCRIBE = 1;

    // A real broker never answers who asks where a group is in a partition that does not exist, or in none of a topic's partitions; so neither is asked here.

    /** The only member of a group that has read all four records of a topic, and is done with two. */
    private static Sharing reader(Side side, String group) throws IOException {
        side.groupConfig(side.named(group), "share.auto.offset.reset", "earliest");
        Sharing reader = new Sharing(side, side.group(group), A).joined(side.named("orders"));
        reader.fetchSome("all", reader.fetchRequest(0, Sharing.of(side.idOf(side.named("orders")), 0)));
        reader.acknowledge("two", side.idOf(side.named("orders")), 0, batch(0, 1, ACCEPT));
        return reader;
    }

    private static String topic(Side side) throws IOException {
        String topic = side.topic("orders", 2, Map.of());
        new Producing(side).send("produce", topic, Side.batch("a", "b", "c", "d").bytes());
        return topic;
    }

    /** Ends its session, and leaves the group. */
    private static void end(Sharing reader) throws IOException {
        reader.fetch("ends", reader.fetchRequest(-1));
        reader.leave();
    }

    private static void describe(Side side, String step, String group, String topic, Integer... partitions) throws IOException {
        side.tell(step, new DescribeShareGroupOffsetsRequest().groups(List.of(new DescribeShareGroupOffsetsRequestGroup().groupId(group).topics(List.of(
                new DescribeShareGroupOffsetsRequestTopic().topicName(topic).partitions(List.of(partitions)))))), DESCRIBE);
    }

    private static void alter(Side side, String step, String group, AlterShareGroupOffsetsRequestTopic... topics) throws IOException {
        AlterShareGroupOffsetsResponse answer = side.ask(new AlterShareGroupOffsetsRequest().groupId(group).topics(List.of(topics)), NEWEST);
        answer.responses(answer.responses().stream()
                .sorted(Comparator.comparing(AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic::topicName))
                .toList());
        side.tell(step, NEWEST, answer);
    }

    private static AlterShareGroupOffsetsRequestTopic to(String topic, int partition, long offset) {
        return new AlterShareGroupOffsetsRequestTopic().topicName(topic).partitions(List.of(
                new AlterShareGroupOffsetsRequestPartition().partitionIndex(partition).startOffset(offset)));
    }

    private static void delete(Side side, String step, String group, String... topics) throws IOException {
        DeleteShareGroupOffsetsResponse answer = side.ask(new DeleteShareGroupOffsetsRequest().groupId(group).topics(
                Stream.of(topics).map(topic -> new DeleteShareGroupOffsetsRequestTopic().topicName(topic)).toList()), NEWEST);
        answer.responses(answer.responses().stream()
                .sorted(Comparator.comparing(DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic::topicName))
                .toList());
        side.tell(step, NEWEST, answer);
    }

    @Test
    void offsetsAreDescribed() throws IOException {
        assertAlike(side -> {
            String unread = side.topic("bills"); // before the one that the group waits for, so that its coordinator knows it
            String topic = topic(side);
            Sharing reader = reader(side, "group");
            describe(side, "both partitions", reader.group, topic, 0, 1);
            describe(side, "topic that is none", reader.group, side.named("nowhere"), 0);
            describe(side, "topic that the group does not read", reader.group, unread, 0);
            describe(side, "topic without a name", reader.group, "", 0);
            side.tell("all", SharedOffsets.describeAll(reader.group), DESCRIBE);
            side.tell("in version 0", SharedOffsets.describe(reader.group, topic), 0);
            describe(side, "group that is none", side.group("nowhere"), topic, 0);
            side.tell("all of a group that is none", SharedOffsets.describeAll(side.named("nowhere")), DESCRIBE);
            describe(side, "group without a name", "", topic, 0);
            side.tell("all of a group without a name", SharedOffsets.describeAll(""), DESCRIBE);
            side.tell("no group", new DescribeShareGroupOffsetsRequest().groups(List.of()), DESCRIBE);
            new Member(side, side.group("classic")).becomeStable();
            describe(side, "classic group", side.named("classic"), topic, 0);
            end(reader);
            describe(side, "empty group", reader.group, topic, 0);
        });
    }

    @Test
    void offsetsAreAltered() throws IOException {
        assertAlike(side -> {
            String unread = side.topic("bills"); // before the one that the group waits for, so that its coordinator knows it
            String topic = topic(side);
            Sharing reader = reader(side, "group");
            String group = reader.group;
            alter(side, "with a member", group, to(topic, 0, 1));
            alter(side, "with a member, and a topic that is none", group, to(side.named("nowhere"), 0, 1));
            end(reader);
            alter(side, "back", group, to(topic, 0, 1));
            describe(side, "back", group, topic, 0, 1);
            alter(side, "partition that is none", group, to(topic, 7, 1));
            alter(side, "topic that is none", group, to(side.named("nowhere"), 0, 1));
            alter(side, "topic without a name", group, to("", 0, 1));
            alter(side, "some are none", group, to(topic, 1, 0), to(side.named("nowhere"), 0, 1));
            alter(side, "topic that the group has not read", group, to(unread, 0, 0));
            alter(side, "beyond the end", group, to(topic, 1, 99));
            alter(side, "before the beginning", group, to(topic, 1, -1));
            alter(side, "far before the beginning", group, to(topic, 1, -7));
            describe(side, "altered", group, topic, 0, 1);
            alter(side, "nothing", group);
            reader.joined(topic);
            reader.fetchSome("from there on", reader.fetchRequest(0, Sharing.of(side.idOf(topic), 0)));
        }, KnownDifference.ALTERED_UNDER_AN_OPEN_CONNECTION);
    }

    @Test
    void whoReadsFirstBeginsWhereItWasAltered() throws IOException {
        assertAlike(side -> {
            String topic = topic(side);
            side.groupConfig(side.named("group"), "share.auto.offset.reset", "earliest");
            String group = side.group("group");
            alter(side, "before anybody has read", group, to(topic, 0, 3));
            Sharing reader = new Sharing(side, group, A).joined(topic);
            reader.fetchSome("from there on", reader.fetchRequest(0, Sharing.of(side.idOf(topic), 0)));
            String other = side.group("other");
            side.groupConfig(other, "share.auto.offset.reset", "earliest");
            alter(side, "before anybody has read", other, to(topic, 0, 3));
            delete(side, "and deleted", other, topic);
            Sharing another = new Sharing(side, other, A).joined(topic);
            another.fetchSome("from the beginning on", another.fetchRequest(0, Sharing.of(side.idOf(topic), 0)));
            side.tell("another", SharedOffsets.describeAll(other), DESCRIBE);
        });
    }

    @Test
    void groupsOfOtherKindsAreNotAltered() throws IOException {
        assertAlike(side -> {
            String topic = topic(side);
            Member classic = new Member(side, side.group("classic"));
            classic.becomeStable();
            alter(side, "classic group", side.named("classic"), to(topic, 0, 1));
            delete(side, "delete of a classic group", side.named("classic"), topic);
            alter(side, "group without a name", "", to(topic, 0, 1));
            delete(side, "delete of a group without a name", "", topic);
            delete(side, "delete of a group that is none", side.group("nowhere"), topic);
            alter(side, "group that is none yet", side.named("nowhere"), to(topic, 0, 3));
            describe(side, "group that is none yet", side.named("nowhere"), topic, 0, 1);
            delete(side, "delete of that", side.named("nowhere"), topic);
            alter(side, "group that is none yet, and a topic that is none", side.group("neither"), to(side.named("nowhere"), 0, 3));
            delete(side, "delete of that", side.named("neither"), topic);
        });
    }

    @Test
    void offsetsAreDeleted() throws IOException {
        assertAlike(side -> {
            String unread = side.topic("bills"); // before the one that the group waits for, so that its coordinator knows it
            String topic = topic(side);
            Sharing reader = reader(side, "group");
            String group = reader.group;
            delete(side, "with a member", group, topic);
            delete(side, "with a member, and a topic that is none", group, side.named("nowhere"));
            end(reader);
            delete(side, "topic that is none", group, side.named("nowhere"));
            delete(side, "topic that the group has not read", group, unread);
            delete(side, "topic without a name", group, "");
            describe(side, "still there", group, topic, 0);
            delete(side, "some are none", group, topic, side.named("nowhere"));
            describe(side, "gone", group, topic, 0, 1);
            side.tell("gone", SharedOffsets.describeAll(group), DESCRIBE);
            delete(side, "again", group, topic);
            delete(side, "nothing", group);
            alter(side, "altered anew", group, to(topic, 0, 3));
            side.tell("altered anew", SharedOffsets.describeAll(group), DESCRIBE);
        });
    }
}
