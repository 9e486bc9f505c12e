package dev.kafkaboot.client.net.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Apache's broker, with Apache's client beside. */
@Timeout(120)
class RealBrokerSaslTest {

    private static @Nullable SaslBroker started;

    @BeforeAll
    static void start() throws Exception {
        started = new SaslBroker();
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
    }

    private static SaslBroker broker() {
        return Objects.requireNonNull(started);
    }

    private static @Nullable String clusterSeen(Map<String, Object> config) throws Exception {
        try (ConnectionManager net = SaslBroker.connect(config)) {
            return net.send(new MetadataRequest()).get(30, TimeUnit.SECONDS).clusterId();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, alice, s3cret", "PLAIN, bob, 't0p,=!'", "SCRAM-SHA-256, alice, s3cret", "SCRAM-SHA-512, alice, s3cret",
        "SCRAM-SHA-512, 'a=b,c', 't0p,=\u00e9'"
    })
    void userIsLetInAsApachesClientIs(String mechanism, String userName, String password) throws Exception {
        Map<String, Object> config = broker().config(SaslBroker.ALL, mechanism, userName, password);

        assertThat(clusterSeen(config)).isEqualTo(broker().kafka.clusterId());
        try (Admin apaches = Admin.create(config)) {
            assertThat(apaches.describeCluster().clusterId().get()).isEqualTo(broker().kafka.clusterId());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, alice, wr0ng, Invalid username or password", "PLAIN, mallory, wr0ng, Invalid username or password",
        "SCRAM-SHA-256, alice, wr0ng, invalid credentials", "SCRAM-SHA-256, mallory, wr0ng, invalid credentials",
        "SCRAM-SHA-512, alice, wr0ng, invalid credentials"
    })
    void wrongCredentialsFailAtOnceWithTheBrokersReason(String mechanism, String userName, String password, String reason) {
        Map<String, Object> config = broker().config(SaslBroker.ALL, mechanism, userName, password);

        assertThatThrownBy(() -> clusterSeen(config))
                .hasCauseInstanceOf(AuthenticationException.class)
                .hasMessageContaining("refused " + mechanism + " for user '" + userName + "'")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("wr0ng");
        try (Admin apaches = Admin.create(config)) {
            assertThatThrownBy(() -> apaches.describeCluster().nodes().get()).hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    @Test
    void mechanismThatIsNotEnabledIsToldWithThoseThatAre() {
        assertThatThrownBy(() -> clusterSeen(broker().config(SaslBroker.SCRAM_ALONE, "PLAIN", "alice", "s3cret")))
                .hasCauseInstanceOf(AuthenticationException.class)
                .hasMessageContaining("does not offer PLAIN (sasl.mechanism): it offers SCRAM-SHA-256");
    }

    @Test
    void delegationTokenStandsForItsOwner() throws Exception {
        DelegationToken token;
        try (Admin apaches = Admin.create(broker().config(SaslBroker.ALL, "SCRAM-SHA-512", "alice", "s3cret"))) {
            token = apaches.createDelegationToken().delegationToken().get();
            while (apaches.describeDelegationToken().delegationTokens().get().isEmpty()) { // until the broker has it from the controller
                Thread.onSpinWait();
            }
        }
        String hmac = token.hmacAsBase64String();

        assertThat(clusterSeen(broker().config(SaslBroker.ALL, "SCRAM-SHA-256", token.tokenInfo().tokenId(), hmac, /* isToken= */ true)))
                .isEqualTo(broker().kafka.clusterId());
        assertThatThrownBy(() -> clusterSeen(broker().config(SaslBroker.ALL, "SCRAM-SHA-256", token.tokenInfo().tokenId(), hmac)))
                .hasCauseInstanceOf(AuthenticationException.class);
    }

    @Test
    void portWithoutSaslIsToldAsSuch() {
        Map<String, Object> config = new HashMap<>(broker().config(SaslBroker.ALL, "PLAIN", "alice", "s3cret"));
        config.put("bootstrap.servers", broker().kafka.bootstrapServers());

        assertThatThrownBy(() -> clusterSeen(config))
                .hasCauseInstanceOf(AuthenticationException.class)
                .hasMessageContaining("does not authenticate by SASL on this port");
    }

    /** How many connections were made and lost, and how often a session began. */
    private static final class Connections implements ConnectionListener {

        private final AtomicInteger made = new AtomicInteger();
        private final AtomicInteger sessions = new AtomicInteger();

        @Override
        public void connected(Node node, ConnectionClass connectionClass) {
            made.incrementAndGet();
        }

        @Override
        public void requestSent(Node node, ApiKey api, int bytes) {
            if (api == ApiKey.SASL_HANDSHAKE) {
                sessions.incrementAndGet();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void sessionsAreRenewedUnderLoadWithoutLoss(String mechanism) throws Exception {
        String topic = "renewal-" + mechanism;
        broker().kafka.createTopic(topic, 1);
        Connections connections = new Connections();
        try (ConnectionManager net = SaslBroker.connect(broker().config(SaslBroker.SHORT, mechanism, "alice", "s3cret"));
                KafkaProducer<Integer, String> producer = KafkaProducer.builder(Serializers.integers(), Serializers.string()).connections(net).build();
                KafkaConsumer<Integer, String> consumer = KafkaConsumer.builder(Serializers.integers(), Serializers.string())
                        .connections(net).groupId("renewal-" + mechanism).autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
            net.addListener(connections);
            consumer.subscribe(List.of(topic));
            List<CompletableFuture<?>> sent = new ArrayList<>();
            List<Integer> read = new ArrayList<>();

            for (long end = System.nanoTime() + 2L * SaslBroker.SESSION_MILLIS * 1_000_000; System.nanoTime() < end;) {
                for (int i = 0; i < 50; i++) {
                    sent.add(producer.send(topic, sent.size(), "a value"));
                }
                read(consumer, read, Duration.ofMillis(10));
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
            while (read.size() < sent.size()) {
                read(consumer, read, Duration.ofSeconds(1));
            }

            assertThat(read).hasSize(sent.size()).isSorted().doesNotHaveDuplicates();
            // That no connection is lost for it is proven in simulated time (RenewalUnderFaultsTest): here a machine that stands still for a second may cost one.
            assertThat(connections.sessions.get()).isGreaterThan(connections.made.get());
        }
    }

    private static void read(KafkaConsumer<Integer, String> consumer, List<Integer> read, Duration limit) {
        for (ConsumerRecord<Integer, String> record : consumer.poll(limit)) {
            read.add(record.key());
        }
    }
}
