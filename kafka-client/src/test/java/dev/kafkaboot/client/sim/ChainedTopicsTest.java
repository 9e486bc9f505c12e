package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.fake.FakeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Records go from topic to topic through members that join, leave and crash: each comes out at the end, once. */
class ChainedTopicsTest {

    private static final List<String> TOPICS = List.of("ordered", "paid", "sent");
    private static final int PARTITIONS = 3;
    private static final int COUNT = 300;

    @Test
    void recordsThatGoThroughTransactionsComeOutOnce() {
        Seeds.run("ChainedTopicsTest#recordsThatGoThroughTransactionsComeOutOnce", 8, simulation -> run(simulation, "4.3"));
    }

    @Test
    void recordsThatGoThroughTransactionsComeOutOnceBeforeKip890() {
        Seeds.run("ChainedTopicsTest#recordsThatGoThroughTransactionsComeOutOnceBeforeKip890", 4, simulation -> run(simulation, "3.9"));
    }

    private static void run(Simulation simulation, String release) {
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3).release(release));
        network.tell(cluster -> TOPICS.forEach(topic -> cluster.createTopic(topic, PARTITIONS)));
        SplittableRandom random = simulation.newRandom();
        List<CopyingApplication> applications = new ArrayList<>();
        String strategy = random.nextBoolean() ? "range" : "cooperative-sticky";
        Faults faults = new Faults(network, EnumSet.allOf(Faults.Fault.class));
        for (int i = 0; i + 1 < TOPICS.size(); i++) {
            for (int member = 1; member <= 2; member++) {
                CopyingApplication application = new CopyingApplication(
                        TOPICS.get(i), TOPICS.get(i + 1), consumerConfig(random, strategy), producerConfig(random));
                applications.add(application);
                simulation.process(TOPICS.get(i) + "-" + member, network, Map.of("request.timeout.ms", 5_000), application);
            }
        }
        TOPICS.forEach(topic -> faults.topic(topic, PARTITIONS));
        faults.start();

        for (int i = 0; i < COUNT; i++) {
            String value = "order " + i;
            network.tell(cluster -> cluster.log(TOPICS.get(0), Math.floorMod(value.hashCode(), PARTITIONS)).append(value, value));
            simulation.run(Duration.ofMillis(200));
        }
        faults.heal();
        applications.forEach(CopyingApplication::calmDown);
        String first = TOPICS.get(0);
        String last = TOPICS.get(TOPICS.size() - 1);
        simulation.run(Duration.ofSeconds(30));
        simulation.runUntil(() -> values(network, last).size() >= values(network, first).size(), Duration.ofMinutes(5));
        simulation.run(Duration.ofSeconds(30));

        List<String> all = values(network, first); // what was appended to a leader that died before others had it is gone
        assertThat(all).hasSizeGreaterThan(COUNT / 2);
        assertThat(values(network, last)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(applications.stream().mapToInt(CopyingApplication::committed).sum()).isGreaterThan(20);
    }

    /** What a read-committed consumer sees of a topic. */
    private static List<String> values(SimulatedNetwork network, String topic) {
        return network.ask(cluster -> {
            List<String> values = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                cluster.log(topic, partition).committedRecords().stream().map(FakeRecord::valueText).forEach(values::add);
            }
            return values;
        });
    }

    private static Map<String, Object> consumerConfig(SplittableRandom random, String strategy) {
        return Map.of("session.timeout.ms", 6_000, "heartbeat.interval.ms", 1_000, "max.poll.interval.ms", random.nextBoolean() ? 5_000 : 30_000,
                "partition.assignment.strategy", strategy);
    }

    private static Map<String, Object> producerConfig(SplittableRandom random) {
        return Map.of("linger.ms", random.nextInt(2) * 10, "max.block.ms", random.nextBoolean() ? 3_000 : 20_000,
                "transaction.timeout.ms", random.nextInt(3) == 0 ? 4_000 : 30_000, "delivery.timeout.ms", 10_000, "request.timeout.ms", 2_000);
    }
}
