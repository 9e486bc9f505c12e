package dev.kafkaboot.client.cluster;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.BrokerState;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the bootstrap servers are asked again (KIP-899, KIP-1102, KIP-1242), and when not. */
@Timeout(60)
class StartingAnewTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AtomicInteger bootstrapAsked = new AtomicInteger();

    private static LoopbackServer serving(Supplier<MetadataResponse> answer) {
        return LoopbackServer.start((socket, number) -> {
            negotiate(socket);
            while (true) {
                write(socket, frame(read(socket), answer.get()));
            }
        });
    }

    /** Answers nothing but which versions it speaks, and gives each connection up. */
    private static LoopbackServer mute() {
        return LoopbackServer.start((socket, number) -> {
            negotiate(socket);
            read(socket);
        });
    }

    private static MetadataResponse naming(String clusterId, int brokerId, int port) {
        return new MetadataResponse().clusterId(clusterId).controllerId(brokerId).brokers(List.of(
                new MetadataResponseBroker().nodeId(brokerId).host("127.0.0.1").port(port)));
    }

    private static ConnectionManager connect(LoopbackServer bootstrap, String... more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:" + bootstrap.port(), "request.timeout.ms", "5000"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, config));
    }

    @Test
    void bootstrapServersAreAskedWhenKnownBrokersAcceptConnectionsButTellNothingForTooLong() throws IOException {
        try (LoopbackServer mute = mute();
                LoopbackServer bootstrap = serving(() -> naming("c", bootstrapAsked.incrementAndGet(), mute.port()));
                ConnectionManager net = connect(bootstrap, "metadata.recovery.rebootstrap.trigger.ms", "0")) {
            assertThat(net.metadata().refresh(LIMIT).join().nodes()).extracting(Node::id).containsExactly(1);

            assertThat(net.metadata().refresh(LIMIT).join().nodes()).extracting(Node::id).containsExactly(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"rebootstrap, 2", "none, 1"})
    void bootstrapServersAreAskedWhenNoKnownBrokerCanBeReachedUnlessTheStrategyForbidsIt(String strategy, int times) throws IOException {
        LoopbackServer gone = mute();
        gone.close();
        try (LoopbackServer bootstrap = serving(() -> naming("c", bootstrapAsked.incrementAndGet(), gone.port()));
                ConnectionManager net = connect(bootstrap, "metadata.recovery.strategy", strategy)) {
            net.metadata().refresh(LIMIT).join();

            if (times > 1) {
                assertThat(net.metadata().refresh(LIMIT).join().nodes()).extracting(Node::id).containsExactly(2);
            } else {
                assertThatThrownBy(() -> net.metadata().refresh(Duration.ofMillis(500)).join())
                        .hasMessageContaining("No broker could be reached within 500 ms: broker 1 (127.0.0.1:" + gone.port() + ") refused the connection");
            }
            assertThat(bootstrapAsked).hasValue(times);
        }
    }

    @Test
    void brokerWhoseAddressIsAnotherClustersIsFoundOutAndNotBelieved() throws IOException {
        AtomicInteger port = new AtomicInteger();
        AtomicInteger strangerAsked = new AtomicInteger();
        Supplier<MetadataResponse> stranger = () -> {
            strangerAsked.incrementAndGet();
            return naming("theirs", 1, port.get());
        };
        try (LoopbackServer theirs = serving(stranger); LoopbackServer ours = serving(() -> naming("ours", 2, port.get()))) {
            port.set(theirs.port());
            try (LoopbackServer bootstrap = serving(() -> bootstrapAsked.getAndIncrement() == 0
                            ? naming("ours", 1, theirs.port()) : naming("ours", 2, ours.port()));
                    ConnectionManager net = connect(bootstrap)) {
                net.metadata().refresh(LIMIT).join();

                ClusterSnapshot after = net.metadata().refresh(LIMIT).join();

                assertThat(strangerAsked).hasValue(1);
                assertThat(after.clusterId()).isEqualTo("ours");
                assertThat(after.nodes()).extracting(Node::id).containsExactly(2);
                assertThat(net.state()).extracting(BrokerState::broker).extracting(Node::id).doesNotContain(1);
            }
        }
    }

    @Test
    void clusterThatTheBootstrapServersNameNowIsBelievedThoughItIsAnother() throws IOException {
        LoopbackServer gone = mute();
        gone.close();
        AtomicInteger port = new AtomicInteger();
        try (LoopbackServer bootstrap = serving(() -> bootstrapAsked.getAndIncrement() == 0
                        ? naming("old", 1, gone.port()) : naming("new", 2, port.get()));
                ConnectionManager net = connect(bootstrap)) {
            port.set(bootstrap.port());
            net.metadata().refresh(LIMIT).join();

            assertThat(net.metadata().refresh(LIMIT).join().clusterId()).isEqualTo("new");
            assertThat(net.send(new MetadataRequest(), 2).join().clusterId()).isEqualTo("new");
        }
    }

    @Test
    void withoutTheCheckAKnownBrokerIsBelievedWhateverItsCluster() throws IOException {
        AtomicInteger port = new AtomicInteger();
        try (LoopbackServer theirs = serving(() -> naming("theirs", 1, port.get()));
                LoopbackServer bootstrap = serving(() -> naming("ours", 1, port.get()));
                ConnectionManager net = connect(bootstrap, "metadata.cluster.check.enable", "false")) {
            port.set(theirs.port());
            net.metadata().refresh(LIMIT).join();

            assertThat(net.metadata().refresh(LIMIT).join().clusterId()).isEqualTo("theirs");
        }
    }
}
