package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rebalance waits for what a listener goes on with after its calls. */
class AsyncRebalanceListenerTest {

    private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(40);

    private final Simulation simulation = new Simulation(9);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));

    @BeforeEach
    void makeTheTopic() {
        network.tell(cluster -> {
            cluster.createTopic("orders", 4);
            for (int record = 0; record < 40; record++) {
                cluster.log("orders", record % 4).append(null, "a");
            }
        });
    }

    @AfterEach
    void end() {
        simulation.close();
    }

    private void run(Consumer<SimulatedProcess> script) {
        simulation.process("application", network, Map.of(), script::accept);
        simulation.run(Duration.ofMinutes(10));
    }

    private static KafkaConsumer<byte[], byte[]> member(SimulatedProcess process, GroupProtocol protocol, AsyncConsumerRebalanceListener listener) {
        KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections()).groupId("group").groupProtocol(protocol).autoCommit(false)
                .maxPollInterval(MAX_POLL_INTERVAL)
                .build();
        consumer.subscribe(List.of("orders"), listener);
        return consumer;
    }

    private static void pollUntil(SimulatedProcess process, List<KafkaConsumer<byte[], byte[]>> consumers, BooleanSupplier done) {
        long deadline = process.simulation().nowNanos() + Duration.ofMinutes(3).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(process.simulation().nowNanos()).as("polled long enough").isLessThan(deadline);
            consumers.forEach(consumer -> consumer.poll(Duration.ofMillis(100)));
        }
    }

    /** Commits what goes, and takes ten seconds more. */
    private static final class Committing implements AsyncConsumerRebalanceListener {

        private final SimulatedProcess process;
        private final List<TopicPartition> gone = new ArrayList<>();
        private final List<Collection<TopicPartition>> assignedAtTheEnd = new ArrayList<>();
        private @Nullable KafkaConsumer<byte[], byte[]> consumer;

        Committing(SimulatedProcess process) {
            this.process = process;
        }

        @Override
        public CompletionStage<?> onPartitionsRevoked(Collection<TopicPartition> partitions) {
            KafkaConsumer<byte[], byte[]> self = consumer;
            assertThat(self).isNotNull();
            Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
            partitions.forEach(partition -> offsets.put(partition, new OffsetAndMetadata(7)));
            CompletableFuture<Void> done = new CompletableFuture<>();
            process.simulation().later(Duration.ofSeconds(10), () -> self.commitAsync(offsets).thenRun(() -> {
                gone.addAll(partitions);
                assignedAtTheEnd.add(self.assignment());
                done.complete(null);
            }));
            return done;
        }
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void partitionsAreAssignedAndMayBeCommittedUntilTheStageIsComplete(GroupProtocol protocol) {
        run(process -> {
            Committing listener = new Committing(process);
            try (KafkaConsumer<byte[], byte[]> first = member(process, protocol, listener)) {
                listener.consumer = first;
                pollUntil(process, List.of(first), () -> first.assignment().size() == 4);

                try (KafkaConsumer<byte[], byte[]> second = member(process, protocol, new AsyncConsumerRebalanceListener() {})) {
                    pollUntil(process, List.of(first, second), () -> first.assignment().size() == 2 && second.assignment().size() == 2);

                    assertThat(listener.assignedAtTheEnd).hasSize(1);
                    assertThat(listener.assignedAtTheEnd.get(0)).containsAll(listener.gone);
                    assertThat(listener.gone).containsAll(second.assignment());
                    assertThat(second.committed(second.assignment()).values()).as("what the first one committed")
                            .hasSize(2).allMatch(offset -> offset.offset() == 7);
                }
            }
            assertThat(listener.gone).as("it commits while it is being closed, too").contains(
                    new TopicPartition("orders", 0), new TopicPartition("orders", 1), new TopicPartition("orders", 2), new TopicPartition("orders", 3));
        });
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void failuresStopNeitherTheRebalanceNorTheNextCall(GroupProtocol protocol) {
        simulation.expectError("failed in onPartitions");
        run(process -> {
            List<String> heard = new ArrayList<>();
            AsyncConsumerRebalanceListener failing = new AsyncConsumerRebalanceListener() {
                @Override
                public CompletionStage<?> onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    heard.add("assigned");
                    throw new IllegalStateException("thrown at once");
                }

                @Override
                public CompletionStage<?> onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    heard.add("revoked");
                    return CompletableFuture.failedFuture(new IllegalStateException("told by the stage"));
                }
            };
            try (KafkaConsumer<byte[], byte[]> first = member(process, protocol, failing)) {
                pollUntil(process, List.of(first), () -> first.assignment().size() == 4);

                try (KafkaConsumer<byte[], byte[]> second = member(process, protocol, failing)) {
                    pollUntil(process, List.of(first, second), () -> first.assignment().size() == 2 && second.assignment().size() == 2);
                }
            }
            assertThat(heard).startsWith("assigned").contains("revoked").endsWith("revoked");
        });
    }

    /** Is never finished with the partitions of a topic that are assigned. */
    private static AsyncConsumerRebalanceListener stuckWith(String topic, List<String> heard) {
        return new AsyncConsumerRebalanceListener() {
            @Override
            public CompletionStage<?> onPartitionsAssigned(Collection<TopicPartition> partitions) {
                boolean isStuck = partitions.stream().anyMatch(partition -> partition.topic().equals(topic));
                heard.add("assigned" + partitions);
                return isStuck ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletionStage<?> onPartitionsRevoked(Collection<TopicPartition> partitions) {
                heard.add("revoked" + partitions);
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void closingDoesNotWaitForAStageThatWasBegunBeforeLongerThanItMayTakeItself(GroupProtocol protocol) {
        network.tell(cluster -> cluster.createTopic("returns", 1));
        simulation.expectError("has not finished onPartitionsAssigned within 5 s");
        run(process -> {
            List<String> heard = new ArrayList<>();
            ConsumerBuilder<byte[], byte[]> builder = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                    .connections(process.connections()).groupId("group").groupProtocol(protocol).autoCommit(true).autoOffsetReset(OffsetResetPolicy.EARLIEST)
                    .config("auto.commit.interval.ms", 3_600_000);
            if (protocol != GroupProtocol.CONSUMER) {
                builder.config("partition.assignment.strategy", "cooperative-sticky");
            }
            KafkaConsumer<byte[], byte[]> consumer = builder.build();
            consumer.subscribe(List.of("orders"), stuckWith("returns", heard));
            pollUntil(process, List.of(consumer), () -> consumer.assignment().size() == 4);
            consumer.subscribe(List.of("orders", "returns"), stuckWith("returns", heard));
            pollUntil(process, List.of(consumer), () -> heard.contains("assigned[returns-0]"));
            pollUntil(process, List.of(consumer), () -> consumer.assignment().stream().filter(each -> each.topic().equals("orders"))
                    .allMatch(each -> consumer.position(each) == 10));

            consumer.close(Duration.ofSeconds(10));

            assertThat(network.<List<Long>>ask(cluster -> List.of(0, 1, 2, 3).stream().map(each -> cluster.group("group").committed("orders", each).orElse(-1)).toList()))
                    .containsExactly(10L, 10L, 10L, 10L);
            assertThat(network.<Integer>ask(cluster -> cluster.group("group").members().size())).isZero();
            assertThat(heard).endsWith("revoked[orders-0, orders-1, orders-2, orders-3, returns-0]");
        });
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void aStageThatNeverCompletesIsGivenUp(GroupProtocol protocol) {
        simulation.expectError("has not finished onPartitionsAssigned within 40 s");
        run(process -> {
            AsyncConsumerRebalanceListener stuck = new AsyncConsumerRebalanceListener() {
                @Override
                public CompletionStage<?> onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    return new CompletableFuture<>();
                }
            };
            try (KafkaConsumer<byte[], byte[]> consumer = member(process, protocol, stuck)) {
                consumer.poll(Duration.ofSeconds(5));
                long since = process.simulation().nowNanos();

                pollUntil(process, List.of(consumer), () -> process.simulation().nowNanos() - since > MAX_POLL_INTERVAL.toNanos());
                consumer.seekToBeginning(consumer.assignment());

                assertThat(consumer.poll(Duration.ofSeconds(5)).count()).as("it is read after all").isPositive();
            }
        });
    }
}
