package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.UserCredentials;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client of brokers that end its sessions, what happened on its connections after the first to a bootstrap address, and how its requests ended, in order. */
final class RenewalRun implements AutoCloseable, ConnectionListener {

    private static final RequestOptions OPTIONS = RequestOptions.of(ConnectionClass.GENERAL, Duration.ofSeconds(10));

    final Simulation simulation;
    final SimulatedNetwork network;
    final SimulatedProcess process;
    final ConnectionManager net;
    final List<String> events = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    private final List<Integer> answered = new ArrayList<>();
    private int asked;

    /** Whom it says it is. */
    UserCredentials credentials = UserCredentials.of("alice", "s3cret");

    /** Whether the source of credentials cannot be reached. */
    boolean sourceFails;

    /** On one broker, with sessions of ten seconds. */
    RenewalRun(long seed, String mechanism, Map<String, Object> further) {
        this(seed, 1, Duration.ofSeconds(10), mechanism, further);
    }

    RenewalRun(long seed, int brokers, Duration lifetime, String mechanism, Map<String, Object> further) {
        simulation = new Simulation(seed);
        network = simulation.network(cluster -> cluster.brokers(brokers).user("alice", "s3cret").user("bob", "t0p"));
        network.tell(cluster -> cluster.sasl().sessionLifetime(lifetime));
        Map<String, Object> config = new LinkedHashMap<>(Map.of(
                "security.protocol", "SASL_PLAINTEXT", "sasl.allow.plaintext", true, "sasl.mechanism", mechanism,
                "sasl.credentials", (CredentialsSource) this::source));
        config.putAll(further);
        if (further.containsKey("sasl.mechanism.instance")) {
            config.remove("sasl.credentials");
        }
        process = simulation.process("client", network, config, null);
        net = process.connections();
        CompletableFuture<?> known = net.metadata().refresh();
        simulation.await(known, Duration.ofSeconds(5));
        net.addListener(this);
        asks();
        simulation.run(Duration.ofMillis(100));
    }

    RenewalRun(String mechanism) {
        this(1, mechanism, Map.of());
    }

    private UserCredentials source() {
        if (sourceFails) {
            throw new IllegalStateException("the vault is sealed");
        }
        return credentials;
    }

    @Override
    public void connected(Node broker, ConnectionClass connectionClass) {
        events.add("connected");
    }

    @Override
    public void disconnected(Node broker, ConnectionClass connectionClass, @Nullable Throwable cause) {
        events.add("disconnected: " + cause);
    }

    @Override
    public void requestSent(Node broker, ApiKey api, int bytes) {
        if (api == ApiKey.SASL_HANDSHAKE) {
            events.add("handshake");
        }
    }

    void asks() {
        int number = asked++;
        net.send(new MetadataRequest(), 1, OPTIONS).whenComplete((reply, failure) -> {
            answered.add(number);
            if (failure != null) {
                failures.add(failure);
            }
        });
    }

    void askFor(Duration time, Duration every) {
        for (long i = 0; i < time.toNanos() / every.toNanos(); i++) {
            asks();
            simulation.run(every);
        }
        simulation.run(Duration.ofSeconds(1));
    }

    /** Sends a request that the broker takes its time to answer, and reads nothing meanwhile. */
    CompletableFuture<?> longPoll(Duration time) {
        rule(cluster -> cluster.on(ListGroupsRequest.class).delay(time));
        return net.send(new ListGroupsRequest(), 1, RequestOptions.of(ConnectionClass.GENERAL, Duration.ofMinutes(5)));
    }

    void rule(Consumer<FakeKafka> rule) {
        network.tell(rule);
    }

    long count(String event) {
        return events.stream().filter(event::equals).count();
    }

    void assertAllAnsweredInOrder() {
        assertThat(failures).isEmpty();
        assertThat(answered).hasSize(asked).isSorted();
    }

    void assertNoConnectionWasLost() {
        assertThat(events).noneMatch(event -> event.startsWith("disconnected"));
        assertThat(count("connected")).isEqualTo(1); // of the node; the bootstrap connection came before
    }

    @Override
    public void close() {
        simulation.close();
    }
}
