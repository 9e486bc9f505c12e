package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse.Coordinator;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is named as the coordinator of groups, transactions and share groups. */
class FindCoordinatorTest {

    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();
    private final TestClient client = new TestClient(cluster, 1, "client");

    /** The partitions in these tests are what Apache's broker computes: the absolute value of the key's Java hash, modulo 50. */
    private int leaderOfGroupPartition(int partition) {
        return cluster.leaderOf("__consumer_offsets", partition);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void oneKeyIsAnsweredAtTheTop(int version) {
        FindCoordinatorResponse response = client.ask(new FindCoordinatorRequest().key("billing"), version);

        int leader = leaderOfGroupPartition(9);
        assertThat(response.errorCode()).isZero();
        assertThat(response.nodeId()).isEqualTo(leader);
        assertThat(response.host()).isEqualTo("broker-" + leader);
        assertThat(response.port()).isEqualTo(9092);
    }

    @Test
    void severalKeysAreAnsweredEach() {
        List<String> keys = List.of("billing", "shipping", "audit");

        FindCoordinatorResponse response = client.ask(new FindCoordinatorRequest().keyType(GROUP).coordinatorKeys(keys), 4);

        assertThat(response.coordinators()).extracting(Coordinator::key).containsExactlyElementsOf(keys);
        assertThat(response.coordinators())
                .extracting(Coordinator::nodeId)
                .containsExactly(leaderOfGroupPartition(9), leaderOfGroupPartition(8), leaderOfGroupPartition(5));
    }

    @Test
    void transactionsHaveCoordinatorsOfTheirOwn() {
        FindCoordinatorResponse response =
                client.ask(new FindCoordinatorRequest().keyType(TRANSACTION).coordinatorKeys(List.of("tx-1")), 4);

        Coordinator coordinator = response.coordinators().get(0);
        assertThat(coordinator.nodeId()).isEqualTo(cluster.leaderOf("__transaction_state", 20));
    }

    @Test
    void shareGroupsAreKnownFromVersionSix() {
        FindCoordinatorRequest request = new FindCoordinatorRequest().keyType(SHARE).coordinatorKeys(List.of("group:topic:0"));

        FindCoordinatorResponse older = client.ask(request, 5);
        FindCoordinatorResponse newer = client.ask(request, 6);

        assertThat(older.coordinators().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(newer.coordinators().get(0).errorCode()).isZero();
    }

    @Test
    void aKeyTypeThatIsNotKnownIsRefused() {
        FindCoordinatorResponse response = client.ask(new FindCoordinatorRequest().keyType((byte) 9).key("billing"), 3);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(response.nodeId()).isEqualTo(-1);
    }

    @Test
    void thereIsNoneWhileThePartitionHasNoLeader() {
        FakeKafka lonely = FakeKafka.builder().brokers(2).replicationFactor(1).build();
        TestClient any = new TestClient(lonely, 1, "client");
        String key = keyLedBy(lonely, 2);

        lonely.broker(2).stop();
        FindCoordinatorResponse without = any.ask(new FindCoordinatorRequest().key(key), 3);
        lonely.broker(2).start();
        FindCoordinatorResponse with = any.ask(new FindCoordinatorRequest().key(key), 3);

        assertThat(without.errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(with.errorCode()).isZero();
        assertThat(with.nodeId()).isEqualTo(2);
    }

    @Test
    void theTopicIsMarkedAsInternal() {
        client.ask(new FindCoordinatorRequest().key("billing"), 3);

        MetadataResponse metadata = client.ask(new MetadataRequest().topics(null));

        assertThat(metadata.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("__consumer_offsets");
            assertThat(topic.isInternal()).isTrue();
            assertThat(topic.partitions()).hasSize(50);
        });
    }

    @Test
    void anInternalTopicThatSomebodyMadeSmallerIsTakenAsItIs() {
        cluster.createTopic("__consumer_offsets", 1);

        FindCoordinatorResponse response = client.ask(new FindCoordinatorRequest().coordinatorKeys(List.of("billing", "shipping")));

        assertThat(response.coordinators()).extracting(Coordinator::nodeId).containsOnly(leaderOfGroupPartition(0));
    }

    private static String keyLedBy(FakeKafka cluster, int broker) {
        for (int i = 0; ; i++) {
            FakeBroker found = cluster.coordinators().find(CoordinatorType.GROUP, "group-" + i);
            if (found != null && found.id() == broker) {
                return "group-" + i;
            }
        }
    }
}
