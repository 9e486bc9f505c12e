package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import dev.kafkaboot.protocol.message.CreateTopicsRequest;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableTopic;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import dev.kafkaboot.protocol.message.CreateTopicsResponse.CreatableTopicConfigs;
import dev.kafkaboot.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that are created, grow and are deleted on an administrator's wish. */
class TopicAdminTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).defaultPartitions(4).replicationFactor(2).build();
    private final TestClient client = new TestClient(cluster, 2, "admin");

    private CreatableTopicResult create(CreatableTopic topic) {
        return client.ask(new CreateTopicsRequest().topics(List.of(topic))).topics().get(0);
    }

    private static CreatableTopic topic(String name) {
        return new CreatableTopic().name(name).numPartitions(2).replicationFactor((short) 1);
    }

    private static CreatableTopic assigned(String name, List<List<Integer>> replicas) {
        List<CreatableReplicaAssignment> assignments = new ArrayList<>();
        for (int i = 0; i < replicas.size(); i++) {
            assignments.add(new CreatableReplicaAssignment().partitionIndex(i).brokerIds(replicas.get(i)));
        }
        return new CreatableTopic().name(name).numPartitions(-1).replicationFactor((short) -1).assignments(assignments);
    }

    private static ErrorCode errorOf(CreatableTopicResult result) {
        return ErrorCode.forCode(result.errorCode());
    }

    private FakeTopic find(String name) {
        return Objects.requireNonNull(cluster.topics().find(name), name);
    }

    // ---- creating

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void aTopicIsCreated(int version) {
        CreatableTopicResult result =
                client.ask(new CreateTopicsRequest().topics(List.of(topic("orders"))), version).topics().get(0);

        assertThat(errorOf(result)).isEqualTo(ErrorCode.NONE);
        assertThat(find("orders").partitions()).hasSize(2);
        assertThat(result.topicId()).isEqualTo(version >= 7 ? find("orders").id() : Uuid.ZERO);
        assertThat(result.numPartitions()).isEqualTo(version >= 5 ? 2 : -1);
    }

    @Test
    void theClusterDecidesWhereNothingIsSaid() {
        CreatableTopicResult result = create(new CreatableTopic().name("orders").numPartitions(-1).replicationFactor((short) -1));

        assertThat(result.numPartitions()).isEqualTo(4);
        assertThat(result.replicationFactor()).isEqualTo((short) 2);
        assertThat(find("orders").partitions()).hasSize(4).allSatisfy(partition -> assertThat(partition.replicas()).hasSize(2));
    }

    @Test
    void configurationsAreKeptAndToldBesideTheDefaults() {
        CreatableTopicConfig compact = new CreatableTopicConfig().name("cleanup.policy").value("compact");

        CreatableTopicResult result = create(topic("orders").configs(List.of(compact)));

        assertThat(find("orders").configs()).containsExactly(Map.entry("cleanup.policy", "compact"));
        List<CreatableTopicConfigs> told = Objects.requireNonNull(result.configs());
        assertThat(told).filteredOn(config -> config.name().equals("cleanup.policy")).singleElement().satisfies(config -> {
            assertThat(config.value()).isEqualTo("compact");
            assertThat(config.configSource()).isEqualTo((byte) 1);
        });
        assertThat(told).filteredOn(config -> config.name().equals("retention.ms")).singleElement().satisfies(config -> {
            assertThat(config.value()).isEqualTo("604800000");
            assertThat(config.configSource()).isEqualTo((byte) 5);
        });
    }

    @Test
    void aConfigurationThatIsNotKnownOrNotRightIsRefused() {
        CreatableTopicConfig misspelt = new CreatableTopicConfig().name("retention.msec").value("1");
        CreatableTopicConfig wrong = new CreatableTopicConfig().name("retention.ms").value("a week");
        CreatableTopicConfig word = new CreatableTopicConfig().name("cleanup.policy").value("shred");
        CreatableTopicConfig none = new CreatableTopicConfig().name("retention.ms").value(null);

        for (CreatableTopicConfig config : List.of(misspelt, wrong, word, none)) {
            CreatableTopicResult result = create(topic("orders").configs(List.of(config)));
            assertThat(errorOf(result)).isEqualTo(ErrorCode.INVALID_CONFIG);
            assertThat(result.errorMessage()).contains(config.name());
        }
    }

    @Test
    void aTopicIsPlacedWhereItIsSaid() {
        CreatableTopicResult result = create(assigned("orders", List.of(List.of(3, 1), List.of(2, 3))));

        assertThat(errorOf(result)).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(3);
        assertThat(cluster.leaderOf("orders", 1)).isEqualTo(2);
        assertThat(find("orders").partitions().get(0).replicas()).containsExactly(3, 1);
    }

    @Test
    void anAssignmentMustBePossible() {
        assertThat(errorOf(create(assigned("a", List.of(List.of(1, 1)))))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(create(assigned("b", List.of(List.of(9)))))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(create(assigned("c", List.of(List.of(1), List.of(1, 2)))))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(create(assigned("d", List.of(List.of(1))).numPartitions(1)))).isEqualTo(ErrorCode.INVALID_REQUEST);
        CreatableTopic gap = assigned("e", List.of(List.of(1)));
        gap.assignments().get(0).partitionIndex(1);
        assertThat(errorOf(create(gap))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(cluster.allTopics()).isEmpty();
    }

    @Test
    void numbersMustBePossible() {
        assertThat(errorOf(create(topic("a").numPartitions(0)))).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(errorOf(create(topic("a").numPartitions(-2)))).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(errorOf(create(topic("a").replicationFactor((short) 0)))).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(errorOf(create(topic("a").replicationFactor((short) 4)))).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "with space", "slash/es", "ümlaut"})
    void aNameMustBeOne(String name) {
        assertThat(errorOf(create(topic(name)))).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void aNameMayNotBeTakenOrTooLongOrTooAlike() {
        create(topic("my.topic"));

        assertThat(errorOf(create(topic("my.topic")))).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        assertThat(errorOf(create(topic("my_topic")))).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(errorOf(create(topic("x".repeat(250))))).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(errorOf(create(topic("x".repeat(249))))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aNameThatIsGivenTwiceIsRefusedOnce() {
        List<CreatableTopicResult> results = client.ask(new CreateTopicsRequest().topics(List.of(topic("a"), topic("a"), topic("b")))).topics();

        assertThat(results)
                .extracting(TopicAdminTest::errorOf)
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.NONE);
    }

    @Test
    void validationCreatesNothing() {
        CreatableTopicResult result = client.ask(new CreateTopicsRequest().topics(List.of(topic("orders"))).validateOnly(true)).topics().get(0);

        assertThat(errorOf(result)).isEqualTo(ErrorCode.NONE);
        assertThat(result.numPartitions()).isEqualTo(2);
        assertThat(cluster.allTopics()).isEmpty();
    }

    // ---- growing

    private ErrorCode grow(CreatePartitionsTopic topic, boolean validateOnly) {
        CreatePartitionsRequest request = new CreatePartitionsRequest().topics(List.of(topic)).validateOnly(validateOnly);
        return ErrorCode.forCode(client.ask(request).results().get(0).errorCode());
    }

    private static CreatePartitionsTopic growth(String name, int count) {
        return new CreatePartitionsTopic().name(name).count(count).assignments(null);
    }

    @Test
    void aTopicGrows() {
        create(topic("orders"));

        ErrorCode validated = grow(growth("orders", 5), /* validateOnly= */ true);
        int then = find("orders").partitions().size();
        ErrorCode grown = grow(growth("orders", 5), /* validateOnly= */ false);

        assertThat(validated).isEqualTo(ErrorCode.NONE);
        assertThat(then).isEqualTo(2);
        assertThat(grown).isEqualTo(ErrorCode.NONE);
        assertThat(find("orders").partitions()).hasSize(5);
    }

    @Test
    void aTopicGrowsWhereItIsSaid() {
        create(topic("orders"));
        CreatePartitionsAssignment third = new CreatePartitionsAssignment().brokerIds(List.of(3));

        ErrorCode grown = grow(growth("orders", 3).assignments(List.of(third)), /* validateOnly= */ false);
        ErrorCode tooMany = grow(growth("orders", 4).assignments(List.of(third, third)), /* validateOnly= */ false);

        assertThat(grown).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.leaderOf("orders", 2)).isEqualTo(3);
        assertThat(tooMany).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void aTopicDoesNotShrink() {
        create(topic("orders"));

        assertThat(grow(growth("orders", 2), /* validateOnly= */ false)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(grow(growth("orders", 1), /* validateOnly= */ false)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(grow(growth("nothing", 1), /* validateOnly= */ false)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    // ---- deleting

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void topicsAreDeletedByName(int version) {
        create(topic("orders"));

        List<DeletableTopicResult> results = client.ask(new DeleteTopicsRequest().topicNames(List.of("orders", "nothing")), version).responses();

        assertThat(results)
                .extracting(DeletableTopicResult::errorCode)
                .containsExactly(ErrorCode.NONE.code(), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(cluster.allTopics()).isEmpty();
    }

    @Test
    void topicsAreDeletedByIdFromVersionSix() {
        create(topic("orders"));
        create(topic("returns"));
        Uuid id = find("orders").id();
        List<DeleteTopicState> asked = List.of(
                new DeleteTopicState().name(null).topicId(id), new DeleteTopicState().name(null).topicId(new Uuid(1, 2)),
                new DeleteTopicState().name("returns"));

        List<DeletableTopicResult> results = client.ask(new DeleteTopicsRequest().topics(asked), 6).responses();

        assertThat(results)
                .extracting(DeletableTopicResult::errorCode)
                .containsExactly(ErrorCode.NONE.code(), ErrorCode.UNKNOWN_TOPIC_ID.code(), ErrorCode.NONE.code());
        assertThat(results).extracting(DeletableTopicResult::name).containsExactly("orders", null, "returns");
        assertThat(cluster.allTopics()).isEmpty();
    }
}
