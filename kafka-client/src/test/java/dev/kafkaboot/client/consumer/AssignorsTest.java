package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.PartitionAssignor.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.AbstractPartitionAssignor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What assignors distribute, beside Apache's of the same name where they agree to the letter. */
class AssignorsTest {

    private static final int GROUPS = 300;

    /** A group: what its members subscribe to, and how many partitions the topics have. */
    private record Group(Map<String, Set<String>> topicsByMember, Map<String, Integer> partitionCounts) {

        static Group random(Random random) {
            Map<String, Integer> counts = new TreeMap<>();
            for (int topic = 0; topic <= random.nextInt(5); topic++) {
                counts.put("topic-" + topic, 1 + random.nextInt(12));
            }
            Map<String, Set<String>> members = new TreeMap<>();
            for (int member = 0; member <= random.nextInt(7); member++) {
                Set<String> topics = new TreeSet<>();
                counts.keySet().stream().filter(topic -> random.nextInt(3) > 0).forEach(topics::add);
                members.put("member-" + member, topics);
            }
            return new Group(members, counts);
        }

        Map<String, MemberSubscription> ours() {
            Map<String, MemberSubscription> members = new TreeMap<>();
            topicsByMember.forEach((id, topics) -> members.put(id, new MemberSubscription(topics, List.of(), -1, null)));
            return members;
        }

        Map<String, Subscription> theirs() {
            Map<String, Subscription> members = new TreeMap<>();
            topicsByMember.forEach((id, topics) -> members.put(id, new Subscription(new ArrayList<>(topics))));
            return members;
        }
    }

    private static Map<String, Set<String>> names(Map<String, ? extends List<?>> assignment) {
        Map<String, Set<String>> names = new TreeMap<>();
        assignment.forEach((id, partitions) -> {
            Set<String> each = new TreeSet<>();
            partitions.forEach(partition -> each.add(partition.toString()));
            names.put(id, each);
        });
        return names;
    }

    private static void assertSame(PartitionAssignor ours, AbstractPartitionAssignor theirs) {
        Random random = new Random(7);
        for (int i = 0; i < GROUPS; i++) {
            Group group = Group.random(random);

            assertThat(names(ours.assign(group.ours(), group.partitionCounts()))).as(group.toString())
                    .isEqualTo(names(theirs.assign(group.partitionCounts(), group.theirs())));
        }
    }

    @Test
    void rangeIsAsApaches() {
        assertSame(new RangeAssignor(), new org.apache.kafka.clients.consumer.RangeAssignor());
    }

