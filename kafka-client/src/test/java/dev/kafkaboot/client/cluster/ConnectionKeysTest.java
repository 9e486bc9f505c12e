package dev.kafkaboot.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.UserCredentials;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that is given connections leaves to them what concerns connections. No broker is needed. */
@Timeout(60)
class ConnectionKeysTest {

    interface Build {
        AutoCloseable with(ConnectionManager connections, Map<String, ?> config);
    }

    private final ConnectionManager connections = ConnectionManager.connect("127.0.0.1:1");

    @AfterEach
    void close() {
        connections.close();
    }

    static Stream<Named<Build>> clients() {
        return Stream.of(
                Named.of("producer", (shared, config) ->
                        KafkaProducer.builder(Serializers.string(), Serializers.string()).config(config).connections(shared).build()),
                Named.of("consumer", (shared, config) ->
                        KafkaConsumer.builder(Serializers.string(), Serializers.string()).connections(shared).config(config).build()),
                Named.of("admin", (shared, config) -> KafkaAdminClient.builder().config(config).connections(shared).build()));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void keysOfConnectionsAreRefusedTogetherWhereConnectionsAreGiven(Build build) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", "b:9092", "reconnect.backoff.ms", "10", "metadata.max.age.ms", Duration.ofSeconds(1), "retry.backoff.ms", "x");

        assertThatThrownBy(() -> build.with(connections, config))
                .asInstanceOf(InstanceOfAssertFactories.type(ConfigException.class))
                .satisfies(refused -> assertThat(refused.faults())
                        .extracting(ConfigException.Fault::key)
                        .containsExactlyInAnyOrder("retry.backoff.ms", "bootstrap.servers", "reconnect.backoff.ms", "metadata.max.age.ms"))
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .contains("set it where the ConnectionManager is made");
    }

    /** Credentials whose text has the password in it, as that of any record has. */
    private record Fixed(String userName, String password) implements CredentialsSource {

        @Override
        public UserCredentials credentials() {
            return UserCredentials.of(userName, password);
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void refusedCredentialsAreNotShown(Build build) {
        Map<String, Object> config = Map.of("sasl.credentials", new Fixed("billing", "hunter2"), "sasl.password", "hunter2");

        assertThatThrownBy(() -> build.with(connections, config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sasl.credentials=" + Fixed.class.getName())
                .hasMessageContaining("sasl.password=****")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void credentialsThatHaveNoEffectAreNotShown() {
        Map<String, Object> config = Map.of("bootstrap.servers", "127.0.0.1:1", "sasl.credentials", new Fixed("billing", "hunter2"));

        assertThatThrownBy(() -> ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, config)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sasl.credentials=" + Fixed.class.getName() + ": it has no effect without security.protocol")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void faultsOfNamesAreToldTogetherAndWithThoseOfTls() {
        Map<String, Object> config = Map.of("bootstrap.servers", "127.0.0.1:1", "client.dns.lookup", "resolve_canonical_bootstrap_servers_only",
                "address.map", "b:9092=localhost:19092", "proxy.url", "socks5://127.0.0.1:1", "proxy.bypass", "b",
                "security.protocol", "SSL", "ssl.truststore.location", "/nowhere/trust.p12");

        assertThatThrownBy(() -> ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, config)))
                .asInstanceOf(InstanceOfAssertFactories.type(ConfigException.class))
                .satisfies(refused -> assertThat(refused.faults()).extracting(ConfigException.Fault::toString).hasSize(3)
                        .anyMatch(fault -> fault.startsWith("client.dns.lookup") && fault.contains("address.map"))
                        .anyMatch(fault -> fault.startsWith("client.dns.lookup") && fault.contains("proxy.bypass"))
                        .anyMatch(fault -> fault.startsWith("ssl.truststore.location")));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void otherCommonKeysAreTheClientsOwn(Build build) throws Exception {
        Map<String, Object> config = Map.of("client.id", "mine", "client.rack", "a", "request.timeout.ms", "5000", "retry.backoff.ms", "7");

        try (AutoCloseable client = build.with(connections, config)) {
            assertThat(client).isNotNull();
        }
    }

    @Test
    void everyCommonKeyIsEitherTheClientsOrTheConnections() {
        Function<String, Boolean> ofConnections = name -> CommonConfig.CONNECTION_KEYS.stream().anyMatch(key -> key.name().equals(name));

        assertThat(CommonConfig.KEYS.stream().map(key -> key.name()).filter(name -> !ofConnections.apply(name)))
                .containsExactly(
                        "client.id", "client.rack", "default.api.timeout.ms", "request.timeout.ms", "retry.backoff.ms", "retry.backoff.max.ms",
                        "enable.metrics.push");
    }
}
