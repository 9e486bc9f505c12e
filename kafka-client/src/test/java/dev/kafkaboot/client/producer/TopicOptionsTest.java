package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceRequest.TopicProduceData;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.test.FakeKafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How records of a topic are batched that has a say of its own, as seen in the bytes that the broker gets. */
@Timeout(60)
class TopicOptionsTest {

    private static final String LINE = "a line that is worth compressing, because it says the same again and again; ";

    private final FakeKafkaServer kafka = FakeKafkaServer.start();
    private final List<Batch> batches = new CopyOnWriteArrayList<>();

    private record Batch(CompressionType compression, int records, int size) {

        static Batch of(Bytes bytes) {
            RecordBatch batch = RecordBatches.read(bytes.toSingleBuffer()).next();
            return new Batch(batch.compressionType(), batch.recordCount(), bytes.size());
        }
    }

    @BeforeEach
    void noteBatches() {
        kafka.tell(cluster -> {
            cluster.createTopic("metrics", 1);
            cluster.createTopic("my.orders", 1);
            cluster.on(ProduceRequest.class).always().before(this::note);
        });
    }

    private void note(ProduceRequest request) {
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                batches.add(Batch.of(Objects.requireNonNull(partition.records())));
            }
        }
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers(kafka.bootstrapServers());
    }

    private Batch sendAlone(KafkaProducer<String, String> producer, String topic, String value) throws Exception {
        batches.clear();
        producer.send(topic, value).get(20, TimeUnit.SECONDS);
        return batches.get(0);
    }

    @Test
    void topicIsCompressedAsItsOptionsSayAndTheOthersAsTheProducerDoes() throws Exception {
        try (KafkaProducer<String, String> producer = builder().compression(CompressionType.LZ4).linger(Duration.ZERO)
                .topic("metrics", options -> options.compression(new Compression(CompressionType.ZSTD, 19)))
                .topic("my.orders", options -> options.compression(CompressionType.NONE))
                .build()) {
            kafka.createTopic("others", 1);

            assertThat(sendAlone(producer, "metrics", LINE.repeat(20)).compression()).isEqualTo(CompressionType.ZSTD);
            assertThat(sendAlone(producer, "my.orders", LINE.repeat(20)).compression()).isEqualTo(CompressionType.NONE);
            assertThat(sendAlone(producer, "others", LINE.repeat(20)).compression()).isEqualTo(CompressionType.LZ4);
        }
    }

    @Test
    void levelIsTheTopics() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            text.append(i * 2_654_435_761L % 10_007).append(i % 7 == 0 ? LINE : ",");
        }
        try (KafkaProducer<String, String> producer = builder().linger(Duration.ZERO).config("compression.type", "gzip").config("compression.gzip.level", 1)
                .config("topics.my.orders.compression.gzip.level", 9).build()) {
            int fast = sendAlone(producer, "metrics", text.toString()).size();
            int small = sendAlone(producer, "my.orders", text.toString()).size();

            assertThat(small).isLessThan(fast * 95 / 100);
        }
    }

    @Test
    void batchIsFullAtTheTopicsSizeAndWaitsForTheTopicsTime() throws Exception {
        try (KafkaProducer<String, String> producer = builder().linger(Duration.ofHours(1)).deliveryTimeout(Duration.ofHours(3))
                .topic("metrics", options -> options.batchSize(500))
                .topic("my.orders", options -> options.linger(Duration.ZERO))
                .build()) {
            CompletableFuture<RecordMetadata> lingers = producer.send("metrics", "x".repeat(100));
            producer.send("my.orders", "b").get(20, TimeUnit.SECONDS);
            assertThat(batches).containsExactly(new Batch(CompressionType.NONE, 1, batches.get(0).size()));
            assertThat(lingers).as("it has an hour").isNotDone();

            while (!lingers.isDone()) { // as many as make a batch of 500 bytes full
                producer.send("metrics", "x".repeat(100));
            }
            assertThat(batches.get(1).size()).isLessThanOrEqualTo(500);
        }
    }

    @Test
    void batchThatIsTooLargeIsSplitIntoPartsThatAreCompressedAsTheTopic() throws Exception {
        kafka.createTopic("narrow", 1, 1, Map.of("max.message.bytes", "1500"));
        Random random = new Random(5);
        try (KafkaProducer<String, String> producer = builder()
                .topic("narrow", options -> options.compression(CompressionType.GZIP).linger(Duration.ofHours(1)))
                .deliveryTimeout(Duration.ofHours(3))
                .build()) {
            List<CompletableFuture<RecordMetadata>> futures = List.of(
                    producer.send("narrow", digits(random)), producer.send("narrow", digits(random)));
            producer.flush();

            assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
            assertThat(batches).extracting(Batch::records).containsExactly(2, 1, 1);
            assertThat(batches).extracting(Batch::compression).containsOnly(CompressionType.GZIP);
        }
    }

    /** 2,000 digits, which are some 900 bytes when compressed. */
    private static String digits(Random random) {
        return random.ints(2_000, 0, 10).mapToObj(Integer::toString).collect(Collectors.joining());
    }

    @Test
    void faultsOfTopicsAreToldWithThoseOfTheProducerEachByItsWholeKey() {
        ProducerBuilder<String, String> builder = builder().config(Map.of(
                "acks", "two",
                "topics.my.orders.linger.ms", "soon",
                "topics.my.orders.lingr.ms", "5",
                "topics.metrics.compression.gzip.level", "0",
                "topics.metrics.acks", "all",
                "topics.linger.ms", "5"));

        assertThatThrownBy(builder::build).isInstanceOf(ConfigException.class)
                .hasMessageContaining("acks")
                .hasMessageContaining("topics.my.orders.linger.ms")
                .hasMessageContaining("did you mean 'topics.my.orders.linger.ms'?")
                .hasMessageContaining("topics.metrics.compression.gzip.level")
                .hasMessageContaining("it must be 1 to 9, or -1")
                .hasMessageContaining("topics.metrics.acks")
                .hasMessageContaining("topics.<name>.<key>");
    }
}
