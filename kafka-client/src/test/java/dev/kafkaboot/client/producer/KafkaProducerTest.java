package dev.kafkaboot.client.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.kafkaboot.client.BufferExhaustedException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.RecordTooLargeException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnknownTopicException;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import dev.kafkaboot.test.proxy.FaultProxy;
import dev.kafkaboot.test.proxy.FrameRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@KafkaCluster(properties = "auto.create.topics.enable=false")
@Timeout(120)
class KafkaProducerTest {

    private final RealKafka kafka;

    KafkaProducerTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    private ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers(kafka.bootstrapServers());
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private static Throwable failureOf(CompletableFuture<?> future) throws Exception {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("It did not fail");
    }

    @Test
    void whatIsSentIsReadByApachesConsumerWithItsHeadersTimestampsAndNulls() throws Exception {
        kafka.createTopic("there", 1);
        try (KafkaProducer<String, String> producer = builder().build()) {
            Headers headers = new Headers().add("trace", "żółw").add("none", (byte[]) null);
            RecordMetadata first = get(producer.send(new ProducerRecord<>("there", 0, 1_700_000_000_000L, "key", "value", headers)));
            RecordMetadata second = get(producer.send("there", "only-key", null));
            get(producer.send("there", "only-value"));

            assertThat(first).isEqualTo(new RecordMetadata(new TopicPartition("there", 0), 0, 1_700_000_000_000L, 3, 5));
            assertThat(second.offset()).isEqualTo(1);
            assertThat(second.serializedValueSize()).isEqualTo(-1);
        }

        List<ConsumerRecord<byte[], byte[]>> records = Read.all(kafka.bootstrapServers(), "there");
        assertThat(records).hasSize(3);
        assertThat(new String(records.get(0).key(), UTF_8)).isEqualTo("key");
        assertThat(new String(records.get(0).value(), UTF_8)).isEqualTo("value");
        assertThat(records.get(0).timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(records.get(0).headers().toArray()).hasSize(2);
        assertThat(new String(records.get(0).headers().lastHeader("trace").value(), UTF_8)).isEqualTo("żółw");
        assertThat(records.get(0).headers().lastHeader("none").value()).isNull();
        assertThat(records.get(1).value()).isNull();
        assertThat(records.get(2).key()).isNull();
    }

    /** A real broker's answers are lost behind the append: it recognises what comes again, and takes a new epoch behind what was given up. */
    @Test
    void batchWhoseAnswersAreLostIsWrittenOnce() throws Exception {
        kafka.createTopic("once", 1);
        try (FaultProxy proxy = FaultProxy.start(kafka.bootstrapServers());
                KafkaProducer<String, String> patient = builder().bootstrapServers(proxy.bootstrapServers()).build();
                KafkaProducer<String, String> hasty = builder().bootstrapServers(proxy.bootstrapServers()).config("retries", 1).build()) {
            FrameRule lost = proxy.on(ApiKey.PRODUCE).responses().times(3);
            lost.reset();
            assertThat(get(patient.send("once", "a")).offset()).isZero();
            assertThat(lost.hits()).isEqualTo(3);
            assertThat(get(patient.send("once", "b")).offset()).isEqualTo(1);

            proxy.on(ApiKey.PRODUCE).responses().times(2).reset();
            assertThat(failureOf(hasty.send("once", "c"))).asInstanceOf(type(SendException.class))
                    .extracting(SendException::persistence).isEqualTo(Persistence.POSSIBLY_PERSISTED);
            assertThat(get(hasty.send("once", "d")).offset()).isEqualTo(3);
        }

        assertThat(Read.all(kafka.bootstrapServers(), "once")).extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("a", "b", "c", "d");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void everyCodecIsReadByApachesConsumer(CompressionType codec) throws Exception {
        String topic = "codec-" + codec.configName();
        kafka.createTopic(topic, 2);
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = builder().compression(codec).linger(Duration.ofMillis(20)).build()) {
            for (int i = 0; i < 3_000; i++) {
                String value = "{\"order\":" + i + ",\"city\":\"Lyon\",\"note\":\"" + "x".repeat(i % 200) + "\"}";
                sent.add(value);
                producer.send(topic, value);
            }
            producer.flush();
        }

        List<String> read = Read.all(kafka.bootstrapServers(), topic).stream().map(record -> new String(record.value(), UTF_8)).toList();
        assertThat(read).containsExactlyInAnyOrderElementsOf(sent);
    }

    @ParameterizedTest
    @EnumSource(Acks.class)
    void everyKindOfAcknowledgementCompletesTheFuture(Acks acks) throws Exception {
        String topic = "acks-" + acks;
        kafka.createTopic(topic, 1);
        try (KafkaProducer<String, String> producer = builder().acks(acks).build()) {
            RecordMetadata metadata = get(producer.send(topic, "value"));

            assertThat(metadata.offset()).isEqualTo(acks == Acks.NONE ? -1 : 0);
        }
    }

    @Test
    void manyThreadsSendAMillionRecordsAndEachPartitionHasEachThreadsRecordsInOrder() throws Exception {
        kafka.createTopic("million", 6);
        int threads = 4;
        int each = 250_000;
        try (KafkaProducer<byte[], String> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).build()) {
            List<Thread> senders = new ArrayList<>();
            List<CompletableFuture<RecordMetadata>> last = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                CompletableFuture<RecordMetadata> done = new CompletableFuture<>();
                last.add(done);
                senders.add(new Thread(() -> {
                    CompletableFuture<RecordMetadata> future = new CompletableFuture<>();
                    for (int i = 0; i < each; i++) {
                        future = producer.send("million", new byte[] {(byte) (i % 97)}, thread + ":" + i);
                    }
                    future.whenComplete((metadata, failure) -> {
                        if (failure == null) {
                            done.complete(metadata);
                        } else {
                            done.completeExceptionally(failure);
                        }
                    });
                }));
            }
            senders.forEach(Thread::start);
            for (CompletableFuture<RecordMetadata> future : last) {
                assertThat(get(future)).isNotNull();
            }
            producer.flush();
            assertThat(producer.bufferedBytes()).isZero();
        }

