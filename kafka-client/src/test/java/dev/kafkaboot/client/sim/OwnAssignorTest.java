package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.PartitionAssignor;
import dev.kafkaboot.client.serialization.Serializers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

    enum Call {
        USER_DATA,
        ASSIGNED
    }

    /** Once it throws an error or, as other languages let it, a checked exception. */
    private final class ThrowingOnce implements PartitionAssignor {

        private final PartitionAssignor usual = new OnlyTheThird("mine");
        private final Call call;
        private @Nullable Throwable thrown;

        ThrowingOnce(Call call, Throwable thrown) {
            this.call = call;
            this.thrown = thrown;
        }

        @SuppressWarnings("unchecked")
        private <T extends Throwable> void throwIn(Call now) throws T {
            Throwable once = thrown;
            if (now == call && once != null) {
                thrown = null;
                throw (T) once;
            }
        }

        @Override
        public String name() {
            return usual.name();
        }

        @Override
        public boolean isCooperative() {
            return false;
        }

        @Override
        public byte @Nullable [] userData(int generation) {
            this.<RuntimeException>throwIn(Call.USER_DATA);
            return null;
        }

        @Override
        public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
            return usual.assign(members, partitionCounts);
        }

        @Override
        public void assigned(List<TopicPartition> partitions, int generation) {
            this.<RuntimeException>throwIn(Call.ASSIGNED);
        }
    }

    private static Stream<Arguments> throwing() {
        return Stream.of(Call.values()).flatMap(call -> Stream.of(
                Arguments.of(call, new AssertionError("thrown by a test, on purpose")), Arguments.of(call, new IOException("thrown by a test, on purpose"))));
    }

    /** It was told to nobody: the member went on joining for ever, and polls were empty. */
    @ParameterizedTest
    @MethodSource("throwing")
    void whateverAnAssignorThrowsIsToldByPollsWhichJoinAgain(Call call, Throwable thrown) {
        simulation.letLoopsFail(); // refusals are logged as errors
        network.tell(cluster -> cluster.createTopic("orders", 4));
        AtomicBoolean done = new AtomicBoolean();
        simulation.process("application", network, Map.of(), process -> {
            ThrowingOnce assignor = new ThrowingOnce(call, thrown);
            try (KafkaConsumer<byte[], byte[]> consumer = builder().connections(process.connections()).assignor(() -> assignor).build()) {
                consumer.subscribe(List.of("orders"));
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(KafkaException.class).hasRootCause(thrown);
                for (int polls = 0; consumer.assignment().isEmpty(); polls++) {
                    assertThat(polls).isLessThan(200);
                    pollInSpiteOf(thrown, consumer);
                }
            }
            done.set(true);
        });

        assertThat(simulation.runUntil(done::get, Duration.ofMinutes(5))).isTrue();
    }

    /** A failure is told by every poll until it is over. */
    private static void pollInSpiteOf(Throwable thrown, KafkaConsumer<byte[], byte[]> consumer) {
        try {
            consumer.poll(Duration.ofMillis(100));
        } catch (KafkaException told) {
            assertThat(told).hasRootCause(thrown);
        }
    }

    @Test
    void assignorThatNobodyWouldAskIsRefused() {
        ConsumerBuilder<byte[], byte[]> builder = builder().bootstrapServers("localhost:1").config("group.protocol", GroupProtocol.CONSUMER)
                .assignor(() -> new OnlyTheThird("mine"));

        assertThatThrownBy(builder::build).isInstanceOf(ConfigException.class).hasMessageContaining("group.protocol").hasMessageContaining("assignor");
    }
}
