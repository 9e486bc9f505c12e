package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the log says of a cluster that is away for a minute: enough to know, and no flood. */
class OutageLogTest {

    private final AtomicInteger consumed = new AtomicInteger();

    private void application(SimulatedProcess process) {
        ConnectionManager connections = process.connections();
        process.thread("consumer", () -> {
            KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                    .connections(connections).config(Map.of("auto.offset.reset", "earliest")).groupId("billing").build();
            consumer.subscribe(List.of("orders"));
            while (true) {
                consumed.addAndGet(consumer.poll(Duration.ofSeconds(1)).count());
            }
        });
        KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(connections).build();
        while (true) {
            producer.send("orders", "key", "value");
            process.simulation().sleep(Duration.ofMillis(500));
        }
    }

    private static List<String> loggedAt(Simulation simulation, String level) {
        return simulation.log().all().stream().filter(line -> line.contains(": " + level + " ")).toList();
    }

    @Test
    void outageIsToldOnceWithTheReasonForEachBrokerAndItsEndOnce() {
        try (Simulation simulation = new Simulation(11)) {
            simulation.log().keepAll();
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
            network.tell(cluster -> cluster.createTopic("orders", 4));
            simulation.process("application", network, Map.of(), this::application);
            assertThat(simulation.runUntil(() -> consumed.get() > 10, Duration.ofMinutes(1))).isTrue();

            network.tell(cluster -> cluster.brokers().forEach(broker -> broker.kill()));
            simulation.run(Duration.ofMinutes(1));
            int before = consumed.get();
            network.tell(cluster -> cluster.brokers().forEach(broker -> broker.start()));
            assertThat(simulation.runUntil(() -> consumed.get() > before + 110, Duration.ofMinutes(2))).as("what was sent meanwhile arrives").isTrue();

            assertThat(loggedAt(simulation, "WARN")).filteredOn(line -> line.contains("no broker of the cluster can be reached")).singleElement().asString()
                    .contains("broker 1 (", "broker 2 (", "broker 3 (")
                    .doesNotContain(", broker-1:9092 ") // the bootstrap address of a broker that is named
                    .containsPattern("broker 1 \\([^)]*\\) (closed|reset|refused) the connection");
            assertThat(loggedAt(simulation, "INFO")).filteredOn(line -> line.contains("can be reached again")).hasSize(1);
            assertThat(loggedAt(simulation, "WARN")).hasSizeLessThan(10);
            assertThat(loggedAt(simulation, "INFO")).hasSizeLessThan(20);
            assertThat(loggedAt(simulation, "ERROR")).isEmpty();
        }
    }

    @Test
    void brokerThatClosesIdleConnectionsAndOneThatIsDownAloneAreNoWarnings() {
        try (Simulation simulation = new Simulation(12)) {
            simulation.log().keepAll();
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
            network.tell(cluster -> cluster.createTopic("orders", 4));
            simulation.process("application", network, Map.of("connections.max.idle.ms", "2000"), this::application);
            assertThat(simulation.runUntil(() -> consumed.get() > 10, Duration.ofMinutes(1))).isTrue();

            network.tell(cluster -> cluster.broker(2).kill());
            simulation.run(Duration.ofSeconds(20));

            assertThat(loggedAt(simulation, "WARN")).noneMatch(line -> line.contains("no broker of the cluster"));
            assertThat(loggedAt(simulation, "WARN")).hasSizeLessThan(5);
        }
    }
}
