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

/** A cluster that is away for longer than a member's session lasts. */
class LongOutageTest {

    private final AtomicInteger consumed = new AtomicInteger();

    private void application(SimulatedProcess process, GroupProtocol protocol) {
        KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                .connections(process.connections()).config(Map.of("auto.offset.reset", "earliest", "group.protocol", protocol)).groupId("billing").build();
        consumer.subscribe(List.of("orders"));
        while (true) {
            consumed.addAndGet(consumer.poll(Duration.ofSeconds(1)).count());
        }
    }

    /** The coordinator knows the member still: it must not have to wait until that one's session has ended. */
    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void memberIsBackSoonAfterTheBrokers(GroupProtocol protocol) {
        try (Simulation simulation = new Simulation(13)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
            network.tell(cluster -> cluster.createTopic("orders", 1));
            network.tell(cluster -> cluster.log("orders", 0).append("k", "before"));
            simulation.process("application", network, Map.of(), process -> application(process, protocol));
            assertThat(simulation.runUntil(() -> consumed.get() == 1, Duration.ofMinutes(1))).isTrue();

            network.tell(cluster -> cluster.brokers().forEach(broker -> broker.kill()));
            simulation.run(Duration.ofMinutes(1));
            network.tell(cluster -> cluster.brokers().forEach(broker -> broker.start()));
            network.tell(cluster -> cluster.log("orders", 0).append("k", "after"));

            assertThat(simulation.runUntil(() -> consumed.get() >= 2, Duration.ofSeconds(15))).isTrue();
        }
    }
}
