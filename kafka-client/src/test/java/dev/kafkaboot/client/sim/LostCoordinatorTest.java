package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Members whose coordinator cannot be found. */
class LostCoordinatorTest {

    private static final Duration SESSION = Duration.ofSeconds(6);

    /** Found with seed 139 of {@link GroupUnderFaultsTest}: it went on reading for as long as it looked for the coordinator, others having its partitions. */
    @Test
    void cooperativeMemberThatCannotRejoinGivesItsPartitionsUpWhenItsSessionIsOver() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3).failoverMillis(600_000));
            network.tell(cluster -> {
                cluster.createTopic("orders", 2);
                cluster.createTopic("returns", 2);
            });
            AtomicBoolean assigned = new AtomicBoolean();
            AtomicBoolean lost = new AtomicBoolean();
            ConsumerRebalanceListener listener = new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    assigned.set(true);
                }

                @Override
                public void onPartitionsLost(Collection<TopicPartition> partitions) {
                    lost.set(true);
                }
            };
            AtomicBoolean wantsMore = new AtomicBoolean();
            simulation.process("member", network, Map.of(), process -> poll(process, listener, wantsMore));
            assertThat(simulation.runUntil(assigned::get, Duration.ofSeconds(20))).isTrue();

            simulation.run(Duration.ofSeconds(1));
            int coordinator = network.ask(cluster -> cluster.leaderOf("__consumer_offsets", Math.abs("billing".hashCode() % 50)));
            network.tell(cluster -> cluster.broker(coordinator).kill());
            wantsMore.set(true);

            assertThat(simulation.runUntil(lost::get, SESSION.plusSeconds(3))).as("the member has given up what others may have").isTrue();
        }
    }

    private static void poll(SimulatedProcess process, ConsumerRebalanceListener listener, AtomicBoolean wantsMore) {
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections())
                .groupId("billing")
                .config(Map.of("partition.assignment.strategy", "cooperative-sticky", "session.timeout.ms", SESSION.toMillis(),
                        "heartbeat.interval.ms", 1_000, "max.poll.interval.ms", 60_000))
                .build()) {
            consumer.subscribe(List.of("orders"), listener);
            while (!wantsMore.get()) {
                consumer.poll(Duration.ofMillis(100));
            }
            consumer.subscribe(List.of("orders", "returns"), listener);
            while (true) {
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }
}
