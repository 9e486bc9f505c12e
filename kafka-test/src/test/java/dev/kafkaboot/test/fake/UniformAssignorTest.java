package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Shares that are as equal as subscriptions allow. */
class UniformAssignorTest {

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final UniformAssignor assignor = new UniformAssignor();

    private FakeTopic topic(String name, int partitions) {
        cluster.createTopic(name, partitions);
        return Objects.requireNonNull(cluster.topics().find(name));
    }

    private static List<Integer> sizes(Map<String, NavigableSet<GroupPartition>> shares) {
        return new TreeMap<>(shares).values().stream().map(NavigableSet::size).toList();
    }

    @Test
    void sharesDifferByOneAtMost() {
        FakeTopic orders = topic("orders", 5);
        FakeTopic returns = topic("returns", 3);
        List<FakeTopic> both = List.of(orders, returns);

        Map<String, NavigableSet<GroupPartition>> shares = assignor.assign(Map.of("a", both, "b", both, "c", both), Map.of());

        assertThat(sizes(shares)).containsExactlyInAnyOrder(3, 3, 2);
        TreeSet<GroupPartition> all = new TreeSet<>();
        shares.values().forEach(all::addAll);
        assertThat(all).hasSize(8);
    }

    @Test
    void nobodyLosesMoreThanOthersNeed() {
        List<FakeTopic> orders = List.of(topic("orders", 6));
        Map<String, NavigableSet<GroupPartition>> before = assignor.assign(Map.of("a", orders, "b", orders), Map.of());

        Map<String, NavigableSet<GroupPartition>> after = assignor.assign(Map.of("a", orders, "b", orders, "c", orders), before);

        assertThat(sizes(after)).containsExactly(2, 2, 2);
        assertThat(before.get("a")).containsAll(Objects.requireNonNull(after.get("a")));
        assertThat(before.get("b")).containsAll(Objects.requireNonNull(after.get("b")));
    }

    @Test
    void subscriptionsSetTheLimits() {
        FakeTopic orders = topic("orders", 4);
        FakeTopic returns = topic("returns", 1);

        Map<String, NavigableSet<GroupPartition>> shares =
                assignor.assign(Map.of("a", List.of(returns), "b", List.of(orders, returns), "c", List.of(orders)), Map.of());

        assertThat(sizes(shares)).containsExactly(1, 2, 2);
    }

    @Test
    void partitionsThatNobodyReadsAreNobodys() {
        FakeTopic orders = topic("orders", 2);

        Map<String, NavigableSet<GroupPartition>> shares = assignor.assign(Map.of("a", List.of()), Map.of("a", new TreeSet<>(List.of(
                new GroupPartition(orders.id(), 0)))));

        assertThat(sizes(shares)).containsExactly(0);
    }
}
