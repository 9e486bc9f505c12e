package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.PartitionAssignor;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application distributes partitions in its own way. */
class OwnAssignorTest {

    private final Simulation simulation = new Simulation(6);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
    private final List<List<TopicPartition>> heard = new ArrayList<>();

    @AfterEach
    void end() {
        simulation.close();
    }

    /** Gives nobody but the first member anything, and nothing but partition 2. */
    private final class OnlyTheThird implements PartitionAssignor {

        private final String name;

        OnlyTheThird(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isCooperative() {
            return false;
        }

        @Override
        public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
            Map<String, List<TopicPartition>> assignment = new TreeMap<>();
            members.keySet().forEach(id -> assignment.put(id, assignment.isEmpty() ? List.of(new TopicPartition("orders", 2)) : List.of()));
            return assignment;
        }

        @Override
        public void assigned(List<TopicPartition> partitions, int generation) {
            heard.add(partitions);
        }
    }

    private static ConsumerBuilder<byte[], byte[]> builder() {
        return KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).groupId("group");
    }

    /** One with a name of its own, and one in the place of a known one. */
    @ParameterizedTest
    @ValueSource(strings = {"only-the-third", "range"})
    void assignorOfOnesOwnIsPreferredAndHearsWhatItsMemberGot(String name) {
        network.tell(cluster -> cluster.createTopic("orders", 4));
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaConsumer<byte[], byte[]> consumer = builder().connections(process.connections()).assignor(() -> new OnlyTheThird(name)).build()) {
                consumer.subscribe(List.of("orders"));
                for (int polls = 0; consumer.assignment().isEmpty(); polls++) {
                    assertThat(polls).isLessThan(1_000);
                    consumer.poll(Duration.ofMillis(100));
                }

                assertThat(consumer.assignment()).containsExactly(new TopicPartition("orders", 2));
            }
        });
        simulation.run(Duration.ofMinutes(5));

        assertThat(heard).containsExactly(List.of(new TopicPartition("orders", 2)));
    }

    @Test
    void assignorThatNobodyWouldAskIsRefused() {
        ConsumerBuilder<byte[], byte[]> builder = builder().bootstrapServers("localhost:1").config("group.protocol", GroupProtocol.CONSUMER)
                .assignor(() -> new OnlyTheThird("mine"));

        assertThatThrownBy(builder::build).isInstanceOf(ConfigException.class).hasMessageContaining("group.protocol").hasMessageContaining("assignor");
    }
}
