package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Members of a classic group that wait for a coordinator which will not answer, or not yet. */
class VanishedCoordinatorTest {

    private static final Duration SESSION = Duration.ofSeconds(6);

    private final Simulation simulation = new Simulation(1);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3).failoverMillis(600_000));
    private final AtomicInteger assigned = new AtomicInteger();
    private final AtomicBoolean lost = new AtomicBoolean();

    private SimulatedProcess member(AtomicBoolean rebalances, boolean autoCommit) {
        network.tell(cluster -> cluster.createTopic("orders", 2));
        return simulation.process("member", network, Map.of(), process -> {
            try (KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                    .connections(process.connections())
                    .groupId("billing").autoCommit(autoCommit)
                    .config(Map.of("partition.assignment.strategy", "cooperative-sticky", "session.timeout.ms", SESSION.toMillis(),
                            "heartbeat.interval.ms", 1_000, "max.poll.interval.ms", 300_000))
                    .build()) {
                consumer.subscribe(List.of("orders"), new ConsumerRebalanceListener() {
                    @Override
                    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                        assigned.incrementAndGet();
                    }

                    @Override
                    public void onPartitionsLost(Collection<TopicPartition> partitions) {
                        lost.set(true);
                    }
                });
                while (true) {
                    consumer.poll(Duration.ofMillis(100));
                    if (rebalances.getAndSet(false)) {
                        consumer.enforceRebalance();
                    }
                }
            }
        });
    }

    private int coordinator() {
        return network.ask(cluster -> cluster.leaderOf("__consumer_offsets", Math.abs("billing".hashCode() % 50)));
    }

    /** It waited for max.poll.interval.ms, read on all the while, and said nothing. */
    @Test
    void memberWhoseJoinWaitsAtAHostThatIsGoneGivesUpWhatOthersHaveAndJoinsAtTheNextCoordinator() {
        try (simulation) {
            AtomicBoolean rebalances = new AtomicBoolean();
            SimulatedProcess process = member(rebalances, /* autoCommit= */ false);
            assertThat(simulation.runUntil(() -> assigned.get() == 1, Duration.ofSeconds(20))).isTrue();
            simulation.run(Duration.ofSeconds(1));
            int gone = coordinator();
            AtomicBoolean received = new AtomicBoolean();
            network.tell(cluster -> cluster.on(JoinGroupRequest.class).times(1).when(request -> {
                received.set(true);
                return true;
            }).swallow());
            rebalances.set(true);
            assertThat(simulation.runUntil(received::get, Duration.ofSeconds(5))).isTrue();

            network.blackHole(process, gone, /* toBroker= */ true, /* toClient= */ true);
            assertThat(simulation.runUntil(lost::get, SESSION.plusSeconds(10))).as("it has given up what others may have").isTrue();
            network.tell(cluster -> cluster.moveLeader("__consumer_offsets", Math.abs("billing".hashCode() % 50), gone % 3 + 1));

            assertThat(simulation.runUntil(() -> assigned.get() == 2, Duration.ofSeconds(60))).as("it has joined at the next one").isTrue();
        }
    }

    @Test
    void memberWhoseJoinTakesLongerThanASessionAtACoordinatorThatIsThereWaitsForIt() {
        try (simulation) {
            AtomicBoolean rebalances = new AtomicBoolean();
            member(rebalances, /* autoCommit= */ false);
            assertThat(simulation.runUntil(() -> assigned.get() == 1, Duration.ofSeconds(20))).isTrue();
            simulation.run(Duration.ofSeconds(1));
            AtomicInteger joins = new AtomicInteger();
            AtomicInteger syncs = new AtomicInteger();
            network.tell(cluster -> {
                cluster.on(JoinGroupRequest.class).times(1).delayReply(Duration.ofSeconds(30));
                cluster.on(SyncGroupRequest.class).times(1).delayReply(Duration.ofSeconds(30));
                cluster.on(JoinGroupRequest.class).always().when(request -> joins.incrementAndGet() < 0).before(request -> { });
                cluster.on(SyncGroupRequest.class).always().when(request -> syncs.incrementAndGet() < 0).before(request -> { });
            });
            rebalances.set(true);

            simulation.run(Duration.ofSeconds(55));

            assertThat(lost).isFalse();
            assertThat(joins.get()).isLessThanOrEqualTo(1);
            assertThat(syncs.get()).isLessThanOrEqualTo(1);
        }
    }

    /** The fake ends the session of a member whose answer it delays; only commits get through. */
    @Test
    void memberWhoseCommitIsRefusedWhileItsJoinWaitsIsOutOfTheGroup() {
        try (simulation) {
            AtomicBoolean rebalances = new AtomicBoolean();
            member(rebalances, /* autoCommit= */ true);
            assertThat(simulation.runUntil(() -> assigned.get() == 1, Duration.ofSeconds(20))).isTrue();
            simulation.run(Duration.ofSeconds(1));
            network.tell(cluster -> cluster.on(JoinGroupRequest.class).times(1).delayReply(Duration.ofSeconds(60)));
            rebalances.set(true);

            network.tell(cluster -> cluster.log("orders", 0).append("k", "to be committed"));

            assertThat(simulation.runUntil(lost::get, Duration.ofSeconds(30))).isTrue();
        }
    }
}
