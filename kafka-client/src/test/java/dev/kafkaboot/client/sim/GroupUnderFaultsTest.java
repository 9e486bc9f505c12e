package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.GroupProtocol;
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

/** Groups whose members come, go and crash: nothing is skipped, and nothing is committed that was not handed out by an earlier poll. */
class GroupUnderFaultsTest {

    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 6;
    private static final int MEMBERS = 3;

    @Test
    void membersThatCommitSkipNothing() {
        Seeds.run("GroupUnderFaultsTest#membersThatCommitSkipNothing", 25, simulation -> run(simulation, EnumSet.allOf(Faults.Fault.class), false, GroupProtocol.CLASSIC));
    }

    @Test
    void membersWhoseConsumerCommitsSkipNothing() {
        Seeds.run("GroupUnderFaultsTest#membersWhoseConsumerCommitsSkipNothing", 25,
                simulation -> run(simulation, EnumSet.allOf(Faults.Fault.class), true, GroupProtocol.CLASSIC));
    }

    @Test
    void membersSkipNothingAndReadNothingTwiceWithoutFaults() {
        Seeds.run("GroupUnderFaultsTest#membersSkipNothingAndReadNothingTwiceWithoutFaults", 10,
                simulation -> run(simulation, EnumSet.of(Faults.Fault.CLOCK), false, GroupProtocol.CLASSIC));
    }

    @Test
    void membersToWhomTheCoordinatorAssignsSkipNothing() {
        Seeds.run("GroupUnderFaultsTest#membersToWhomTheCoordinatorAssignsSkipNothing", 15,
                simulation -> run(simulation, EnumSet.allOf(Faults.Fault.class), false, GroupProtocol.CONSUMER));
    }

    @Test
    void membersToWhomTheCoordinatorAssignsAndWhoseConsumerCommitsSkipNothing() {
        Seeds.run("GroupUnderFaultsTest#membersToWhomTheCoordinatorAssignsAndWhoseConsumerCommitsSkipNothing", 15,
                simulation -> run(simulation, EnumSet.allOf(Faults.Fault.class), true, GroupProtocol.CONSUMER));
    }

    @Test
    void membersToWhomTheCoordinatorAssignsReadNothingTwiceWithoutFaults() {
        Seeds.run("GroupUnderFaultsTest#membersToWhomTheCoordinatorAssignsReadNothingTwiceWithoutFaults", 5,
                simulation -> run(simulation, EnumSet.of(Faults.Fault.CLOCK), false, GroupProtocol.CONSUMER));
    }

    private static void run(Simulation simulation, Set<Faults.Fault> allowed, boolean autoCommit, GroupProtocol protocol) {
        SplittableRandom random = simulation.newRandom();
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3)
                .coordinatorLoad(Duration.ofMillis(random.nextLong(300)))
                .consumerGroupTimes(Duration.ofSeconds(2), Duration.ofSeconds(8)));
        network.tell(cluster -> cluster.createTopic(TOPIC, PARTITIONS));
        History history = new History(simulation::nowNanos);
        simulation.explainWith(history::text);
        SendingApplication sender = new SendingApplication(history, TOPIC, PARTITIONS, Map.of());
        simulation.process("producer", network, Map.of(), sender);
        Map<String, Object> config = config(random, autoCommit, protocol);
        List<GroupApplication> members = new ArrayList<>();
        for (int i = 1; i <= MEMBERS; i++) {
            GroupApplication member = new GroupApplication(history, TOPIC, "billing", config);
            members.add(member);
            simulation.process("member-" + i, network, Map.of(), member);
        }
        ObservingApplication observer = new ObservingApplication(history, TOPIC, PARTITIONS, "billing");
        simulation.process("observer", network, Map.of(), observer);
        Faults faults = new Faults(network, allowed).topic(TOPIC, PARTITIONS).topic("__consumer_offsets", 50).start();

        simulation.run(Duration.ofMinutes(1));
        faults.heal();
        members.forEach(GroupApplication::calmDown);
        sender.stop();
        simulation.run(Duration.ofMinutes(3));
        members.forEach(GroupApplication::stop);
        observer.stop();
        simulation.run(Duration.ofMinutes(1));

        assertThat(members).allMatch(GroupApplication::hasEnded);
        assertThat(history.operations()).filteredOn(operation -> operation.outcome() == null).as("what has no outcome").isEmpty();
        Expectations expected = Expectations.exactlyOnce().readUncommitted().startsAtEarliest().finalReadsDone();
        if (protocol == GroupProtocol.CONSUMER && allowed.size() > 1) {
            // The coordinator does not tell how long a session is (KIP-848): a member that cannot reach it reads on though others have its partitions, and may
            // close before it could hear of that.
            expected = expected.allowing(AnomalyType.CONSUMED_TWICE);
        }
        assertThat(HistoryChecker.check(history, autoCommit ? expected.commitsUnseen() : expected).anomalies()).isEmpty();
    }

    private static Map<String, Object> config(SplittableRandom random, boolean autoCommit, GroupProtocol protocol) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", autoCommit);
        config.put("auto.commit.interval.ms", 500);
        config.put("session.timeout.ms", 6_000 + random.nextInt(6_000));
        config.put("heartbeat.interval.ms", 500 + random.nextInt(2_000));
        config.put("max.poll.interval.ms", random.nextBoolean() ? 10_000 : 60_000);
        config.put("request.timeout.ms", 5_000);
        config.put("default.api.timeout.ms", 20_000);
        config.put("max.poll.records", 1 + random.nextInt(100));
        config.put("fetch.max.wait.ms", 100 + random.nextInt(400));
        config.put("partition.assignment.strategy", List.of("range", "cooperative-sticky", "range,cooperative-sticky").get(random.nextInt(3)));
        config.put("group.protocol", protocol);
        if (protocol == GroupProtocol.CONSUMER) {
            config.keySet().removeAll(List.of("session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy"));
        }
        return config;
    }
}
