package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.TopicListing;
import dev.kafkaboot.client.sim.TopicLives.Life;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Topics are made, deleted and looked at by several while things go wrong: what is told is what happened, a call's own lost attempt is never told as
 * somebody else's doing, one deletion deletes one topic, and every call ends in time.
 */
class AdminUnderFaultsTest {

    @Test
    void whatIsToldAboutTopicsIsWhatHappened() {
        Seeds.run("AdminUnderFaultsTest#whatIsToldAboutTopicsIsWhatHappened", 12, AdminUnderFaultsTest::run);
    }

    private static void run(Simulation simulation) {
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
        TopicLives lives = new TopicLives(network);
        List<TopicCall> calls = new ArrayList<>();
        simulation.explainWith(() -> calls.stream().map(TopicCall::toString).collect(Collectors.joining("\n")));
        List<AdminApplication> applications = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            AdminApplication application = new AdminApplication(calls, List.of("own-" + i + "-a", "own-" + i + "-b", "shared-a", "shared-b"));
            applications.add(application);
            simulation.process("admin-" + i, network, Map.of(), application);
        }
        Faults faults = new Faults(network, EnumSet.allOf(Faults.Fault.class)).topic("shared-a", 1).topic("shared-b", 1).start();

        simulation.run(Duration.ofSeconds(30));
        faults.heal();
        lives.heal();
        applications.forEach(AdminApplication::stop);
        simulation.run(Duration.ofSeconds(65));

        assertThat(calls).filteredOn(call -> call.outcome() != TopicCall.Outcome.UNKNOWN).as("what is known").hasSizeGreaterThan(10);
        assertThat(new TopicOracle(lives.all(), calls).anomalies()).isEmpty();
        assertThat(list(simulation, network)).isEqualTo(lives.all().stream().filter(Life::isThere).map(Life::name).sorted().toList());
    }

    private static List<String> list(Simulation simulation, SimulatedNetwork network) {
        SimulatedProcess process = simulation.process("reader", network);
        KafkaAdminClient admin = KafkaAdminClient.builder().connections(process.connections()).build();
        CompletableFuture<List<TopicListing>> listed = admin.topics().list();
        assertThat(simulation.await(listed, Duration.ofSeconds(10))).isTrue();
        admin.close();
        return listed.join().stream().map(TopicListing::name).toList();
    }
}
