package dev.kafkaboot.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.DescribeClusterRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse.Coordinator;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeKafka;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {

    private static final MetadataRequest ALL_BROKERS = new MetadataRequest().topics(List.of());

    private final FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().brokers(3));
    private final FaultProxy proxy = FaultProxy.start(kafka.bootstrapServers());
    private SocketClient client;

    @BeforeEach
    void connects() throws IOException {
        client = new SocketClient(addresses().get(0));
        client.ask(ALL_BROKERS); // so that the proxy has taken the connection: one that only the kernel took is reset when the proxy listens no more
    }

    @AfterEach
    void ends() throws IOException {
        client.close();
        proxy.close();
        kafka.close();
    }

    private List<String> addresses() {
        return Arrays.asList(proxy.bootstrapServers().split(",", -1));
    }

    @Test
    void clientsOnlyLearnAddressesOfTheProxy() throws IOException {
        List<String> fromMetadata =
                client.ask(ALL_BROKERS).brokers().stream().map(broker -> broker.host() + ":" + broker.port()).toList();
        List<String> fromCluster =
                client.ask(new DescribeClusterRequest()).brokers().stream().map(broker -> broker.host() + ":" + broker.port()).toList();
        List<Coordinator> coordinators = client.ask(new FindCoordinatorRequest().coordinatorKeys(List.of("a-group"))).coordinators();

        assertThat(fromMetadata).containsExactlyElementsOf(addresses());
        assertThat(fromCluster).containsExactlyElementsOf(addresses());
        assertThat(coordinators).singleElement()
                .satisfies(found -> assertThat(addresses()).contains(found.host() + ":" + found.port()));
    }

    @Test
    void brokerThatIsAddedIsReachedThroughTheProxyAsWell() throws IOException {
        kafka.tell(cluster -> cluster.addBroker(4, "new", 9092, null));

        List<String> seen = client.ask(ALL_BROKERS).brokers().stream().map(broker -> broker.host() + ":" + broker.port()).toList();

        assertThat(seen).hasSize(4);
        assertThat(kafka.bootstrapServers()).doesNotContain(seen.get(3));
        try (SocketClient other = new SocketClient(seen.get(3))) {
            assertThat(other.ask(ALL_BROKERS).brokers()).hasSize(4);
        }
    }

    @Test
    void answerComesLaterThanTheDelay() throws IOException {
        proxy.toClient().delay(Duration.ofMillis(80));
        proxy.toBroker().delay(Duration.ofMillis(40));
        long start = System.nanoTime();

        client.ask(ALL_BROKERS);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
    }

    @Test
    void delaysOfRequestsUnderWayDoNotAddUp() throws IOException {
        proxy.toClient().delay(Duration.ofMillis(500));
        int count = 50;
        long start = System.nanoTime();

        for (int i = 0; i < count; i++) {
            client.send(ALL_BROKERS);
        }
        for (int i = 0; i < count; i++) {
            client.receive(ALL_BROKERS);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500L * count));
    }

    @Test
    void noMoreThanTheBandwidthGoesThrough() throws IOException {
        int bytes = frameBytes();
        proxy.toClient().bytesPerSecond(bytes * 5L);
        long start = System.nanoTime();

        client.ask(ALL_BROKERS);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(180));
    }

    private int frameBytes() throws IOException {
        client.send(ALL_BROKERS);
        int size = new DataInputStream(client.socket().getInputStream()).readInt();
        client.socket().getInputStream().readNBytes(size);
        return size + Integer.BYTES;
    }

    @Test
    void slicedBytesArriveWhole() throws IOException {
        proxy.toClient().slice(1);
        proxy.toBroker().slice(1);

        MetadataResponse answer = client.ask(ALL_BROKERS);

        assertThat(answer.brokers()).hasSize(3);
    }

    @Test
    void requestThatIsResetNeverReachesTheBroker() {
        proxy.on(ApiKey.METADATA).reset();

        assertThatThrownBy(() -> client.ask(new MetadataRequest()
                        .topics(List.of(new MetadataRequestTopic().name("orders")))
                        .allowAutoTopicCreation(true)))
                .isInstanceOf(IOException.class);

        assertThat(topics()).isEmpty();
    }

    @Test
    void responseThatIsResetWasDoneByTheBroker() {
        FrameRule rule = proxy.on(ApiKey.METADATA).responses().reset();

        assertThatThrownBy(() -> client.ask(new MetadataRequest()
                        .topics(List.of(new MetadataRequestTopic().name("orders")))
                        .allowAutoTopicCreation(true)))
                .isInstanceOf(IOException.class);

        assertThat(topics()).containsExactly("orders");
        assertThat(rule.hits()).isOne();
    }

    private List<String> topics() {
        try (SocketClient direct = new SocketClient(kafka.bootstrapServers().split(",", -1)[0])) {
            return direct.ask(new MetadataRequest().topics(null)).topics().stream().map(topic -> String.valueOf(topic.name())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void resetInTheMiddleShowsTheBeginning() throws IOException {
        proxy.on(ApiKey.METADATA).responses().resetAfter(7);
        client.send(ALL_BROKERS);

        byte[] begin = client.socket().getInputStream().readNBytes(7);

        assertThat(begin).hasSize(7);
        assertThatThrownBy(() -> {
            if (client.socket().getInputStream().read() < 0) {
                throw new SocketException("ended");
            }
        }).isInstanceOf(SocketException.class);
    }

    @Test
    void stalledAnswerGoesNoFurtherUntilItIsHealedByAReset() throws IOException {
        proxy.on(ApiKey.METADATA).responses().stallAfter(5);
        client.send(ALL_BROKERS);
        assertThat(client.socket().getInputStream().readNBytes(5)).hasSize(5);

        proxy.heal();

        assertThatThrownBy(() -> {
            if (client.socket().getInputStream().read() < 0) {
                throw new SocketException("ended");
            }
        }).isInstanceOf(SocketException.class);
    }

    @Test
    void ruleHitsOneKindOfFrameSoOften() throws IOException {
        FrameRule rule = proxy.on(ApiKey.DESCRIBE_CLUSTER).skip(1).times(1).reset();

        client.ask(ALL_BROKERS);
        client.ask(new DescribeClusterRequest());
        client.ask(ALL_BROKERS);
        assertThat(rule.hits()).isZero();

        assertThatThrownBy(() -> client.ask(new DescribeClusterRequest())).isInstanceOf(IOException.class);
        assertThat(rule.hits()).isOne();
        try (SocketClient again = new SocketClient(addresses().get(0))) {
            again.ask(new DescribeClusterRequest());
        }
        assertThat(rule.hits()).isOne();
    }

    @Test
    void somethingIsDoneWhenAFramePasses() throws IOException {
        AtomicInteger done = new AtomicInteger();
        proxy.on(ApiKey.METADATA).responses().before(done::incrementAndGet);

        client.ask(ALL_BROKERS);

        assertThat(done).hasValue(1);
    }

    @Test
    void droppedRequestIsNotAnsweredAndTheNextOneIs() throws IOException {
        proxy.on(ApiKey.METADATA).drop();
        client.send(ALL_BROKERS);

        assertThat(client.ask(new DescribeClusterRequest()).brokers()).hasSize(3);
    }

    @Test
    void halfClosedClientReadsItsLastAnswer() throws IOException {
        proxy.on(ApiKey.METADATA).responses().halfClose();

        assertThat(client.ask(ALL_BROKERS).brokers()).hasSize(3);
        assertThat(client.socket().getInputStream().read()).isNegative();
    }

    @Test
    void refusedConnectionsAreTakenAgain() throws IOException {
        String address = addresses().get(1);
        proxy.refuseConnections(true);
        assertThatThrownBy(() -> new SocketClient(address).close()).isInstanceOf(ConnectException.class);
        assertThat(client.ask(ALL_BROKERS).brokers()).as("what is open stays so").hasSize(3);

        proxy.refuseConnections(false);

        try (SocketClient again = new SocketClient(address)) {
            assertThat(again.ask(ALL_BROKERS).brokers()).hasSize(3);
        }
    }

    @Test
    void allConnectionsAreReset() throws IOException {
        client.ask(ALL_BROKERS);
        assertThat(proxy.connections()).isOne();

        proxy.resetConnections();

        assertThatThrownBy(() -> client.ask(ALL_BROKERS)).isInstanceOf(IOException.class);
        assertThat(proxy.connections()).isZero();
    }

    @Test
    void connectionsThatEndInOrderAreForgotten() throws IOException {
        client.ask(ALL_BROKERS);
        client.close();

        // The broker ends its side when it has seen the end of the client's: both are gone once a new connection was served.
        Stream.generate(proxy::connections).takeWhile(open -> open > 0).limit(Integer.MAX_VALUE).forEach(open -> Thread.onSpinWait());

        assertThat(proxy.connections()).isZero();
    }

    @Test
    void brokerThatIsDownIsAResetThroughTheProxy() {
        kafka.stopBroker(2);

        assertThatThrownBy(() -> {
            try (SocketClient other = new SocketClient(addresses().get(1))) {
                other.ask(ALL_BROKERS);
            }
        }).isInstanceOf(IOException.class);
    }
}
