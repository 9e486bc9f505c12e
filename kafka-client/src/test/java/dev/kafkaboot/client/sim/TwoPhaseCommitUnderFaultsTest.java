package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.TwoPhaseCommit;
import dev.kafkaboot.test.history.Expectations;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.HistoryChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Transactions that an application's database decides on (KIP-939), while things go wrong: each that was decided to be committed is read whole, nothing of any other is
 * read, and one that is prepared is there until somebody ends it, whatever becomes of the brokers, the coordinator and the application.
 */
class TwoPhaseCommitUnderFaultsTest {

    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 3;
    private static final List<String> IDS = List.of("payments", "bookings");
    private static final String COMMITTED = "read_committed";

    private static void faithful(FakeKafka cluster) {
        // It does what it is asked to.
    }

    @Test
    void transactionsEndAsWasDecided() {
        Seeds.run("TwoPhaseCommitUnderFaultsTest#transactionsEndAsWasDecided", 3,
                simulation -> run(simulation, /* standbys= */ false, TwoPhaseCommitUnderFaultsTest::faithful, COMMITTED));
    }

    @Test
    void transactionsEndAsWasDecidedAlthoughOthersTakeOver() {
        Seeds.run("TwoPhaseCommitUnderFaultsTest#transactionsEndAsWasDecidedAlthoughOthersTakeOver", 2,
                simulation -> run(simulation, /* standbys= */ true, TwoPhaseCommitUnderFaultsTest::faithful, COMMITTED));
    }

    @Test
    void brokersThatAbortWhatWasPreparedAreFoundOut() {
        Consumer<FakeKafka> faithless = cluster -> cluster.on(InitProducerIdRequest.class).always().before(request -> request.keepPreparedTxn(false));
        try (Simulation simulation = new Simulation(1)) {
            assertThatThrownBy(() -> run(simulation, /* standbys= */ true, faithless, COMMITTED)).hasMessageContaining("nobody has decided on it");
        }
    }

    @Test
    void brokersThatCommitWhatIsToBeAbortedAreFoundOut() {
        Consumer<FakeKafka> faithless = cluster -> cluster.on(EndTxnRequest.class).always().before(request -> request.committed(true));
        try (Simulation simulation = new Simulation(1)) {
            assertThatThrownBy(() -> run(simulation, /* standbys= */ false, faithless, COMMITTED)).hasMessageContaining("aborted read");
        }
    }

    @Test
    void brokersThatAbortWhatIsToBeCommittedAreFoundOut() {
        Consumer<FakeKafka> faithless = cluster -> cluster.on(EndTxnRequest.class).when(EndTxnRequest::committed).skip(5).before(request -> request.committed(false));
        try (Simulation simulation = new Simulation(1)) {
            assertThatThrownBy(() -> run(simulation, /* standbys= */ false, faithless, COMMITTED)).hasMessageContaining("lost write");
        }
    }

    @Test
    void readersThatDoNotWaitForTheDecisionAreFoundOut() {
        try (Simulation simulation = new Simulation(1)) {
            assertThatThrownBy(() -> run(simulation, /* standbys= */ false, TwoPhaseCommitUnderFaultsTest::faithful, "read_uncommitted"))
                    .hasMessageContaining("precommitted read").hasMessageContaining("aborted read");
        }
    }

    private static void run(Simulation simulation, boolean standbys, Consumer<FakeKafka> brokers, String isolation) {
        SplittableRandom random = simulation.newRandom();
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3)
                .twoPhaseCommit(TwoPhaseCommit.COMPLETE)
                .coordinatorLoad(Duration.ofMillis(random.nextLong(300))));
        network.tell(cluster -> cluster.createTopic(TOPIC, PARTITIONS));
        network.tell(brokers);
        History history = new History(simulation::nowNanos);
        simulation.explainWith(history::text);
        List<DecidingApplication> applications = new ArrayList<>();
        for (String id : IDS) {
            DecidingApplication application = new DecidingApplication(history, id, TOPIC, PARTITIONS, config(random));
            applications.add(application);
            for (int i = 1; i <= (standbys ? 2 : 1); i++) {
                simulation.process(id + "-" + i, network, Map.of("request.timeout.ms", 5_000), application);
            }
        }
        ReadingApplication reader = new ReadingApplication(history, TOPIC, PARTITIONS, Map.of("isolation.level", isolation));
        simulation.process("reader", network, Map.of(), reader);
        Faults faults = new Faults(network, EnumSet.allOf(Faults.Fault.class)).topic(TOPIC, PARTITIONS);
        IDS.forEach(id -> faults.coordinator("__transaction_state", id));
        faults.start();

        simulation.run(Duration.ofMinutes(1));
        faults.heal();
        simulation.run(Duration.ofSeconds(20));
        applications.forEach(DecidingApplication::stop);
        simulation.run(Duration.ofMinutes(3));
        reader.stop();
        simulation.run(Duration.ofSeconds(5));

        assertThat(reader.hasEnded()).isTrue();
        assertThat(applications).allMatch(DecidingApplication::hasEnded).allMatch(application -> application.record().committed() > 0);
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
        config.put("max.in.flight.requests.per.connection", 1 + random.nextInt(5));
        return config;
    }
}
