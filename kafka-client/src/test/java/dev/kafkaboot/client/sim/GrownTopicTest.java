package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.TransactionFailedException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerListener;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.fake.FakeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that name partitions which the topic did not have when the producer last heard of it, or does not have at all. */
class GrownTopicTest {

    private final Simulation simulation = new Simulation(31);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
    private final AtomicInteger questions = new AtomicInteger();
    private final List<String> failures = new ArrayList<>();

    @AfterEach
    void end() {
        simulation.close();
    }

    /** Hears of what fails. */
    private final class Failures implements ProducerListener {

        @Override
        public void recordsFailed(TopicPartition partition, int records, Throwable reason) {
            failures.add(records + " of " + partition);
        }
    }

    private void run(Consumer<KafkaProducer<String, String>> application) {
        network.tell(cluster -> {
            cluster.createTopic(TOPIC, 1);
            cluster.on(MetadataRequest.class).always().before(request -> questions.incrementAndGet());
        });
        simulation.process("producer", network, Map.of(), process -> {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).listener(new Failures()).linger(Duration.ZERO).build()) {
                producer.send(TOPIC, "first");
                producer.flush();
                application.accept(producer);
            }
        });
        simulation.run(Duration.ofMinutes(5));
    }

    private void grow(int partitions) {
        simulation.process("admin", network, Map.of(), process -> simulation.await(process.connections().send(
                new CreatePartitionsRequest().timeoutMs(5_000).topics(
                        List.of(new CreatePartitionsRequest.CreatePartitionsTopic().name(TOPIC).count(partitions).assignments(null)))), Duration.ofSeconds(5)));
        simulation.sleep(Duration.ofSeconds(10));
    }

    private static CompletableFuture<RecordMetadata> send(KafkaProducer<String, String> producer, int partition, String value) {
        return producer.send(new ProducerRecord<>(TOPIC, partition, null, null, value));
    }

    private List<String> log(int partition) {
        return network.ask(cluster -> cluster.log(TOPIC, partition).records().stream().map(FakeRecord::valueText).toList());
    }

    @Test
    void partitionThatCameSinceIsWrittenToInOrder() {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        run(producer -> {
            grow(3);
            for (int i = 0; i < 20; i++) {
                sent.add(send(producer, 2, "new " + i));
                sent.add(send(producer, 0, "old " + i));
            }
            producer.flush();
        });

        assertThat(sent).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(log(2)).hasSize(20).isSortedAccordingTo((a, b) -> Integer.compare(number(a), number(b)));
        assertThat(log(0)).hasSize(21);
        assertThat(log(0).subList(1, 21)).isSortedAccordingTo((a, b) -> Integer.compare(number(a), number(b)));
        assertThat(failures).isEmpty();
    }

    /** A broker may answer before it has heard that the topic has grown. */
    @Test
    void partitionThatNotEveryBrokerKnowsYetIsWrittenTo() {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        run(producer -> {
            grow(3);
            network.tell(cluster -> {
                cluster.clearRules();
                cluster.on(MetadataRequest.class).times(2).change(response -> response.topics(response.topics().stream()
                        .map(topic -> topic.partitions(topic.partitions().stream().filter(each -> each.partitionIndex() == 0).toList())).toList()));
            });
            sent.add(send(producer, 2, "new 0"));
            producer.flush();
        });

        assertThat(sent).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(log(2)).containsExactly("new 0");
    }

    private static int number(String value) {
        return Integer.parseInt(value.substring(4));
    }

    @Test
    void partitionThatIsNotThereFailsItsRecordsAloneAndIsNotAskedForEachTime() {
        List<CompletableFuture<RecordMetadata>> wrong = new ArrayList<>();
        List<CompletableFuture<RecordMetadata>> right = new ArrayList<>();
        AtomicInteger before = new AtomicInteger();
        run(producer -> {
            simulation.sleep(Duration.ofSeconds(10));
            before.set(questions.get());
            for (int i = 0; i < 20; i++) {
                wrong.add(send(producer, 9, "wrong " + i));
                right.add(send(producer, 0, "old " + i));
                simulation.sleep(Duration.ofMillis(100));
            }
            producer.flush();
        });

        assertThat(wrong).allSatisfy(each -> assertThat(cause(each)).hasMessage("The record names partition 9 of topic '" + TOPIC + "', which has 1 (0 to 0)"));
        assertThat(right).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(questions.get() - before.get()).isBetween(1, 10);
        assertThat(failures).isNotEmpty().allMatch(("1 of " + TOPIC + "-9")::equals);
    }

    /** A record for a new partition waits for memory as any other does. */
    @Test
    void partitionThatCameSinceIsWrittenToThoughTheBufferIsFull() {
        network.tell(cluster -> cluster.createTopic(TOPIC, 1));
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        simulation.process("producer", network, Map.of(), process -> {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).bufferMemory(64 * 1024).maxRequestSize(32 * 1024).batchSize(16 * 1024).linger(Duration.ZERO).build()) {
                producer.send(TOPIC, "first");
                producer.flush();
                grow(3);
                network.tell(cluster -> cluster.on(ProduceRequest.class).times(3).delayReply(Duration.ofSeconds(2)));
                for (int i = 0; i < 20; i++) {
                    sent.add(send(producer, 0, "x".repeat(10_000)));
                    sent.add(send(producer, 2, "y".repeat(10_000)));
                }
                producer.flush();
            }
        });
        simulation.run(Duration.ofMinutes(5));

        assertThat(sent).hasSize(40).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(log(2)).hasSize(20);
    }

    @Test
    void newsThatNobodyTellsDoNotKeepTheOthersForEver() {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        run(producer -> {
            simulation.sleep(Duration.ofSeconds(10));
            network.tell(cluster -> cluster.on(MetadataRequest.class).always().ignore());
            sent.add(send(producer, 9, "wrong"));
            sent.add(send(producer, 0, "old"));
            simulation.sleep(Duration.ofSeconds(10));
            assertThat(sent.get(1)).isCompleted();
        });

        assertThat(cause(sent.get(0))).hasMessageContaining("names partition 9");
        assertThat(log(0)).containsExactly("first", "old");
    }

    @Test
    void recordOfATransactionThatWaitedForNewsInVainFailsTheTransaction() {
        TransactionRun.of("4.3", run -> {
            KafkaProducer<String, String> producer = run.builder().listener(new Failures()).maxBlock(Duration.ofSeconds(2)).build();
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(TOPIC, "a");
            producer.flush();
            run.simulation().sleep(Duration.ofSeconds(10));
            CompletableFuture<RecordMetadata> wrong = send(producer, 99, "wrong");
            run.simulation().sleep(Duration.ofSeconds(5));

            assertThat(cause(wrong).requiresAbort()).isTrue();
            assertThat(catchThrowableOfType(TransactionFailedException.class, producer::commitTransaction)).hasMessageContaining("partition 99");
            producer.abortTransaction();

            producer.beginTransaction();
            CompletableFuture<RecordMetadata> nowhere = producer.send("not a name", "b");
            run.simulation().sleep(Duration.ofSeconds(5));

            assertThat(cause(nowhere).requiresAbort()).isTrue();
            assertThat(catchThrowableOfType(TransactionFailedException.class, producer::commitTransaction)).hasMessageContaining("not a name");
            producer.abortTransaction();
            producer.close();
        });
        assertThat(failures).containsExactly("1 of " + TOPIC + "-99", "1 of not a name--1");
    }

    private static SendException cause(CompletableFuture<?> future) {
        CompletionException failure = catchThrowableOfType(CompletionException.class, future::join);
        @Nullable Throwable cause = failure.getCause();
        assertThat(cause).isInstanceOf(SendException.class);
        return (SendException) cause;
    }
}
