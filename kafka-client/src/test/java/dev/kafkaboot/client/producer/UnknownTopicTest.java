package dev.kafkaboot.client.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.record.compress.CompressionType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of records whose topic is not known when they are sent. */
@Timeout(60)
class UnknownTopicTest {

    private static final String LATER = "later";

    private final ScriptedCluster cluster = ScriptedCluster.start(1, 3);

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private ProducerBuilder<byte[], byte[]> builder() {
        return KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                .bootstrapServers(cluster.bootstrapServers()).config("retry.backoff.ms", 10);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void whatIsSentIsWhatTheCallerHadThoughItUsesItsArraysAgain() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = builder().build()) {
            byte[] value = "first".getBytes(UTF_8);
            byte[] headerValue = "first".getBytes(UTF_8);
            Headers headers = new Headers().add("name", headerValue);
            CompletableFuture<RecordMetadata> first = producer.send(new ProducerRecord<>(LATER, 0, null, null, value, headers));
            System.arraycopy("XXXXX".getBytes(UTF_8), 0, value, 0, 5);
            System.arraycopy("XXXXX".getBytes(UTF_8), 0, headerValue, 0, 5);
            headers.add("another", "header");
            cluster.addTopic(LATER);
            get(first);
        }
        assertThat(cluster.log(LATER, 0)).containsExactly("first");
        assertThat(cluster.next().headers()).containsExactly("name=first");
    }

    @Test
    void partitionerMayAskTheProducer() throws Exception {
        AtomicReference<KafkaProducer<byte[], byte[]>> self = new AtomicReference<>();
        Partitioner asking = (topic, key, value, partitions) -> self.get().partitionsFor(topic).size() - 1;
        try (KafkaProducer<byte[], byte[]> producer = builder().partitioner(asking).build()) {
            self.set(producer);
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                futures.add(producer.send(LATER, ("v" + i).getBytes(UTF_8)));
            }
            cluster.addTopic(LATER);

            for (int i = 0; i < 10; i++) {
                assertThat(get(futures.get(i)).partition()).isEqualTo(2);
            }
            assertThat(get(producer.send(LATER, "direct".getBytes(UTF_8))).partition()).isEqualTo(2);
        }
    }

    @Test
    void topicIsLearntAlthoughNoRecordMayWaitForIt() throws Exception {
        cluster.addTopic(LATER);
        try (KafkaProducer<byte[], byte[]> producer = builder().maxBlock(Duration.ZERO).build()) {
            CompletableFuture<RecordMetadata> sent = producer.send(LATER, new byte[1]);
            while (sent.handle((metadata, failure) -> failure != null).get(20, TimeUnit.SECONDS)) {
                sent = producer.send(LATER, new byte[1]);
            }

            assertThat(sent.join().offset()).isZero();
        }
    }

    @Test
    void deliveryTimeoutCountsFromTheSending() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = builder().deliveryTimeout(Duration.ofMillis(300)).build()) {
            CompletableFuture<RecordMetadata> never = producer.send("nowhere", new byte[1]);

            assertThatThrownBy(() -> get(never)).hasCauseInstanceOf(SendException.class)
                    .hasMessageContaining("'nowhere' within 300 ms").hasMessageContaining("partitions are not known");
            producer.flush();
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void topicThatIsNotFoundInTimeFailsAllThatWaitForIt() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = builder().maxBlock(Duration.ofMillis(300)).build()) {
            List<CompletableFuture<RecordMetadata>> futures = List.of(producer.send("nowhere", new byte[1]), producer.send("nowhere", new byte[1]));

            for (CompletableFuture<RecordMetadata> each : futures) {
                assertThatThrownBy(() -> get(each)).hasCauseInstanceOf(SendException.class)
                        .hasMessageMatching("(?s).*(Could not send|Not sent) to topic 'nowhere'.*"); // the second may be younger than the question is old
            }
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void buffersFullOfParkedRecordsOfSeveralTopicsEmptyInOrder() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = builder().bufferMemory(128 * 1024).maxRequestSize(64 * 1024)
                .compression(CompressionType.LZ4).build()) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            CompletableFuture<RecordMetadata> tried = producer.trySend(LATER, new byte[500]);
            while (!tried.isCompletedExceptionally()) {
                futures.add(tried);
                tried = producer.trySend(futures.size() % 2 == 0 ? LATER : "later still", ("k" + futures.size() % 5).getBytes(UTF_8), new byte[500]);
            }
            cluster.addTopic(LATER);
            cluster.addTopic("later still");

            futures.add(producer.send(LATER, new byte[500]));
            futures.add(producer.send("later still", new byte[500]));
            producer.flush();
            for (CompletableFuture<RecordMetadata> future : futures) {
                assertThat(get(future).offset()).isNotNegative();
            }
            assertThat(producer.bufferedBytes()).isZero();
        }
    }
}
