package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.UserCredentials;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.history.Expectations;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.HistoryChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A producer and a consumer with sessions of a few seconds (KIP-368), whose source of credentials fails half of the time and is slow at others, on brokers that throttle them
 * (KIP-219): nothing is lost, nothing comes twice, and no connection that was in use ends otherwise than in order.
 */
class RenewalUnderFaultsTest {

    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;

    /** What a client's connections went through. */
    private static final class Ends implements ConnectionListener {

        private final Set<String> inUse = new HashSet<>();
        private final List<Throwable> lost = new ArrayList<>();
        private int handshakes;
        private int gaveWay;
        private int throttled;

        @Override
        public void connected(Node broker, ConnectionClass connectionClass) {
            inUse.add(broker + " " + connectionClass);
        }

        @Override
        public void disconnected(Node broker, ConnectionClass connectionClass, @Nullable Throwable cause) {
            boolean wasInUse = inUse.remove(broker + " " + connectionClass);
            if (wasInUse && cause != null) {
                lost.add(cause);
            }
            gaveWay += wasInUse && cause == null ? 1 : 0;
        }

        @Override
        public void requestSent(Node broker, ApiKey api, int bytes) {
            handshakes += api == ApiKey.SASL_HANDSHAKE ? 1 : 0;
        }

        @Override
        public void throttled(Node broker, ApiKey api, Duration pause) {
            throttled++;
        }
    }

    /** Credentials that can be had now and then, at once or later. */
    private static final class Vault {

        private final Simulation simulation;
        private final SplittableRandom random;
        private boolean sealed;
        private boolean healed;
        private int refusals;

        Vault(Simulation simulation) {
            this.simulation = simulation;
            this.random = simulation.newRandom();
            change();
        }

        private void change() {
            sealed = !healed && !sealed;
            if (!healed) {
                simulation.later(Duration.ofMillis(sealed ? random.nextLong(300, 3_000) : random.nextLong(200, 3_000)), this::change);
            }
        }

        void heal() {
            healed = true;
            sealed = false;
        }

        UserCredentials get() {
            if (random.nextInt(4) == 0) {
                simulation.sleep(Duration.ofMillis(random.nextLong(3_000)));
            }
            if (sealed) {
                refusals++;
                throw new IllegalStateException("the vault is sealed");
            }
            return UserCredentials.of("alice", "s3cret");
        }
    }

    @Test
    void nothingIsLostOrComesTwiceAndNoConnectionIsLost() {
        Seeds.run("RenewalUnderFaultsTest#nothingIsLostOrComesTwiceAndNoConnectionIsLost", 4, RenewalUnderFaultsTest::run);
    }

    private static void run(Simulation simulation) {
        SplittableRandom random = simulation.newRandom();
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(2).user("alice", "s3cret"));
        network.tell(cluster -> {
            cluster.sasl().sessionLifetime(Duration.ofMillis(random.nextLong(2_000, 5_000)));
            cluster.createTopic(TOPIC, PARTITIONS);
        });
        Vault vault = new Vault(simulation);
        Map<String, Object> config = Map.of(
                "security.protocol", "SASL_PLAINTEXT", "sasl.allow.plaintext", true, "sasl.mechanism", random.nextInt(4) == 0 ? "SCRAM-SHA-256" : "PLAIN",
                "sasl.credentials", (CredentialsSource) vault::get);
        Ends ends = new Ends();
        Ends readersEnds = new Ends();
        History history = new History(simulation::nowNanos);
        simulation.explainWith(history::text);
        SendingApplication sender = new SendingApplication(history, TOPIC, PARTITIONS, Map.of("linger.ms", random.nextInt(20)));
        simulation.process("sender", network, config, process -> {
            process.connections().addListener(ends);
            sender.run(process);
        });
        ReadingApplication reader = new ReadingApplication(history, TOPIC, PARTITIONS, Map.of());
        simulation.process("reader", network, config, process -> {
            process.connections().addListener(readersEnds);
            reader.run(process);
        });

        for (int i = 0; i < 120; i++) {
            simulation.run(Duration.ofMillis(random.nextLong(500)));
            network.tell(cluster -> {
                cluster.on(ProduceRequest.class).throttle(Duration.ofMillis(random.nextLong(1, 300))); // others may be on their way behind it
                cluster.on(FetchRequest.class).throttle(Duration.ofMillis(random.nextLong(1, 2_000)));
            });
        }
        vault.heal();
        sender.stop();
        simulation.run(Duration.ofSeconds(30));
        reader.stop();
        simulation.run(Duration.ofSeconds(5));

        assertThat(reader.hasEnded()).isTrue();
        assertThat(history.operations()).filteredOn(operation -> operation.outcome() == null).as("what has no outcome").isEmpty();
        assertThat(HistoryChecker.check(history, Expectations.exactlyOnce().readUncommitted().finalReadsDone()).anomalies()).isEmpty();
        assertThat(List.of(ends, readersEnds)).allSatisfy(each -> {
            assertThat(each.lost).isEmpty();
            assertThat(each.handshakes).as("authentications").isGreaterThan(20);
            assertThat(each.gaveWay).as("sessions that ended without credentials").isPositive();
            assertThat(each.throttled).as("pauses").isPositive();
        });
        assertThat(vault.refusals).isPositive();
    }
}
