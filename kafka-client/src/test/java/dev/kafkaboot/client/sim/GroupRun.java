package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.FakeKafkaBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** An application whose consumers are members of a group that the coordinator assigns to (KIP-848), on virtual time. */
final class GroupRun {

    static final String TOPIC = "orders";
    static final String GROUP = "billing";

    /** How often the coordinator wants to hear its members, and how long they may be silent. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    static final Duration SESSION = Duration.ofSeconds(10);

    /** How long a run may take, in virtual time. */
    private static final Duration LIMIT = Duration.ofHours(8);

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final List<ConsumerGroupHeartbeatRequest> heartbeats = new ArrayList<>();

    /** What the application does. */
    @FunctionalInterface
    interface Body {

        void run(GroupRun run) throws Exception;
    }

    private GroupRun(Simulation simulation, SimulatedNetwork network, SimulatedProcess process) {
        this.simulation = simulation;
        this.network = network;
        this.process = process;
    }

    /** Runs an application against two brokers, with a topic of two partitions. */
    static void of(Body body) {
        of(cluster -> cluster, body);
    }

    /** Runs an application against two brokers that are set up further, with a topic of two partitions. */
    static void of(UnaryOperator<FakeKafkaBuilder> settings, Body body) {
        of(settings, Map.of(), body);
    }

    /** The same with an application that is set up further, too. */
    static void of(UnaryOperator<FakeKafkaBuilder> settings, Map<String, Object> further, Body body) {
        Map<String, Object> config = new HashMap<>(Map.of("request.timeout.ms", 3_000, "metadata.max.age.ms", 2_000));
        config.putAll(further);
        AtomicBoolean done = new AtomicBoolean();
        try (Simulation simulation = new Simulation(7)) {
            simulation.letLoopsFail(); // refusals are logged as errors, and here they are what is tested
            SimulatedNetwork network = simulation.network(cluster -> settings.apply(cluster.brokers(2).consumerGroupTimes(INTERVAL, SESSION)));
            network.tell(cluster -> cluster.createTopic(TOPIC, 2));
            simulation.process("application", network, config, process -> {
                GroupRun run = new GroupRun(simulation, network, process);
                run.note();
                body.run(run);
                done.set(true);
            });
            simulation.runUntil(done::get, LIMIT);
        }
        assertThat(done).as("the application has come to its end").isTrue();
    }

    private void note() {
        // It is asked of every request and takes none, so that rules that are made later are followed.
        cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).always().when(request -> {
            heartbeats.add(request);
            return false;
        }).before(request -> { }));
    }

    /** A member that reads from the beginning and commits when it is told to; of the newer protocol unless it is told otherwise. */
    ConsumerBuilder<String, String> builder() {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).connections(process.connections()).groupId(GROUP)
                .groupProtocol(GroupProtocol.CONSUMER).autoCommit(false).autoOffsetReset(OffsetResetPolicy.EARLIEST);
    }

    /** Makes a member, which has subscribed and not polled yet. */
    KafkaConsumer<String, String> member(Events events) {
        KafkaConsumer<String, String> consumer = builder().build();
        consumer.subscribe(List.of(TOPIC), events);
        return consumer;
    }

    /** Does something with the cluster. */
    void cluster(Consumer<FakeKafka> action) {
        network.tell(action);
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedProcess process() {
        return process;
    }

    Simulation simulation() {
        return simulation;
    }

    /** The heartbeats that have reached a broker since this was asked last. */
    List<ConsumerGroupHeartbeatRequest> heartbeats() {
        List<ConsumerGroupHeartbeatRequest> all = List.copyOf(heartbeats);
        heartbeats.clear();
        return all;
    }

    /** The offset that the group has committed, or -1. */
    long committed(int partition) {
        return network.ask(cluster -> cluster.group(GROUP).committed(TOPIC, partition).orElse(-1));
    }

    /** How many members the coordinator knows. */
    int members() {
        return network.ask(cluster -> cluster.group(GROUP).exists() ? cluster.group(GROUP).members().size() : 0);
    }

    /** Polls until something is true; answers the values that were read. */
    @SafeVarargs
    static List<String> pollUntil(BooleanSupplier until, KafkaConsumer<String, String>... consumers) {
        List<String> values = new ArrayList<>();
        for (int polls = 0; !until.getAsBoolean(); polls++) {
            assertThat(polls).as("polled long enough").isLessThan(2_000);
            for (KafkaConsumer<String, String> consumer : consumers) {
                consumer.poll(Duration.ofMillis(300)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    /** Polls for a while. */
    @SafeVarargs
    final List<String> pollFor(Duration time, KafkaConsumer<String, String>... consumers) {
        long end = simulation.nowNanos() + time.toNanos();
        return pollUntil(() -> simulation.nowNanos() - end >= 0, consumers);
    }

    /** What a call fails with. */
    static KafkaException failureOf(ThrowingCallable call) {
        Throwable failure = catchThrowable(call);
        assertThat(failure).isInstanceOf(KafkaException.class);
        return (KafkaException) failure;
    }

    /** Writes down what a listener hears, as {@code assigned[orders-0]}. */
    static class Events implements ConsumerRebalanceListener {

        final List<String> heard = new ArrayList<>();

        /** What was heard since this was asked last. */
        List<String> take() {
            List<String> all = List.copyOf(heard);
            heard.clear();
            return all;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            heard.add("assigned" + new TreeSet<>(partitions));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            heard.add("revoked" + new TreeSet<>(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            heard.add("lost" + new TreeSet<>(partitions));
        }
    }
}