        List<ConsumerRecord<byte[], byte[]>> records = Read.all(kafka.bootstrapServers(), "million");
        assertThat(records).hasSize(threads * each);
        Map<String, Integer> lastSeen = new HashMap<>();
        Set<Integer> partitions = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String[] value = new String(record.value(), UTF_8).split(":", -1);
            int index = Integer.parseInt(value[1]);
            Integer before = lastSeen.put(record.partition() + "/" + value[0], index);
            assertThat(before == null || before < index).isTrue();
            partitions.add(record.partition());
        }
        assertThat(partitions).hasSize(6);
    }

    @Test
    void recordsOfATopicThatComesLaterWaitWithoutBlockingAndStayInOrder() throws Exception {
        try (KafkaProducer<String, String> producer = builder().build()) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                futures.add(producer.send("later", "key", "v" + i));
            }
            assertThat(futures).noneMatch(CompletableFuture::isDone);
            kafka.createTopic("later", 1);

            for (int i = 0; i < 100; i++) {
                assertThat(get(futures.get(i)).offset()).isEqualTo(i);
            }
        }
    }

    @Test
    void aBufferFullOfRecordsThatWaitForTheirTopicEmptiesWhenItComes() throws Exception {
        try (KafkaProducer<String, String> producer = builder().bufferMemory(128 * 1024).maxRequestSize(64 * 1024).build()) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            CompletableFuture<RecordMetadata> tried = producer.trySend("crowded", "x".repeat(500));
            while (!tried.isCompletedExceptionally()) {
                futures.add(tried);
                tried = producer.trySend("crowded", "x".repeat(500));
            }
            kafka.createTopic("crowded", 12);

            assertThat(get(producer.send("crowded", "waits for memory"))).isNotNull();
            for (CompletableFuture<RecordMetadata> future : futures) {
                get(future);
            }
            producer.flush();
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void anUnknownTopicFailsWithinItsLimitAndNamesIt() throws Exception {
        try (KafkaProducer<String, String> producer = builder().maxBlock(Duration.ofMillis(500)).build()) {
            Throwable failure = failureOf(producer.send("ordres", "value"));

            assertThat(failure).asInstanceOf(type(SendException.class)).satisfies(e -> {
                assertThat(e).hasMessageContaining("'ordres'").hasCauseInstanceOf(UnknownTopicException.class);
                assertThat(e.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            });
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void aRecordThatIsTooLargeFailsAtOnceAndNamesSizesAndKey() throws Exception {
        kafka.createTopic("large", 1);
        try (KafkaProducer<String, String> producer = builder().maxRequestSize(10_000).build()) {
            CompletableFuture<RecordMetadata> refused = producer.send("large", "k-1", "x".repeat(20_000));

            assertThat(refused).isCompletedExceptionally();
            assertThat(failureOf(refused)).isInstanceOf(RecordTooLargeException.class)
                    .hasMessageContaining("'large'").hasMessageContaining("'k-1'").hasMessageContaining("max.request.size");
            assertThat(get(producer.send("large", "k-2", "x".repeat(9_000))).offset()).isZero();
        }
    }

    @Test
    void aBatchThatTheTopicFindsTooLargeIsSplitAndOneRecordThatIsFails() throws Exception {
        kafka.createTopic("small", 1, (short) 1, Map.of("max.message.bytes", "2000"));
        try (KafkaProducer<String, String> producer = builder().linger(Duration.ofMillis(50)).build()) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                futures.add(producer.send("small", "x".repeat(100) + i));
            }
            CompletableFuture<RecordMetadata> tooLarge = producer.send("small", "x".repeat(5_000));
            CompletableFuture<RecordMetadata> after = producer.send("small", "after");

            for (int i = 0; i < 200; i++) {
                assertThat(get(futures.get(i)).offset()).isEqualTo(i);
            }
            assertThat(failureOf(tooLarge)).isInstanceOf(SendException.class).hasMessageContaining("max.message.bytes");
            assertThat(get(after).offset()).isEqualTo(200);
        }
    }

    @Test
    void aFullBufferBlocksSendForItsTimeAndTrySendNotAtAll() throws Exception {
        RealKafka own = RealKafka.start();
        try (own; KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(own.bootstrapServers()).bufferMemory(128 * 1024).maxRequestSize(64 * 1024)
                .maxBlock(Duration.ofMillis(300)).build()) {
            own.createTopic("full", 1);
            get(producer.send("full", "warm"));
            own.broker(1).pause();
            List<CompletableFuture<RecordMetadata>> accepted = new ArrayList<>();
            CompletableFuture<RecordMetadata> tried = producer.trySend("full", "x".repeat(1_000));
            while (!tried.isCompletedExceptionally()) {
                accepted.add(tried);
                tried = producer.trySend("full", "x".repeat(1_000));
            }
            long before = System.nanoTime();
            Throwable blocked = failureOf(producer.send("full", "x".repeat(1_000)));
            long waited = System.nanoTime() - before;

            assertThat(failureOf(tried)).isInstanceOf(BufferExhaustedException.class).hasMessageContaining("131072 bytes");
            assertThat(blocked).isInstanceOf(BufferExhaustedException.class).hasMessageContaining("within 300 ms");
            assertThat(waited).isGreaterThanOrEqualTo(Duration.ofMillis(300).toNanos());
            own.broker(1).resume();
            for (CompletableFuture<RecordMetadata> future : accepted) {
                get(future);
            }
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void aPausedBrokerMakesRecordsFailInTimeAsPossiblyPersistedAndSaysWhatWasWaitedFor() throws Exception {
        RealKafka own = RealKafka.start();
        try (own; KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(own.bootstrapServers()).deliveryTimeout(Duration.ofMillis(1_200)).build()) {
            own.createTopic("paused", 1);
            get(producer.send("paused", "before"));
            own.broker(1).pause();

            Throwable failure = failureOf(producer.send("paused", "during"));

            assertThat(failure).asInstanceOf(type(SendException.class)).satisfies(e -> {
                assertThat(e.persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
                assertThat(e).hasMessageContaining("paused-0").hasMessageContaining("1.2 s").hasMessageContaining("waits for its answer");
            });
            assertThat(producer.bufferedBytes()).as("memory in flight is not given back by expiry").isPositive();
            own.broker(1).resume();
            producer.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void aProducerThatStartsBeforeItsBrokerSendsWhenItIsUp() throws Exception {
        RealKafka own = RealKafka.start();
        try (own) {
            own.createTopic("up", 1);
            own.broker(1).stop();
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .bootstrapServers(own.bootstrapServers()).build()) {
                CompletableFuture<RecordMetadata> early = producer.send("up", "early");
                own.broker(1).start();

                assertThat(get(early).offset()).isZero();
            }
        }
    }

    @Test
    void killingTheBrokerUnderLoadLosesNothingAcknowledgedAndKeepsTheOrder() throws Exception {
        RealKafka own = RealKafka.start();
        try (own) {
            own.createTopic("killed", 2);
            Set<String> acknowledged = java.util.concurrent.ConcurrentHashMap.newKeySet();
            int count = 20_000;
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .bootstrapServers(own.bootstrapServers()).bufferMemory(8 * 1024 * 1024).build()) {
                List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    String value = Integer.toString(i);
                    futures.add(producer.send("killed", value, value).whenComplete((metadata, failure) -> {
                        if (failure == null) {
                            acknowledged.add(value);
                        }
                    }));
                    if (i == count / 4) {
                        get(futures.get(0));
                        own.broker(1).kill();
                        own.broker(1).start();
                    }
                }
                CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).get(90, TimeUnit.SECONDS);
            }

            List<ConsumerRecord<byte[], byte[]>> records = Read.all(own.bootstrapServers(), "killed");
            Set<String> read = new HashSet<>();
            Map<Integer, Integer> highest = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                String value = new String(record.value(), UTF_8);
                if (read.add(value)) {
                    int index = Integer.parseInt(value);
                    Integer before = highest.put(record.partition(), index);
                    assertThat(before == null || before < index).as("first occurrences are in order").isTrue();
                }
            }
            assertThat(acknowledged).hasSize(count);
            assertThat(read).containsAll(acknowledged);
        }
    }

    @Test
    void anUnserialisableValueNamesTopicAndType() throws Exception {
        try (KafkaProducer<String, Object> producer = KafkaProducer.<String, Object>builder(Serializers.string(), Serializers.of(
                value -> {
                    throw new IllegalStateException("no");
                }, bytes -> bytes)).bootstrapServers(kafka.bootstrapServers()).build()) {
            assertThat(failureOf(producer.send("orders", 42))).isInstanceOf(SerializationException.class)
                    .hasMessageContaining("'orders'").hasMessageContaining("java.lang.Integer").hasMessageContaining("no");
        }
    }

    @Test
    void aPartitionThatIsNotThereIsRefusedWithTheRangeThatIs() throws Exception {
        kafka.createTopic("two", 2);
        try (KafkaProducer<String, String> producer = builder().build()) {
            get(producer.send("two", "known now"));

            assertThat(failureOf(producer.send(new ProducerRecord<>("two", 2, null, "v")))).isInstanceOf(SendException.class)
                    .hasMessageContaining("partition 2 of topic 'two', which has 2 (0 to 1)");
        }
    }

    @Test
    void sendingToAClosedProducerFailsAtOnceAndClosingSendsWhatLingers() throws Exception {
        kafka.createTopic("closing", 1);
        KafkaProducer<String, String> producer = builder().linger(Duration.ofSeconds(20)).build();
        CompletableFuture<RecordMetadata> lingering = producer.send("closing", "lingers");

        producer.close();

        assertThat(get(lingering).offset()).isZero();
        assertThat(failureOf(producer.send("closing", "late"))).isInstanceOf(ClientClosedException.class);
        producer.close();
    }

    @Test
    void callbacksMayBlockSendAndFlush() throws Exception {
        kafka.createTopic("callbacks", 1);
        try (KafkaProducer<String, String> producer = builder().build()) {
            CompletableFuture<Long> inner = producer.send("callbacks", "outer").thenApply(outer -> {
                CompletableFuture<RecordMetadata> second = producer.send("callbacks", "inner");
                producer.flush();
                return second.join().offset();
            });

            assertThat(get(inner)).isEqualTo(1);
        }
    }

    @Test
    void wrongConfigurationTellsAllFaultsAtOnce() {
        assertThatThrownBy(() -> KafkaProducer.builder(Serializers.string(), Serializers.string())
                .config("acks", "two").config("lingr.ms", 5).config("enable.idempotence", "perhaps").build())
                .asInstanceOf(type(ConfigException.class))
                .satisfies(e -> assertThat(e.faults()).extracting(ConfigException.Fault::key)
                        .containsExactlyInAnyOrder("acks", "lingr.ms", "enable.idempotence", "bootstrap.servers"))
                .satisfies(e -> assertThat(e).hasMessageContaining("did you mean 'linger.ms'?").hasMessageContaining("[all, -1, 1, 0]"));
    }
}
