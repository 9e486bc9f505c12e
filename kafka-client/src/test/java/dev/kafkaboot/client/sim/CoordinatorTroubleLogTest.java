package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the log says of a group that nobody coordinates for a while, though brokers answer. */
class CoordinatorTroubleLogTest {

    private final AtomicInteger assigned = new AtomicInteger();

    private void poll(SimulatedProcess process, GroupProtocol protocol) {
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections()).groupId("billing").groupProtocol(protocol).build()) {
            consumer.subscribe(List.of("orders"));
            while (true) {
                consumer.poll(Duration.ofMillis(500));
                assigned.set(consumer.assignment().size());
            }
        }
    }

    private static List<String> logged(Simulation simulation, String level) {
        return simulation.log().all().stream().filter(line -> line.contains(": " + level + " ") && line.contains("asked in vain")).toList();
    }

    @ParameterizedTest
    @EnumSource
    void troubleThatLastsIsToldOnceWithItsReasonAndItsEndOnce(GroupProtocol protocol) {
        try (Simulation simulation = new Simulation(3)) {
            simulation.log().keepAll();
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3).failoverMillis(600_000));
            network.tell(cluster -> cluster.createTopic("orders", 2));
            simulation.process("member", network, Map.of(), process -> poll(process, protocol));
            assertThat(simulation.runUntil(() -> assigned.get() == 2, Duration.ofMinutes(1))).isTrue();
            int coordinator = network.ask(cluster -> cluster.leaderOf("__consumer_offsets", Math.abs("billing".hashCode() % 50)));
            network.tell(cluster -> cluster.broker(coordinator).kill());

            simulation.run(Duration.ofSeconds(20));
            assertThat(logged(simulation, "WARN")).as("what passes by itself is no news").isEmpty();

            simulation.run(Duration.ofMinutes(5));
            assertThat(logged(simulation, "WARN")).singleElement().asString().contains("billing", "last error: ");

            network.tell(cluster -> cluster.broker(coordinator).start());
            assertThat(simulation.runUntil(() -> assigned.get() == 2, Duration.ofMinutes(2))).isTrue();
            assertThat(logged(simulation, "INFO")).singleElement().asString().contains("billing").containsPattern("after \\d{3}(\\.\\d)? s");
        }
    }
}
