package dev.kafkaboot.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@KafkaCluster
@Timeout(60)
class KafkaAdminClientTest {

    private static KafkaAdminClient admin(RealKafka kafka) {
        return KafkaAdminClient.builder().bootstrapServers(kafka.bootstrapServers()).build();
    }

    /** A broker hears of a topic a moment after the controller has made it. */
    private static void untilSeen(RealKafka kafka, String... topics) {
        try (ConnectionManager connections = ConnectionManager.connect(kafka.bootstrapServers())) {
            for (String topic : topics) {
                connections.metadata().topic(topic, Duration.ofSeconds(30)).join();
            }
        }
    }

    @Test
    void topicIsMadeAsItWasAskedForAndDescribedAsItWasMade(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            Map<String, CreatedTopic> created = admin.topics()
                    .create(NewTopic.of("admin-made").partitions(3).replicationFactor(1).config("retention.ms", "60000"))
                    .join();

            CreatedTopic topic = created.get("admin-made");
            assertThat(topic).isNotNull();
            assertThat(topic.partitions()).isEqualTo(3);
            assertThat(topic.replicationFactor()).isEqualTo(1);
            assertThat(topic.id()).isNotEqualTo(Uuid.ZERO);
            assertThat(topic.configs()).containsEntry("retention.ms", "60000");
            untilSeen(kafka, "admin-made");
            assertThat(admin.topics().describe(List.of("admin-made")).join().get("admin-made"))
                    .isNotNull()
                    .satisfies(described -> {
                        assertThat(described.id()).isEqualTo(topic.id());
                        assertThat(described.partitions()).hasSize(3).allSatisfy(partition ->
                                assertThat(partition.leader()).extracting(Node::id).isEqualTo(1));
                    });
        }
    }

    @Test
    void whatIsNotSaidOfANewTopicIsTheBrokersToChoose(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            CreatedTopic topic = admin.topics().create(NewTopic.of("admin-default")).join().get("admin-default");

            assertThat(topic).isNotNull();
            assertThat(topic.partitions()).isPositive();
            assertThat(topic.replicationFactor()).isEqualTo(1);
        }
    }

    @Test
    void topicThatFailsIsToldApartFromThoseThatWereMade(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            admin.topics().create(NewTopic.of("admin-there").partitions(1)).join();

            CompletableFuture<Map<String, CreatedTopic>> both = admin.topics().create(
                    NewTopic.of("admin-there").partitions(1), NewTopic.of("admin-new").partitions(1));

            assertThatThrownBy(both::join)
                    .cause()
                    .asInstanceOf(InstanceOfAssertFactories.type(TopicsException.class))
                    .satisfies(failure -> {
                        assertThat(failure.failures()).containsOnlyKeys("admin-there");
                        assertThat(failure.succeeded()).containsExactly("admin-new");
                        assertThat(failure.errorCode()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
                        assertThat(failure).hasMessageContaining("topic 'admin-there': TOPIC_ALREADY_EXISTS")
                                .hasMessageContaining("answered to CREATE_TOPICS by broker 1 (" + kafka.bootstrapServers() + ")");
                    });
        }
    }

    @Test
    void validatingMakesNothingAndTellsWhatWouldBeRefused(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            admin.topics().validate(List.of(NewTopic.of("admin-checked").partitions(2))).join();

            assertThat(admin.topics().list().join()).extracting(TopicListing::name).doesNotContain("admin-checked");
            assertThatThrownBy(() -> admin.topics().validate(List.of(NewTopic.of("admin-checked").replicationFactor(9))).join())
                    .cause()
                    .asInstanceOf(InstanceOfAssertFactories.type(KafkaException.class))
                    .extracting(KafkaException::errorCode)
                    .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        }
    }

    @Test
    void topicsAreListedInTheOrderOfTheirNames(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            admin.topics().create(NewTopic.of("admin-list-b").partitions(1), NewTopic.of("admin-list-a").partitions(1)).join();

            untilSeen(kafka, "admin-list-a", "admin-list-b");

            assertThat(admin.topics().list().join()).extracting(TopicListing::name).containsSubsequence("admin-list-a", "admin-list-b");
        }
    }

    @Test
    void deletedTopicIsGoneAndCannotBeDeletedAgain(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            admin.topics().create(NewTopic.of("admin-deleted").partitions(1)).join();

            admin.topics().delete("admin-deleted").join();

            assertThatThrownBy(() -> admin.topics().delete("admin-deleted").join())
                    .cause()
                    .asInstanceOf(InstanceOfAssertFactories.type(TopicsException.class))
                    .extracting(TopicsException::errorCode)
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }

    @Test
    void topicThatIsNotThereCannotBeDescribed(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            assertThatThrownBy(() -> admin.topics().describe(List.of("admin-missing")).join())
                    .hasMessageContaining("topic 'admin-missing': UNKNOWN_TOPIC_OR_PARTITION");
        }
    }

    @Test
    void clusterIsDescribed(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            ClusterDescription cluster = admin.cluster().describe().join();

            assertThat(cluster.clusterId()).isEqualTo(kafka.clusterId());
            assertThat(cluster.nodes()).singleElement().extracting(Node::address).isEqualTo(kafka.bootstrapServers());
            assertThat(cluster.controller()).isNotNull();
        }
    }

    @Test
    void futuresCompleteOffTheLoopSoThatACallbackMayAskAgain(RealKafka kafka) {
        try (KafkaAdminClient admin = admin(kafka)) {
            CompletableFuture<Integer> nested = admin.cluster().describe()
                    .thenApply(cluster -> admin.cluster().describe().join().nodes().size());

            assertThat(nested.join()).isEqualTo(1);
        }
    }

    @Test
    void operationThatReachesNoBrokerTellsWhatAndWhyWithinItsLimit() {
        try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers("127.0.0.1:1").build()) {
            assertThatThrownBy(() -> admin.topics().within(Duration.ofMillis(800)).create(NewTopic.of("any")).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TimeoutException.class)
                    .hasMessageContaining("127.0.0.1:1 refused the connection");
        }
    }

    @Test
    void closingASharedClientLeavesTheManagerOpenAndRefusesLaterCalls(RealKafka kafka) {
        try (ConnectionManager connections = ConnectionManager.connect(kafka.bootstrapServers())) {
            KafkaAdminClient first = KafkaAdminClient.builder().connections(connections).build();
            KafkaAdminClient second = KafkaAdminClient.builder().connections(connections).build();

            first.close();

            assertThatThrownBy(() -> first.cluster().describe().join()).hasCauseInstanceOf(ClientClosedException.class);
            assertThat(second.cluster().describe().join().nodes()).hasSize(1);
        }
    }

    @Test
    void wrongAddressesAreNamedAllTogether() {
        assertThatThrownBy(() -> KafkaAdminClient.builder().bootstrapServers("broker1,host:99999,::1:9092,good:9092").build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bootstrap.servers=broker1: it must be host:port")
                .hasMessageContaining("bootstrap.servers=host:99999: the port must be from 1 to 65535")
                .hasMessageContaining("bootstrap.servers=::1:9092: it must be host:port")
                .hasMessageNotContaining("good");
    }
}
