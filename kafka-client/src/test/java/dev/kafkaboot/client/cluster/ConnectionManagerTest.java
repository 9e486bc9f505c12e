package dev.kafkaboot.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.UnknownTopicException;
import dev.kafkaboot.client.net.BrokerState;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.DescribeClusterRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@KafkaCluster
@Timeout(60)
class ConnectionManagerTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void sendsAnyMessageInTheVersionThatBothSidesKnow(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            MetadataResponse reply = net.send(new MetadataRequest()).join();

            assertThat(reply.brokers()).hasSize(1);
            assertThat(reply.clusterId()).isEqualTo(kafka.clusterId());
            assertThat(net.send(new DescribeClusterRequest()).join().clusterId()).isEqualTo(kafka.clusterId());
        }
    }

    @Test
    void makingOneNeedsNoBroker() {
        try (ConnectionManager net = ConnectionManager.connect("localhost:1")) {
            assertThat(net.state()).isEmpty();
            assertThat(net.metadata().snapshot().isEmpty()).isTrue();
        }
    }

    @Test
    void requestsToOneBrokerAreAnsweredThoughManyAreUnderWay(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            List<CompletableFuture<ApiVersionsResponse>> replies = new ArrayList<>();

            for (int i = 0; i < 2_000; i++) {
                replies.add(net.send(new ApiVersionsRequest().clientSoftwareName("test").clientSoftwareVersion("1"), 1));
            }

            assertThat(replies).allSatisfy(reply -> assertThat(ErrorCode.forCode(reply.join().errorCode())).isEqualTo(ErrorCode.NONE));
        }
    }

    @Test
    void brokerThatIsNotInTheClusterIsNamed(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            assertThatThrownBy(() -> net.send(new MetadataRequest(), 77).join())
                    .hasMessageContaining("broker 77 is not known")
                    .hasMessageContaining(kafka.bootstrapServers());
        }
    }

    @Test
    void stateTellsTheBrokersOfTheClusterAndThatTheyAreConnected(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            net.metadata().refresh().join();
            net.send(new MetadataRequest(), 1).join();

            assertThat(net.state()).singleElement().satisfies(state -> {
                assertThat(state.broker().id()).isEqualTo(1);
                assertThat(state.isConnected()).isTrue();
                assertThat(state.lastError()).isNull();
            });
        }
    }

    @Test
    void stateAndErrorNameEachServerWithItsLastCause() {
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, Map.of(
                CommonConfig.BOOTSTRAP_SERVERS.name(), "127.0.0.1:1,no..where:9092",
                CommonConfig.DEFAULT_API_TIMEOUT.name(), 1_500));
        try (ConnectionManager net = ConnectionManager.create(config)) {
            assertThatThrownBy(() -> net.send(new MetadataRequest()).get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("No broker could be reached within 1.5 s")
                    .hasMessageContaining("127.0.0.1:1 refused the connection (")
                    .hasMessageContaining("attempts)")
                    .hasMessageContaining("no..where:9092 cannot be resolved");
            assertThat(net.state()).hasSize(2).allMatch(BrokerState::isFailed);
        }
    }

    @Test
    void topicIsFoundWithItsPartitionsAndLeaders(RealKafka kafka) {
        kafka.createTopic("metadata-found", 3);
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            TopicInfo topic = net.metadata().topic("metadata-found", LIMIT).join();

            assertThat(topic.partitionCount()).isEqualTo(3);
            assertThat(topic.id()).isNotEqualTo(Uuid.ZERO);
            assertThat(topic.partitions()).allSatisfy(partition -> {
                assertThat(partition.leader()).extracting(Node::id).isEqualTo(1);
                assertThat(partition.leaderEpoch()).isNotNegative();
            });
        }
    }

    @Test
    void topicThatComesIntoBeingIsSeenByWhoWaitsForIt(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            CompletableFuture<TopicInfo> topic = net.metadata().topic("metadata-later", LIMIT);
            net.metadata().refresh().join();
            assertThat(topic).isNotDone();

            kafka.createTopic("metadata-later", 1);

            assertThat(topic.join().partitionCount()).isEqualTo(1);
        }
    }

    @Test
    void topicThatIsNotThereIsAnErrorAfterTheLimit(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            net.metadata().refresh().join();

            assertThatThrownBy(() -> net.metadata().topic("metadata-missing", Duration.ofMillis(700)).join())
                    .hasCauseInstanceOf(UnknownTopicException.class)
                    .hasMessageContaining("The cluster has no topic 'metadata-missing'");
        }
    }

    @Test
    void topicWhoseNameIsNotAllowedIsAnErrorAtOnce(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            assertThatThrownBy(() -> net.metadata().topic("not a topic", LIMIT).join())
                    .hasMessageContaining("does not allow the name of topic 'not a topic'");
        }
    }

    @Test
    void askingDoesNotMakeATopicUnlessItMay(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            net.metadata().watch("metadata-not-made");
            CompletableFuture<TopicInfo> made = net.metadata().topic("metadata-made", LIMIT, /* autoCreate= */ true);

            assertThat(made.join().isKnown()).isTrue();
            net.metadata().refresh().join();
            assertThat(net.metadata().snapshot().topic("metadata-not-made")).isNotNull()
                    .extracting(TopicInfo::error).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }

    @Test
    void coordinatorOfAGroupIsFound(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            CompletableFuture<Node> found = net.handOver(() -> net.coordinators().find(CoordinatorType.GROUP, "some-group", LIMIT));

            assertThat(found.join().address()).isEqualTo(kafka.bootstrapServers());
        }
    }

    @Test
    void closingFailsWhatIsWaitingAndRefusesWhatComesLater() {
        ConnectionManager net = ConnectionManager.connect("localhost:1");
        CompletableFuture<MetadataResponse> waiting = net.send(new MetadataRequest());
        CompletableFuture<TopicInfo> topic = net.metadata().topic("any", LIMIT);

        net.close();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(ClientClosedException.class);
        assertThatThrownBy(topic::join).hasCauseInstanceOf(ClientClosedException.class);
        assertThatThrownBy(() -> net.send(new MetadataRequest()).join()).hasCauseInstanceOf(ClientClosedException.class);
        assertThat(net.loop().isRunning()).isFalse();
    }

    @Test
    void closingALoopThatIsSharedFailsTheManagerOnIt() {
        EventLoop loop = EventLoop.start("shared");
        ConnectionManager net = ConnectionManager.create(
                ClientConfig.of(CommonConfig.KEYS, Map.of(CommonConfig.BOOTSTRAP_SERVERS.name(), "localhost:1")), loop);
        CompletableFuture<MetadataResponse> waiting = net.send(new MetadataRequest());

        loop.close();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(ClientClosedException.class);
    }

    @Test
    void closingAClientLeavesAManagerThatItWasGivenOpen(RealKafka kafka) {
        try (ConnectionManager net = ConnectionManager.connect(kafka.bootstrapServers())) {
            ClientConnections client = net.register("one");

            client.close(LIMIT);

            assertThat(net.send(new MetadataRequest()).join().brokers()).hasSize(1);
        }
    }
}
