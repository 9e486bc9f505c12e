package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerBuilder;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnRequest;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.FakeKafkaBuilder;
import dev.kafkaboot.test.fake.FakeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A transactional application against a cluster of a release, on virtual time. */
final class TransactionRun {

    static final String TOPIC = "orders";

    /** How long a run may take, in virtual time. */
    private static final Duration LIMIT = Duration.ofHours(1);

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final List<String> requests = new ArrayList<>();

    /** What the application does. */
    @FunctionalInterface
    interface Body {

        void run(TransactionRun run) throws Exception;
    }

    private TransactionRun(Simulation simulation, SimulatedNetwork network, SimulatedProcess process) {
        this.simulation = simulation;
        this.network = network;
        this.process = process;
    }

    /** Runs an application against one broker, with a topic of two partitions. */
    static void of(String release, Body body) {
        of(release, 1, body);
    }

    /** Runs an application against some brokers, with a topic of two partitions. */
    static void of(String release, int brokers, Body body) {
        of(cluster -> cluster.brokers(brokers).release(release), body);
    }

    /** Runs an application against some cluster, with a topic of two partitions. */
    static void of(UnaryOperator<FakeKafkaBuilder> cluster, Body body) {
        AtomicBoolean done = new AtomicBoolean();
        try (Simulation simulation = new Simulation(7)) {
            SimulatedNetwork network = simulation.network(cluster);
            network.tell(told -> told.createTopic(TOPIC, 2));
            simulation.process("application", network, Map.of("request.timeout.ms", 5_000), process -> {
                body.run(new TransactionRun(simulation, network, process));
                done.set(true);
            });
            simulation.runUntil(done::get, LIMIT);
        }
        assertThat(done).as("the application has come to its end").isTrue();
    }

    ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(process.connections()).transactionalId("billing");
    }

    /** A producer that is initialised. */
    KafkaProducer<String, String> producer() {
        KafkaProducer<String, String> producer = builder().build();
        producer.initTransactions();
        return producer;
    }

    Simulation simulation() {
        return simulation;
    }

    SimulatedProcess process() {
        return process;
    }

    /** Does something with the cluster. */
    void cluster(Consumer<FakeKafka> action) {
        network.tell(action);
    }

    SimulatedNetwork network() {
        return network;
    }

    /** From now on the requests are noted; rules that are made later are not followed. */
    List<String> observe() {
        cluster(cluster -> {
            note(cluster, InitProducerIdRequest.class);
            note(cluster, AddPartitionsToTxnRequest.class);
            note(cluster, AddOffsetsToTxnRequest.class);
            note(cluster, ProduceRequest.class);
            note(cluster, TxnOffsetCommitRequest.class);
            cluster.on(EndTxnRequest.class).always().before(request -> requests.add(request.committed() ? "Commit" : "Abort"));
        });
        return requests;
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // a list of types has no type
    private void note(FakeKafka cluster, Class<? extends RequestMessage<?>> type) {
        String name = type.getSimpleName().replace("Request", "");
        cluster.on((Class) type).always().before(request -> requests.add(name));
    }

    /** The values that a reader at read_committed gets, of both partitions. */
    List<String> committed() {
        return network.ask(cluster -> {
            List<FakeRecord> records = new ArrayList<>(cluster.log(TOPIC, 0).committedRecords());
            records.addAll(cluster.log(TOPIC, 1).committedRecords());
            return records.stream().map(FakeRecord::valueText).toList();
        });
    }

    /** The offset that a group has committed, or -1. */
    long committedOffset(String group, int partition) {
        return network.ask(cluster -> cluster.group(group).exists() ? cluster.group(group).committed(TOPIC, partition).orElse(-1) : -1);
    }

    /** What a call fails with. */
    static KafkaException failureOf(ThrowingCallable call) {
        Throwable failure = catchThrowable(call);
        assertThat(failure).isInstanceOf(KafkaException.class);
        return (KafkaException) failure;
    }
}
