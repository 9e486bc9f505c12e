package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A leader of a classic group whose distribution takes long. */
class SlowLeaderTest {

    /** It was silent between the answer to its join and its sync, was put out, and so were the leaders after it. */
    @Test
    void leaderThatWaitsForMetadataForLongerThanASessionStaysAMember() {
        AtomicBoolean done = new AtomicBoolean();
        try (Simulation simulation = new Simulation(5)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            network.tell(cluster -> cluster.createTopic("orders", 2));
            List<String> joins = new ArrayList<>();
            network.tell(cluster -> cluster.on(JoinGroupRequest.class).always().when(request -> {
                joins.add(request.memberId());
                return false;
            }).before(request -> { }));
            network.tell(cluster -> cluster.on(JoinGroupRequest.class).times(2).after(response -> network.tell(late ->
                    late.on(MetadataRequest.class).times(1).delay(Duration.ofSeconds(8)))));
            simulation.process("application", network, Map.of("metadata.max.age.ms", 600_000), process -> {
                try (KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                        .connections(process.connections()).groupId("billing")
                        .config(Map.of("session.timeout.ms", 6_000, "heartbeat.interval.ms", 1_000)).build()) {
                    consumer.subscribe(List.of("orders"));
                    while (consumer.assignment().isEmpty()) {
                        consumer.poll(Duration.ofMillis(100));
                    }
                    assertThat(Duration.ofNanos(simulation.nowNanos())).as("metadata came late").isGreaterThan(Duration.ofSeconds(8));
                    assertThat(consumer.groupMetadata().generationId()).isOne();
                    assertThat(joins).as("without an id, and with it").hasSize(2);
                }
                done.set(true);
            });

            assertThat(simulation.runUntil(done::get, Duration.ofMinutes(5))).isTrue();
        }
    }
}