    @Test
    void roundRobinIsAsApaches() {
        assertSame(new RoundRobinAssignor(), new org.apache.kafka.clients.consumer.RoundRobinAssignor());
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "roundrobin", "sticky", "cooperative-sticky"})
    void everyPartitionThatIsSubscribedToHasOneOwnerWhoSubscribesToIt(String name) {
        Random random = new Random(8);
        for (int i = 0; i < GROUPS; i++) {
            Group group = Group.random(random);
            PartitionAssignor assignor = Objects.requireNonNull(PartitionAssignor.named(name));

            Map<String, List<TopicPartition>> assignment = assignor.assign(group.ours(), group.partitionCounts(), racks(random));

            List<TopicPartition> given = new ArrayList<>();
            assignment.forEach((id, partitions) -> {
                given.addAll(partitions);
                assertThat(group.topicsByMember().get(id)).containsAll(partitions.stream().map(TopicPartition::topic).toList());
            });
            List<TopicPartition> wanted = new ArrayList<>();
            group.partitionCounts().forEach((topic, count) -> {
                for (int partition = 0; partition < count; partition++) {
                    if (group.topicsByMember().values().stream().anyMatch(topics -> topics.contains(topic))) {
                        wanted.add(new TopicPartition(topic, partition));
                    }
                }
            });
            assertThat(given).as(group.toString()).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    private static PartitionRacks racks(Random random) {
        Map<TopicPartition, Set<String>> racks = new HashMap<>();
        return partition -> racks.computeIfAbsent(partition, absent -> Set.of("rack-" + random.nextInt(3)));
    }

    /** Three members in three racks, and two partitions with a replica in each. */
    @ParameterizedTest
    @ValueSource(strings = {"range", "sticky", "cooperative-sticky"})
    void membersGetWhatIsInTheirRack(String name) {
        PartitionAssignor assignor = Objects.requireNonNull(PartitionAssignor.named(name));
        Map<String, MemberSubscription> members = new TreeMap<>();
        for (String rack : List.of("c", "a", "b")) {
            members.put("member-in-" + rack, new MemberSubscription(Set.of("orders"), List.of(), -1, null, rack));
        }

        Map<String, List<TopicPartition>> assignment =
                assignor.assign(members, Map.of("orders", 6), partition -> Set.of(List.of("a", "b", "c").get(partition.partition() % 3)));

        assertThat(names(assignment)).isEqualTo(Map.of(
                "member-in-a", Set.of("orders-0", "orders-3"), "member-in-b", Set.of("orders-1", "orders-4"), "member-in-c", Set.of("orders-2", "orders-5")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "sticky", "cooperative-sticky"})
    void nearnessMakesNobodyHaveMoreThanTheirShare(String name) {
        PartitionAssignor assignor = Objects.requireNonNull(PartitionAssignor.named(name));
        Map<String, MemberSubscription> members = Map.of(
                "near", new MemberSubscription(Set.of("orders"), List.of(), -1, null, "a"),
                "far", new MemberSubscription(Set.of("orders"), List.of(), -1, null, "b"));

        Map<String, List<TopicPartition>> assignment = assignor.assign(members, Map.of("orders", 6), partition -> Set.of("a"));

        assertThat(assignment.get("near")).hasSize(3);
        assertThat(assignment.get("far")).hasSize(3);
    }

    @Test
    void rangeKeepsTopicsThatAreJoinedTogether() {
        Map<String, MemberSubscription> members = Map.of(
                "first", new MemberSubscription(Set.of("orders", "payments"), List.of(), -1, null, "a"),
                "second", new MemberSubscription(Set.of("orders", "payments"), List.of(), -1, null, "b"));

        Map<String, List<TopicPartition>> assignment = new RangeAssignor().assign(members, Map.of("orders", 4, "payments", 4),
                partition -> Set.of(partition.topic().equals("orders") || partition.partition() == 0 ? "b" : "a"));

        assignment.values().forEach(partitions -> assertThat(partitions.stream().filter(each -> each.topic().equals("orders")).map(TopicPartition::partition))
                .containsExactlyElementsOf(partitions.stream().filter(each -> each.topic().equals("payments")).map(TopicPartition::partition).toList()));
        assertThat(names(assignment).get("second")).contains("orders-0", "payments-0");
    }

    /** The members come back with what they had, and one more: only what that one needs moves. */
    @Test
    void stickyMovesNoMoreThanTheNewMemberNeeds() {
        Map<String, StickyAssignor> assignors = new TreeMap<>(Map.of("a", new StickyAssignor(), "b", new StickyAssignor()));
        Map<String, List<TopicPartition>> before = new StickyAssignor().assign(subscribed(assignors, 1), Map.of("orders", 9));
        before.forEach((id, partitions) -> Objects.requireNonNull(assignors.get(id)).assigned(partitions, 1));
        assignors.put("c", new StickyAssignor());

        Map<String, List<TopicPartition>> after = new StickyAssignor().assign(subscribed(assignors, 1), Map.of("orders", 9));

        assertThat(after.values()).allSatisfy(partitions -> assertThat(partitions).hasSize(3));
        before.forEach((id, partitions) -> assertThat(partitions).containsAll(after.get(id)));
    }

    private static Map<String, MemberSubscription> subscribed(Map<String, StickyAssignor> assignors, int generation) {
        Map<String, MemberSubscription> members = new TreeMap<>();
        assignors.forEach((id, assignor) -> members.put(id, ConsumerProtocol.member(
                ConsumerProtocol.subscription(assignor, Set.of("orders"), List.of(), generation, null))));
        return members;
    }

    /** A member that was away is still of an older generation: what it had is somebody else's by now. */
    @Test
    void stickyBelievesTheNewerGeneration() {
        StickyAssignor old = new StickyAssignor();
        old.assigned(List.of(new TopicPartition("orders", 0), new TopicPartition("orders", 1)), 3);
        StickyAssignor current = new StickyAssignor();
        current.assigned(List.of(new TopicPartition("orders", 0)), 4);

        Map<String, List<TopicPartition>> assignment =
                new StickyAssignor().assign(subscribed(new TreeMap<>(Map.of("away", old, "there", current)), -1), Map.of("orders", 2));

        assertThat(names(assignment)).isEqualTo(Map.of("away", Set.of("orders-1"), "there", Set.of("orders-0")));
    }

    @Test
    @SuppressWarnings("removal") // their assignor is told its generation in no other way
    void stickyReadsWhatApachesMembersHadAndTheirsReadsOurs() {
        List<org.apache.kafka.common.TopicPartition> theirPartitions = new ArrayList<>();
        List<TopicPartition> ourPartitions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            (i % 2 == 0 ? theirPartitions : new ArrayList<org.apache.kafka.common.TopicPartition>()).add(new org.apache.kafka.common.TopicPartition("orders", i));
            (i % 2 == 1 ? ourPartitions : new ArrayList<TopicPartition>()).add(new TopicPartition("orders", i));
        }
        var theirs = new org.apache.kafka.clients.consumer.StickyAssignor();
        theirs.onAssignment(new Assignment(theirPartitions), new org.apache.kafka.clients.consumer.ConsumerGroupMetadata("group", 5, "theirs", java.util.Optional.empty()));
        StickyAssignor ours = new StickyAssignor();
        ours.assigned(ourPartitions, 5);
        ByteBuffer theirData = theirs.subscriptionUserData(Set.of("orders"));
        byte[] theirBytes = new byte[theirData.remaining()];
        theirData.get(theirBytes);
        byte[] ourBytes = Objects.requireNonNull(ours.userData(5));

        Map<String, Set<String>> ledByOurs = names(new StickyAssignor().assign(
                Map.of("ours", new MemberSubscription(Set.of("orders"), List.of(), -1, ourBytes),
                        "theirs", new MemberSubscription(Set.of("orders"), List.of(), -1, theirBytes)), Map.of("orders", 6)));
        Map<String, Set<String>> ledByTheirs = names(new org.apache.kafka.clients.consumer.StickyAssignor().assign(Map.of("orders", 6), new TreeMap<>(Map.of(
                "ours", new Subscription(List.of("orders"), ByteBuffer.wrap(ourBytes)), "theirs", new Subscription(List.of("orders"), ByteBuffer.wrap(theirBytes))))));

        assertThat(ledByOurs).isEqualTo(Map.of("ours", Set.of("orders-1", "orders-3", "orders-5"), "theirs", Set.of("orders-0", "orders-2", "orders-4")));
        assertThat(ledByTheirs).isEqualTo(ledByOurs);
    }

    @Test
    void memberTellsItsRackToTheLeader() {
        byte[] told = ConsumerProtocol.subscription(new RangeAssignor(), Set.of("orders"), List.of(), -1, "east");

        assertThat(ConsumerProtocol.member(told).rack()).isEqualTo("east");
    }

    @Test
    void userDataThatCannotBeReadIsNoReasonToFailTheGroup() {
        Map<String, MemberSubscription> members = Map.of(
                "odd", new MemberSubscription(Set.of("orders"), List.of(), -1, new byte[] {127, 1, 1, 1, 9}),
                "even", new MemberSubscription(Set.of("orders"), List.of(), -1, null));

        Map<String, List<TopicPartition>> assignment = new StickyAssignor().assign(members, Map.of("orders", 2));

        assertThat(new HashSet<>(assignment.keySet())).containsExactlyInAnyOrder("odd", "even");
        assertThat(assignment.values()).allSatisfy(partitions -> assertThat(partitions).hasSize(1));
    }
}
