package dev.kafkaboot.client.releases;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse.ApiVersion;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeKafka;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The broker offers what the fake one takes for its release. */
interface VersionsContract extends OnOldBroker {

    /** Offered by brokers only that have a plug-in for them (KIP-714); the table of the fake has them nevertheless. */
    Set<String> OF_A_PLUG_IN = Set.of("71", "72");

    /** As the fake's table has it. */
    String release();

    @Test
    default void brokerOffersWhatTheTableOfTheFakeHas() {
        assertThat(text(offered(broker().net))).isEqualTo(Arrays.stream(line(release()).split(" ", -1))
                .filter(entry -> !OF_A_PLUG_IN.contains(entry.substring(0, entry.indexOf(':')))).collect(joining(" ")));
    }

    @Test
    default void fakeOffersWhatTheBrokerDoesAsFarAsTheProjectSpeaksIt() {
        Map<Short, ApiVersion> real = new TreeMap<>();
        offered(broker().net).forEach(api -> real.put(api.apiKey(), api));

        try (FakeKafkaServer fake = FakeKafkaServer.start(FakeKafka.builder().release(release()));
                ConnectionManager net = ConnectionManager.create(
                        ClientConfig.of(CommonConfig.KEYS, Map.of("bootstrap.servers", fake.bootstrapServers())))) {
            assertThat(offered(net)).isNotEmpty().allSatisfy(api -> assertThat(text(List.of(api))).isEqualTo(text(List.of(spoken(real, api.apiKey())))));
        }
    }

    private static List<ApiVersion> offered(ConnectionManager net) {
        return net.send(new ApiVersionsRequest().clientSoftwareName("test").clientSoftwareVersion("1")).join().apiKeys();
    }

    private static ApiVersion spoken(Map<Short, ApiVersion> real, short id) {
        ApiVersion api = Objects.requireNonNull(real.get(id), () -> "the broker has no API " + id);
        short highest = Objects.requireNonNull(ApiKey.forId(id)).highestVersion();
        return new ApiVersion().apiKey(id).minVersion(api.minVersion()).maxVersion((short) Math.min(api.maxVersion(), highest));
    }

    private static String text(List<ApiVersion> apis) {
        return apis.stream().sorted(Comparator.comparingInt(ApiVersion::apiKey))
                .map(api -> api.apiKey() + ":" + api.minVersion() + "-" + api.maxVersion()).collect(joining(" "));
    }

    private static String line(String release) {
        try (InputStream table = Objects.requireNonNull(FakeKafka.class.getResourceAsStream("api-versions.txt"))) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> line.startsWith(release + " ")).findFirst()
                    .orElseThrow().substring(release.length() + 1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
