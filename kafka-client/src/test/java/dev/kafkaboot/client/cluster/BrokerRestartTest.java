package dev.kafkaboot.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.BrokerState;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@KafkaCluster(brokers = 3, shared = false)
@Timeout(180)
class BrokerRestartTest {

    private static ConnectionManager connect(String bootstrapServers) {
        return ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, Map.of(
                CommonConfig.BOOTSTRAP_SERVERS.name(), bootstrapServers,
                CommonConfig.REQUEST_TIMEOUT.name(), 3_000)));
    }

    @Test
    void brokerThatWasKilledAndCameBackIsReachedAgain(RealKafka kafka) {
        try (ConnectionManager net = connect(kafka.bootstrapServers())) {
            net.metadata().refresh().join();
            net.send(new MetadataRequest(), 2).join();

            kafka.broker(2).kill();
            assertThatThrownBy(() -> net.send(new MetadataRequest(), 2,
                    RequestOptions.of(ConnectionClass.GENERAL, Duration.ofSeconds(5))).get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("broker 2 (" + kafka.broker(2).address() + ")");
            assertThat(net.state()).filteredOn(state -> state.broker().id() == 2).allMatch(BrokerState::isFailed);
            assertThat(net.send(new MetadataRequest()).join().brokers()).isNotEmpty(); // the others still answer

            kafka.broker(2).start();

            assertThat(net.send(new MetadataRequest(), 2).join().brokers()).isNotEmpty();
        }
    }

    @Test
    void leaderThatMovedIsSeenWithAHigherEpoch(RealKafka kafka) {
        kafka.createTopic("restart-leader", 3, 3, Map.of());
        try (ConnectionManager net = connect(kafka.bootstrapServers())) {
            net.metadata().watch("restart-leader");
            TopicInfo before = net.metadata().topic("restart-leader", Duration.ofSeconds(20)).join();
            int leader = before.partitions().stream().map(partition -> partition.leader()).filter(node -> node != null)
                    .mapToInt(Node::id).findFirst().orElseThrow();
            CompletableFuture<ClusterSnapshot> moved = new CompletableFuture<>();
            net.metadata().addListener((old, now) -> {
                TopicInfo topic = now.topic("restart-leader");
                if (topic != null && topic.partitions().stream().allMatch(
                        partition -> partition.leader() != null && partition.leader().id() != leader)) {
                    moved.complete(now);
                }
            });

            kafka.broker(leader).kill();
            CompletableFuture<ClusterSnapshot> seen = moved;
            while (!net.loop().await(seen, Duration.ofMillis(200))) {
                net.metadata().requestRefresh();
            }

            TopicInfo after = seen.join().topic("restart-leader");
            assertThat(after).isNotNull();
            assertThat(after.id()).isEqualTo(before.id());
            for (int i = 0; i < 3; i++) {
                assertThat(after.partitions().get(i).leaderEpoch()).isGreaterThanOrEqualTo(before.partitions().get(i).leaderEpoch());
            }
            kafka.broker(leader).start();
        }
    }

    @Test
    void clusterThatIsGoneIsFoundAgainFromTheBootstrapAddresses(RealKafka kafka) {
        String addresses = kafka.bootstrapServers();
        try (ConnectionManager net = connect(addresses)) {
            net.metadata().refresh().join();
            kafka.brokers().forEach(broker -> broker.kill());
            assertThatThrownBy(() -> net.metadata().refresh(Duration.ofSeconds(3)).join())
                    .hasMessageContaining("No broker could be reached within 3 s")
                    .hasMessageContaining(List.of(addresses.split(",")).get(0));

            kafka.brokers().parallelStream().forEach(broker -> broker.start());

            assertThat(net.metadata().refresh().join().nodes()).isNotEmpty();
        }
    }

    @Test
    void brokerThatHangsCostsARequestsTimeAndTheNextOneIsAskedInstead(RealKafka kafka) {
        try (ConnectionManager net = connect(kafka.bootstrapServers())) {
            net.metadata().refresh().join();
            net.send(new MetadataRequest(), 1).join();
            kafka.broker(1).pause();
            try {
                assertThatThrownBy(() -> net.send(new MetadataRequest(), 1,
                        RequestOptions.of(ConnectionClass.GENERAL, Duration.ofSeconds(1))).join())
                        .hasMessageContaining("was not answered within 1 s");

                assertThat(net.metadata().refresh().join().nodes()).isNotEmpty();
            } finally {
                kafka.broker(1).resume();
            }
        }
    }
}
