package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ReleasesTest {

    @Test
    void tableSaysWhatApachesOwnClassesSay() throws IOException {
        String version = apachesVersion();
        Map<Short, Releases.Range> ranges = Releases.of(version.substring(0, version.lastIndexOf('.')));

        for (ApiKeys key : ApiKeys.apisForListener(ListenerType.BROKER)) {
            short lowest = key == ApiKeys.PRODUCE ? 0 : key.oldestVersion();
            assertThat(ranges.get(key.id)).as("%s", key).isEqualTo(new Releases.Range(lowest, key.latestVersion(/* enableUnstableLastVersion= */ false)));
        }
        assertThat(ranges).hasSameSizeAs(ApiKeys.apisForListener(ListenerType.BROKER));
    }

    private static String apachesVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(ApiKeys.class.getResourceAsStream("/kafka/kafka-version.properties"))) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    @Test
    void eachReleaseIsUnderstood() {
        for (String release : Releases.all()) {
            assertThat(Releases.of(release)).as(release).containsKeys(ApiKey.PRODUCE.id(), ApiKey.FETCH.id(), ApiKey.API_VERSIONS.id());
        }
    }

    @Test
    void unknownReleaseIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> FakeKafka.builder().release("1.0").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'1.0'")
                .hasMessageContaining("2.1");
    }

    @Test
    void brokerOffersWhatItsReleaseOffers() {
        FakeKafka cluster = FakeKafka.builder().brokers(2).release("2.8").build();
        cluster.broker(2).speakAs("4.3");

        assertThat(highest(cluster, 1, ApiKey.METADATA)).isEqualTo((short) 11);
        assertThat(highest(cluster, 2, ApiKey.METADATA)).isEqualTo((short) 13);
    }

    @Test
    void requestInAVersionThatIsNotOfferedEndsTheConnection() {
        FakeKafka cluster = FakeKafka.builder().release("2.8").build();
        TestClient client = new TestClient(cluster, 1);

        client.send(new MetadataRequest(), 12);

        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void apiVersionsInAVersionThatIsNotOfferedIsAnsweredWithWhatIs() {
        FakeKafka cluster = FakeKafka.builder().release("2.1").build();
        RawAnswer peer = new RawAnswer();
        FakeConnection connection = cluster.connect(1, peer);

        Frame.encode(
                        new ApiVersionsRequest().clientSoftwareName("test").clientSoftwareVersion("1"), (short) 4, 1, "test")
                .forEach(connection::receive);

        ApiVersionsResponse answer = new ApiVersionsResponse();
        Reader in = peer.reader();
        in.readInt();
        Frame.readResponseHeader(in, ApiKey.API_VERSIONS, (short) 0);
        answer.read(in, (short) 0);
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
        assertThat(answer.apiKeys()).filteredOn(api -> api.apiKey() == ApiKey.API_VERSIONS.id()).singleElement()
                .satisfies(api -> assertThat(api.maxVersion()).isEqualTo((short) 2));
    }

    private static short highest(FakeKafka cluster, int broker, ApiKey api) {
        return new TestClient(cluster, broker)
                .ask(new ApiVersionsRequest().clientSoftwareName("test").clientSoftwareVersion("1"), 0)
                .apiKeys().stream()
                .filter(spoken -> spoken.apiKey() == api.id())
                .findFirst().orElseThrow().maxVersion();
    }

    private static final class RawAnswer implements Peer {

        private ByteBuffer bytes = ByteBuffer.allocate(0);

        @Override
        public void send(ByteBuffer sent) {
            bytes = sent;
        }

        @Override
        public void close() {}

        Reader reader() {
            return new Reader(bytes);
        }
    }
}
