package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.PartitionAssignor.MemberSubscription;
import dev.kafkaboot.protocol.ProtocolException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.jspecify.annotations.Nullable;

/**
 * What other members of a group tell through the coordinator, which does not look at it: any bytes are read or refused with a {@link ProtocolException};
 * what Apache's class reads as well says the same; and whatever a member says, the others get partitions that exist, each once, for work in proportion.
 */
class GroupBlobsFuzzTest {

    private static final Map<String, Integer> PARTITIONS = Map.of("orders", 6, "payments", 3);

    /** What distributing costs by itself; most of it is what the fuzzer adds to every comparison. */
    private static final long FIXED_COST = 4 << 20;

    private static final long COST_PER_BYTE = 200;

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @FuzzTest
    void subscription(byte[] input) {
        MemberSubscription ours = read(input);
        ConsumerPartitionAssignor.Subscription theirs = readTheirs(input);
        if (ours == null || theirs == null) {
            return;
        }
        assertThat(ours.topics()).isEqualTo(new HashSet<>(theirs.topics()));
        assertThat(ours.owned()).isEqualTo(new ArrayList<>(new LinkedHashSet<>(partitions(theirs.ownedPartitions()))));
        assertThat(ours.generation()).isEqualTo(theirs.generationId().orElse(-1));
        assertThat(ours.userData() == null ? null : ByteBuffer.wrap(ours.userData())).isEqualTo(theirs.userData());
    }

    @FuzzTest
    void assignment(byte[] input) {
        List<TopicPartition> ours;
        try {
            ours = ConsumerProtocol.partitions(input);
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageMatching("(?s).{10,}");
            return;
        }
        List<TopicPartition> theirs;
        try {
            theirs = partitions(org.apache.kafka.clients.consumer.internals.ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(input)).partitions());
        } catch (RuntimeException refused) {
            return;
        }
        assertThat(ours).isEqualTo(theirs);
    }

    @FuzzTest
    void memberOfALedGroup(byte[] input) {
        MemberSubscription hostile = read(input);
        if (hostile == null) {
            return;
        }
        Map<String, MemberSubscription> members = new LinkedHashMap<>();
        members.put("a", new MemberSubscription(Set.of("orders"), List.of(new TopicPartition("orders", 0), new TopicPartition("orders", 1)), 3, null));
        members.put("b", hostile);
        members.put("c", new MemberSubscription(Set.of("orders", "payments"), List.of(new TopicPartition("payments", 2)), 3, null));
        Map<String, List<TopicPartition>> range = withinBounds(new RangeAssignor(), members, input.length);
        withinBounds(new CooperativeStickyAssignor(), members, input.length);
        withinBounds(new StickyAssignor(), members, input.length);
        withinBounds(new RoundRobinAssignor(), members, input.length);

        assertThat(range.values().stream().mapToInt(List::size).sum()).isEqualTo(9);
    }

    private static Map<String, List<TopicPartition>> withinBounds(PartitionAssignor assignor, Map<String, MemberSubscription> members, int size) {
        long most = FIXED_COST + COST_PER_BYTE * size;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Map<String, List<TopicPartition>> assignment = assignor.assign(members, PARTITIONS);
        if (THREADS.getCurrentThreadAllocatedBytes() - before > most) {
            // Once, classes are loaded, and instrumented by the fuzzer, on this very thread.
            before = THREADS.getCurrentThreadAllocatedBytes();
            assignor.assign(members, PARTITIONS);
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("bytes allocated").isLessThan(most);
        }
        assertThat(assignment.keySet()).isEqualTo(members.keySet());
        Set<TopicPartition> given = new HashSet<>();
        assignment.forEach((id, partitions) -> partitions.forEach(partition -> {
            assertThat(partition.partition()).as("%s of %s", partition, id).isBetween(0, PARTITIONS.getOrDefault(partition.topic(), 0) - 1);
            assertThat(members.get(id).topics()).contains(partition.topic());
            assertThat(given.add(partition)).as("%s is given once", partition).isTrue();
        }));
        assignment.values().forEach(partitions ->
                assertThat(ConsumerProtocol.partitions(ConsumerProtocol.assignment(partitions))).hasSameElementsAs(partitions));
        return assignment;
    }

    private static @Nullable MemberSubscription read(byte[] input) {
        try {
            return ConsumerProtocol.member(input);
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageMatching("(?s).{10,}");
            return null;
        }
    }

    private static ConsumerPartitionAssignor.@Nullable Subscription readTheirs(byte[] input) {
        try {
            return org.apache.kafka.clients.consumer.internals.ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(input));
        } catch (RuntimeException refused) {
            return null;
        }
    }

    private static List<TopicPartition> partitions(List<org.apache.kafka.common.TopicPartition> theirs) {
        return theirs.stream().map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
    }
}
