package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.InvalidTopicException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.fake.FakeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Topics that grow, vanish for a while, or are made again while they are written to. */
class ChangingTopicsTest {

    private static final String TOPIC = "orders";
    private static final int COUNT = 100;

    private final Simulation simulation = new Simulation(23);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
    private final List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();

    @AfterEach
    void end() {
        simulation.close();
    }

    /** Sends a record every 20 ms, two seconds long. */
    private void send(Map<String, ?> config) {
        simulation.process("producer", network, config, process -> {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).linger(Duration.ZERO).batchSize(200).build()) {
                for (int i = 0; i < COUNT; i++) {
                    sent.add(producer.send(TOPIC, "value " + i));
                    simulation.sleep(Duration.ofMillis(20));
                }
            }
        });
        simulation.run(Duration.ofMinutes(5));
        assertThat(sent).hasSize(COUNT).allMatch(CompletableFuture::isDone);
    }

    private void after(Duration time, Runnable action) {
        simulation.later(time, action);
    }

    private List<String> log(int partition) {
        return network.ask(cluster -> cluster.log(TOPIC, partition).records().stream().map(FakeRecord::valueText).toList());
    }

    private static List<String> values() {
        return IntStream.range(0, COUNT).mapToObj(i -> "value " + i).toList();
    }

    @Test
    void partitionsThatAreAddedAreWrittenTo() {
        network.tell(cluster -> cluster.createTopic(TOPIC, 1));
        simulation.process("admin", network, Map.of(), process -> {
            simulation.sleep(Duration.ofMillis(700));
            process.connections().send(new CreatePartitionsRequest().timeoutMs(5_000).topics(
                    List.of(new CreatePartitionsRequest.CreatePartitionsTopic().name(TOPIC).count(3).assignments(null))));
        });

        send(Map.of("metadata.max.age.ms", 200));

        List<String> all = new ArrayList<>(log(0));
        assertThat(log(1)).isNotEmpty();
        assertThat(log(2)).isNotEmpty();
        all.addAll(log(1));
        all.addAll(log(2));
        assertThat(all).containsExactlyInAnyOrderElementsOf(values());
    }

    /** KAFKA-12339 and its like: metadata that lacks a topic for a moment is no error of the records. */
    @Test
    void topicThatBrokersDoNotKnowForAWhileCostsNothing() {
        network.tell(cluster -> cluster.createTopic(TOPIC, 1));
        after(Duration.ofMillis(500), () -> network.tell(cluster -> {
            cluster.on(MetadataRequest.class).times(20).fail(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            cluster.on(ProduceRequest.class).times(3).fail(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }));

        send(Map.of("metadata.max.age.ms", 200));

        assertThat(log(0)).containsExactlyElementsOf(values());
    }

    /** What was acknowledged in the old topic is gone with it; what is acknowledged in the new one is there, in order, and nothing is there twice. */
    @Test
    void topicThatIsMadeAgainIsWrittenToFromItsBeginning() {
        network.tell(cluster -> cluster.createTopic(TOPIC, 1));
        List<String> first = new ArrayList<>();
        after(Duration.ofSeconds(1), () -> {
            first.addAll(log(0));
            network.tell(cluster -> {
                cluster.deleteTopic(TOPIC);
                cluster.createTopic(TOPIC, 1);
            });
        });

        send(Map.of());

        assertThat(first).isNotEmpty().isEqualTo(values().subList(0, first.size()));
        assertThat(log(0)).isNotEmpty().doesNotHaveDuplicates().isSubsetOf(values()).doesNotContainAnyElementsOf(first);
        List<String> both = new ArrayList<>(first);
        both.addAll(log(0));
        List<String> acknowledged = IntStream.range(0, COUNT).filter(i -> !sent.get(i).isCompletedExceptionally()).mapToObj(i -> "value " + i).toList();
        assertThat(both).containsAll(acknowledged);
        assertThat(log(0).stream().map(value -> Integer.parseInt(value.substring(6))).toList()).isSorted();
    }

    @Test
    void nameThatNoTopicCanHaveFailsAtOnceAndTheOthersGoOn() {
        network.tell(cluster -> cluster.createTopic(TOPIC, 1));
        List<@Nullable Throwable> failures = new ArrayList<>();
        List<Duration> times = new ArrayList<>();
        simulation.process("careless", network, Map.of(), process -> {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).build()) {
                for (String wrong : List.of("or ders", "..", "x".repeat(250))) {
                    long since = simulation.nowNanos();
                    producer.send(wrong, "a value").whenComplete((ack, failure) -> {
                        failures.add(failure);
                        times.add(Duration.ofNanos(simulation.nowNanos() - since));
                    });
                    simulation.sleep(Duration.ofSeconds(5));
                }
            }
        });

        send(Map.of());

        assertThat(failures).hasSize(3).allSatisfy(failure -> assertThat(causes(failure)).hasAtLeastOneElementOfType(InvalidTopicException.class));
        assertThat(times).allSatisfy(time -> assertThat(time).isLessThan(Duration.ofSeconds(2)));
        assertThat(log(0)).containsExactlyElementsOf(values());
    }

    private static List<Throwable> causes(@Nullable Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            all.add(each);
        }
        return all;
    }

    @Test
    void diskThatFailsForAWhileCostsNothing() {
        network.tell(cluster -> cluster.createTopic(TOPIC, 1));
        after(Duration.ofMillis(500), () -> network.tell(cluster -> cluster.on(ProduceRequest.class).times(4).fail(ErrorCode.KAFKA_STORAGE_ERROR)));

        send(Map.of());

        assertThat(log(0)).containsExactlyElementsOf(values());
        assertThat(new TreeSet<>(sent.stream().map(each -> each.join().offset()).toList())).as("each has an offset of its own").hasSize(COUNT);
    }
}
