package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.history.AnomalyType;
import dev.kafkaboot.test.history.Expectations;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.HistoryChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Producers while things go wrong: what was acknowledged is in the log, at its offset and in the order of the sends; what is said not to be written is not;
 * every send has an outcome; and no memory is lost. Nothing is written twice, unless idempotence is off.
 */
class ProducerUnderFaultsTest {

    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;

    @Test
    void acknowledgedRecordsAreInTheLogInOrder() {
        Seeds.run("ProducerUnderFaultsTest#acknowledgedRecordsAreInTheLogInOrder", 60, simulation -> run(simulation, Faults.WITHOUT_CRASHES));
    }

    @Test
    void acknowledgedRecordsAreInTheLogInOrderAlthoughProducersCrash() {
        Seeds.run("ProducerUnderFaultsTest#acknowledgedRecordsAreInTheLogInOrderAlthoughProducersCrash", 40,
                simulation -> run(simulation, EnumSet.allOf(Faults.Fault.class)));
    }

    @Test
    void acknowledgedRecordsAreInTheLogInOrderAndPerhapsTwiceWithoutIdempotence() {
        Seeds.run("ProducerUnderFaultsTest#acknowledgedRecordsAreInTheLogInOrderAndPerhapsTwiceWithoutIdempotence", 20,
                simulation -> run(simulation, EnumSet.allOf(Faults.Fault.class), /* idempotent= */ false));
    }

    private static void run(Simulation simulation, Set<Faults.Fault> allowed) {
        run(simulation, allowed, /* idempotent= */ true);
    }

    private static void run(Simulation simulation, Set<Faults.Fault> allowed, boolean idempotent) {
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
        network.tell(cluster -> cluster.createTopic(TOPIC, PARTITIONS));
        History history = new History(simulation::nowNanos);
        simulation.explainWith(history::text);
        SplittableRandom random = simulation.newRandom();
        List<SendingApplication> applications = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            SendingApplication application = new SendingApplication(history, TOPIC, PARTITIONS, config(random, idempotent));
            applications.add(application);
            simulation.process("producer-" + i, network, Map.of("request.timeout.ms", 5_000), application);
        }
        Faults faults = new Faults(network, allowed).topic(TOPIC, PARTITIONS).start();

        simulation.run(Duration.ofMinutes(1));
        faults.heal();
        simulation.run(Duration.ofSeconds(20));
        applications.forEach(SendingApplication::stop);
        simulation.run(Duration.ofMinutes(3));
        ReadingApplication reader = new ReadingApplication(history, TOPIC, PARTITIONS, Map.of());
        simulation.process("reader", network, Map.of(), reader);
        simulation.run(Duration.ofSeconds(20));
        reader.stop();
        simulation.run(Duration.ofSeconds(5));

        assertThat(reader.hasEnded()).isTrue();
        assertThat(history.operations()).filteredOn(operation -> operation.outcome() == null).as("what has no outcome").isEmpty();
        assertThat(applications).extracting(SendingApplication::bytesLeft).as("memory that did not come back").containsOnly(0L);
        Expectations expected = Expectations.exactlyOnce().readUncommitted().finalReadsDone();
        assertThat(HistoryChecker.check(history, idempotent ? expected : expected.allowing(AnomalyType.DUPLICATE)).anomalies()).isEmpty();
    }

    private static Map<String, Object> config(SplittableRandom random, boolean idempotent) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("enable.idempotence", idempotent);
        config.put("batch.size", random.nextInt(3) == 0 ? 300 : 16_384);
        config.put("buffer.memory", random.nextInt(3) == 0 ? 65_536 : 1_000_000);
        config.put("max.request.size", random.nextInt(3) == 0 ? 5_000 : 60_000);
        if (random.nextInt(3) == 0) {
            config.put("delivery.timeout.ms", 3_000); // less than a request may take, so batches expire in flight
        } else {
            config.put("linger.ms", random.nextInt(3) * 10);
            config.put("request.timeout.ms", random.nextBoolean() ? 1_000 : 5_000);
            config.put("delivery.timeout.ms", random.nextInt(3) == 0 ? 6_000 : 30_000);
        }
        config.put("max.block.ms", random.nextInt(10) == 0 ? 0 : random.nextBoolean() ? 3_000 : 60_000);
        config.put("retries", random.nextInt(5) == 0 ? 1 : Integer.MAX_VALUE);
        config.put("max.in.flight.requests.per.connection", 1 + random.nextInt(5));
        config.put("compression.type", List.of("none", "none", "gzip", "lz4", "zstd", "snappy").get(random.nextInt(6)));
        return config;
    }
}
