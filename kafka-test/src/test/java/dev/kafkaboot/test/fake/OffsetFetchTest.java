package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchResponse;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of committed offsets. */
class OffsetFetchTest {

    private static final String GROUP = "billing";
    private static final OffsetKey ORDERS_0 = new OffsetKey("orders", 0);

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient client = new TestClient(cluster, 1, "client");

    @BeforeEach
    void commitSomething() {
        cluster.createTopic("orders", 3);
        cluster.createTopic("returns", 1);
        OffsetCommitRequest commit = OffsetRequests.commit(GROUP, "orders", Map.of(0, 42L, 1, 7L));
        commit.topics().get(0).partitions().get(0).committedMetadata("by hand").committedLeaderEpoch(3);
        client.ask(commit, 8);
        client.ask(OffsetRequests.commit(GROUP, "returns", Map.of(0, 5L)), 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void oneGroupIsAnsweredAtTheTop(int version) {
        OffsetFetchResponse response = client.ask(OffsetRequests.fetch(GROUP, "orders", 0, 2), version);

        assertThat(response.errorCode()).isZero();
        List<OffsetFetchResponsePartition> partitions = response.topics().get(0).partitions();
        assertThat(partitions).extracting(OffsetFetchResponsePartition::committedOffset).containsExactly(42L, -1L);
        assertThat(partitions).extracting(OffsetFetchResponsePartition::metadata).containsExactly("by hand", "");
        assertThat(partitions.get(0).committedLeaderEpoch()).isEqualTo(version >= 5 ? 3 : -1);
    }

    @Test
    void allTopicsAreToldWhereNoneIsNamed() {
        OffsetFetchResponse older = client.ask(new OffsetFetchRequest().groupId(GROUP).topics(null), 7);
        OffsetFetchResponse newer = client.ask(new OffsetFetchRequest().groups(List.of(new OffsetFetchRequestGroup().groupId(GROUP).topics(null))), 9);

        assertThat(older.topics()).extracting(topic -> topic.name() + topic.partitions().size()).containsExactly("orders2", "returns1");
        assertThat(newer.groups().get(0).topics()).extracting(OffsetFetchResponseTopics::name).containsExactly("orders", "returns");
    }

    @Test
    void severalGroupsAreAskedAtOnceFromVersionEight() {
        OffsetFetchRequest request =
                new OffsetFetchRequest().groups(List.of(OffsetRequests.of(GROUP, "orders", 0), OffsetRequests.of("unknown", "orders", 0)));

        OffsetFetchResponse response = client.ask(request, 8);

        assertThat(response.groups()).extracting(OffsetFetchResponseGroup::groupId).containsExactly(GROUP, "unknown");
        assertThat(response.groups()).extracting(OffsetFetchResponseGroup::errorCode).containsOnly((short) 0);
        assertThat(response.groups())
                .extracting(group -> group.topics().get(0).partitions().get(0).committedOffset())
                .containsExactly(42L, -1L);
    }

    @Test
    void topicsGoByIdFromVersionTen() {
        Uuid id = Objects.requireNonNull(cluster.topics().find("orders")).id();
        OffsetFetchRequest known = new OffsetFetchRequest().groups(List.of(OffsetRequests.of(GROUP, id, 0)));
        OffsetFetchRequest unknown = new OffsetFetchRequest().groups(List.of(OffsetRequests.of(GROUP, new Uuid(1, 2), 0)));
        OffsetFetchRequest all = new OffsetFetchRequest().groups(List.of(new OffsetFetchRequestGroup().groupId(GROUP).topics(null)));

        OffsetFetchResponsePartitions found = client.ask(known, 10).groups().get(0).topics().get(0).partitions().get(0);
        OffsetFetchResponsePartitions missing = client.ask(unknown, 10).groups().get(0).topics().get(0).partitions().get(0);
        List<OffsetFetchResponseTopics> everything = client.ask(all, 10).groups().get(0).topics();

        assertThat(found.committedOffset()).isEqualTo(42);
        assertThat(missing.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        assertThat(everything.get(0).topicId()).isEqualTo(id);
    }

    @Test
    void anOffsetThatATransactionBringsIsUnstableUntilItEnds() {
        cluster.groupCoordinator().offsets().pend(GROUP, 7, ORDERS_0, new CommittedOffset(50, -1, "", 0, -1));
        OffsetFetchRequest stable = OffsetRequests.fetch(GROUP, "orders", 0, 1).requireStable(true);
        OffsetFetchRequest any = OffsetRequests.fetch(GROUP, "orders", 0, 1);

        List<OffsetFetchResponsePartition> waits = client.ask(stable, 7).topics().get(0).partitions();
        List<OffsetFetchResponsePartition> old = client.ask(any, 7).topics().get(0).partitions();
        cluster.groupCoordinator().offsets().complete(7, GROUP, /* commit= */ true);
        List<OffsetFetchResponsePartition> done = client.ask(stable, 7).topics().get(0).partitions();

        assertThat(waits)
                .extracting(OffsetFetchResponsePartition::errorCode)
                .containsExactly(ErrorCode.UNSTABLE_OFFSET_COMMIT.code(), ErrorCode.NONE.code());
        assertThat(old).extracting(OffsetFetchResponsePartition::committedOffset).containsExactly(42L, 7L);
        assertThat(done).extracting(OffsetFetchResponsePartition::committedOffset).containsExactly(50L, 7L);
    }

    @Test
    void anAbortedTransactionLeavesTheOffsetAsItWas() {
        GroupOffsetsStore offsets = cluster.groupCoordinator().offsets();
        offsets.pend(GROUP, 7, ORDERS_0, new CommittedOffset(50, -1, "", 0, -1));

        offsets.complete(7, GROUP, /* commit= */ false);

        assertThat(Objects.requireNonNull(offsets.find(GROUP, ORDERS_0)).offset()).isEqualTo(42);
        assertThat(offsets.isPending(GROUP, ORDERS_0)).isFalse();
    }

    @Test
    void aPlainCommitThatCameLaterOutlivesTheTransaction() {
        GroupOffsetsStore offsets = cluster.groupCoordinator().offsets();
        offsets.pend(GROUP, 7, ORDERS_0, new CommittedOffset(50, -1, "", 0, -1));
        client.ask(OffsetRequests.commit(GROUP, "orders", Map.of(0, 45L)), 8);

        offsets.complete(7, GROUP, /* commit= */ true);

        assertThat(Objects.requireNonNull(offsets.find(GROUP, ORDERS_0)).offset()).isEqualTo(45);
    }

    @Test
    void eachTransactionEndsByItself() {
        GroupOffsetsStore offsets = cluster.groupCoordinator().offsets();
        OffsetKey other = new OffsetKey("orders", 1);
        offsets.pend(GROUP, 7, ORDERS_0, new CommittedOffset(50, -1, "", 0, -1));
        offsets.pend(GROUP, 8, other, new CommittedOffset(60, -1, "", 0, -1));

        offsets.complete(7, GROUP, /* commit= */ true);

        assertThat(offsets.isPending(GROUP, ORDERS_0)).isFalse();
        assertThat(offsets.isPending(GROUP, other)).isTrue();
    }

    @Test
    void anotherBrokerIsNotTheCoordinator() {
        FakeKafka two = FakeKafka.builder().brokers(2).build();
        int coordinator = two.coordinators().partitionOf(CoordinatorType.GROUP, GROUP).leader();
        TestClient elsewhere = new TestClient(two, 3 - coordinator, "client");

        OffsetFetchResponse oldest = elsewhere.ask(OffsetRequests.fetch(GROUP, "orders", 0), 1);
        OffsetFetchResponse older = elsewhere.ask(OffsetRequests.fetch(GROUP, "orders", 0), 7);
        OffsetFetchResponse newer = elsewhere.ask(new OffsetFetchRequest().groups(List.of(OffsetRequests.of(GROUP, "orders", 0))), 8);

        assertThat(oldest.topics().get(0).partitions().get(0).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(older.errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(newer.groups().get(0).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
    }
}
