package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerListener;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Static members of classic groups (KIP-345): they are who their name says, across restarts. */
class StaticMembersTest {

    private static final Duration SESSION = Duration.ofSeconds(10);

    private final Simulation simulation = new Simulation(4);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
    private int rebalances;

    @BeforeEach
    void makeTheTopic() {
        network.tell(cluster -> cluster.createTopic("orders", 4));
    }

    @AfterEach
    void end() {
        simulation.close();
    }

    private void run(Consumer<SimulatedProcess> script) {
        simulation.process("application", network, Map.of("metadata.max.age.ms", 20_000), script::accept);
        simulation.run(Duration.ofMinutes(10));
    }

    private KafkaConsumer<byte[], byte[]> member(SimulatedProcess process, String name, String strategy) {
        KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections()).groupId("group").groupInstanceId(name)
                .config("partition.assignment.strategy", strategy)
                .config("session.timeout.ms", SESSION.toMillis())
                .listener(new ConsumerListener() {
                    @Override
                    public void rebalanceStarted(String reason) {
                        rebalances++;
                    }
                })
                .build();
        consumer.subscribe(List.of("orders"));
        return consumer;
    }

    private static void pollUntil(SimulatedProcess process, List<KafkaConsumer<byte[], byte[]>> consumers, BooleanSupplier done) {
        long deadline = process.simulation().nowNanos() + Duration.ofMinutes(2).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(process.simulation().nowNanos()).as("polled long enough").isLessThan(deadline);
            consumers.forEach(consumer -> consumer.poll(Duration.ofMillis(100)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "sticky", "cooperative-sticky"})
    void memberThatIsRestartedFindsWhatItHadAndTheOthersNoticeNothing(String strategy) {
        run(process -> {
            try (KafkaConsumer<byte[], byte[]> other = member(process, "b", strategy)) {
                KafkaConsumer<byte[], byte[]> first = member(process, "a", strategy);
                pollUntil(process, List.of(first, other), () -> first.assignment().size() == 2 && other.assignment().size() == 2);
                Set<TopicPartition> had = first.assignment();
                first.close();
                rebalances = 0;

                try (KafkaConsumer<byte[], byte[]> again = member(process, "a", strategy)) {
                    pollUntil(process, List.of(again, other), () -> !again.assignment().isEmpty());

                    assertThat(again.assignment()).isEqualTo(had);
                    assertThat(other.assignment()).hasSize(2).doesNotContainAnyElementsOf(had);
                    assertThat(rebalances).as("its own").isEqualTo(1);
                }
            }
        });
    }

    /** The one that is restarted leads the group, and goes on with that. */
    @ParameterizedTest
    @ValueSource(strings = {"range", "cooperative-sticky"})
    void leaderThatIsRestartedStillSeesTopicsGrow(String strategy) {
        run(process -> {
            KafkaConsumer<byte[], byte[]> leader = member(process, "a", strategy);
            pollUntil(process, List.of(leader), () -> leader.assignment().size() == 4);
            leader.close();

            try (KafkaConsumer<byte[], byte[]> again = member(process, "a", strategy)) {
                pollUntil(process, List.of(again), () -> again.assignment().size() == 4);
                process.connections().send(new CreatePartitionsRequest().timeoutMs(5_000).topics(
                        List.of(new CreatePartitionsRequest.CreatePartitionsTopic().name("orders").count(6).assignments(null))));

                pollUntil(process, List.of(again), () -> again.assignment().size() == 6);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "cooperative-sticky"})
    void ofTwoWithTheSameNameTheOlderIsToldAndStaysOut(String strategy) {
        simulation.expectError("FENCED_INSTANCE_ID");
        run(process -> {
            try (KafkaConsumer<byte[], byte[]> older = member(process, "a", strategy); KafkaConsumer<byte[], byte[]> newer = member(process, "a", strategy)) {
                pollUntil(process, List.of(older), () -> older.assignment().size() == 4);
                pollUntil(process, List.of(newer), () -> newer.assignment().size() == 4);

                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> older.poll(Duration.ofSeconds(10))).isInstanceOf(BrokerException.class)
                            .hasMessageContaining("group.instance.id, 'a'").extracting("errorCode").isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
                    newer.poll(Duration.ofMillis(100));
                }
                assertThat(older.assignment()).isEmpty();
                assertThat(newer.assignment()).hasSize(4);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "cooperative-sticky"})
    void memberThatStaysAwayIsGivenUpWhenItsSessionEnds(String strategy) {
        run(process -> {
            try (KafkaConsumer<byte[], byte[]> other = member(process, "b", strategy)) {
                KafkaConsumer<byte[], byte[]> first = member(process, "a", strategy);
                pollUntil(process, List.of(first, other), () -> first.assignment().size() == 2 && other.assignment().size() == 2);
                first.close();
                long since = simulation.nowNanos();

                pollUntil(process, List.of(other), () -> other.assignment().size() == 4);

                assertThat(Duration.ofNanos(simulation.nowNanos() - since)).isBetween(SESSION.minusSeconds(4), SESSION.plusSeconds(10));
            }
        });
    }
}
