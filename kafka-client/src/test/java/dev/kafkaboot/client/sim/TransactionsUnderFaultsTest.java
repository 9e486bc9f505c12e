package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

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
 * Transactions while things go wrong: at read_committed, what was committed is read, once and in order, and what was not is never read; and every
 * application gets on.
 */
class TransactionsUnderFaultsTest {

    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 3;

    @Test
    void committedTransactionsAreReadAndNoOthers() {
        Seeds.run("TransactionsUnderFaultsTest#committedTransactionsAreReadAndNoOthers", 15,
                simulation -> run(simulation, "4.3", Faults.WITHOUT_CRASHES));
    }

    @Test
    void committedTransactionsAreReadAndNoOthersAlthoughProducersCrash() {
        Seeds.run("TransactionsUnderFaultsTest#committedTransactionsAreReadAndNoOthersAlthoughProducersCrash", 10,
                simulation -> run(simulation, "4.3", EnumSet.allOf(Faults.Fault.class)));
    }

    @Test
    void committedTransactionsAreReadAndNoOthersBeforeKip890() {
        Seeds.run("TransactionsUnderFaultsTest#committedTransactionsAreReadAndNoOthersBeforeKip890", 10,
                simulation -> run(simulation, "3.9", EnumSet.allOf(Faults.Fault.class)));
    }

    private static void run(Simulation simulation, String release, Set<Faults.Fault> allowed) {
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3).release(release));
        network.tell(cluster -> cluster.createTopic(TOPIC, PARTITIONS));
        History history = new History(simulation::nowNanos);
        simulation.explainWith(history::text);
        SplittableRandom random = simulation.newRandom();
        List<TransactionalApplication> applications = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            TransactionalApplication application = new TransactionalApplication(history, TOPIC, PARTITIONS, config(random));
            applications.add(application);
            simulation.process("producer-" + i, network, Map.of("request.timeout.ms", 5_000), application);
        }
        Faults faults = new Faults(network, allowed).topic(TOPIC, PARTITIONS).start();

        simulation.run(Duration.ofMinutes(1));
        faults.heal();
        simulation.run(Duration.ofSeconds(20));
        applications.forEach(TransactionalApplication::stop);
        simulation.run(Duration.ofMinutes(3));
        ReadingApplication reader = new ReadingApplication(history, TOPIC, PARTITIONS, Map.of("isolation.level", "read_committed"));
        simulation.process("reader", network, Map.of(), reader);
        simulation.run(Duration.ofSeconds(20));
        reader.stop();
        simulation.run(Duration.ofSeconds(5));

        assertThat(reader.hasEnded()).isTrue();
        assertThat(applications).allMatch(TransactionalApplication::hasEnded).allMatch(application -> application.committed() > 0);
        assertThat(history.operations()).filteredOn(operation -> operation.outcome() == null).as("what has no outcome").isEmpty();
        assertThat(HistoryChecker.check(history, Expectations.exactlyOnce().finalReadsDone()).anomalies()).isEmpty();
    }

    private static Map<String, Object> config(SplittableRandom random) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("batch.size", random.nextInt(3) == 0 ? 300 : 16_384);
        config.put("linger.ms", random.nextInt(3) * 10);
        config.put("request.timeout.ms", random.nextBoolean() ? 1_000 : 5_000);
        config.put("delivery.timeout.ms", random.nextInt(3) == 0 ? 6_000 : 30_000);
        config.put("max.block.ms", random.nextBoolean() ? 2_000 : 20_000);
        config.put("transaction.timeout.ms", random.nextInt(3) == 0 ? 3_000 : 30_000);
        config.put("max.in.flight.requests.per.connection", 1 + random.nextInt(5));
        return config;
    }
}
