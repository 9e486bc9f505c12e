package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.producer.ScriptedCluster.TOPIC;
import static dev.kafkaboot.client.producer.ScriptedCluster.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.RecordTooLargeException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.producer.ScriptedCluster.Produced;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.record.compress.CompressionType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the producer does about answers that are not "yes", against brokers that answer as they are told. */
@Timeout(60)
class ProducerRetryTest {

    private ScriptedCluster cluster = ScriptedCluster.start(1, 1);

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private void restart(int nodes, int partitions) throws IOException {
        cluster.close();
        cluster = ScriptedCluster.start(nodes, partitions);
    }

    private ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(cluster.bootstrapServers()).config("retry.backoff.ms", 10);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static SendException failureOf(CompletableFuture<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(SendException.class);
            return (SendException) e.getCause();
        }
        throw new AssertionError("It did not fail");
    }

    /** Sends and waits until the broker has got it, so that what follows is behind it. */
    private CompletableFuture<RecordMetadata> sendAlone(KafkaProducer<String, String> producer, String value) throws InterruptedException {
        CompletableFuture<RecordMetadata> future = producer.send(TOPIC, value);
        assertThat(cluster.next().all()).containsExactly(value);
        return future;
    }

    @Test
    void batchThatIsRefusedForAWhileIsRepeatedBeforeTheOnesBehindIt() throws Exception {
        List<String> retried = new ArrayList<>();
        ProducerListener listener = new ProducerListener() {
            @Override
            public void batchRetried(TopicPartition partition, int records, Throwable reason) {
                retried.add(partition + " " + records);
            }
        };
        CountDownLatch answered = new CountDownLatch(1);
        cluster.answer(
                request -> {
                    answered.await();
                    return ScriptedCluster.refuse(request, ErrorCode.NOT_ENOUGH_REPLICAS);
                },
                error(ErrorCode.NOT_LEADER_OR_FOLLOWER), error(ErrorCode.KAFKA_STORAGE_ERROR));
        try (KafkaProducer<String, String> producer = builder().listener(listener).build()) {
            CompletableFuture<RecordMetadata> first = sendAlone(producer, "0");
            List<CompletableFuture<RecordMetadata>> behind = new ArrayList<>();
            for (int i = 1; i < 10; i++) {
                behind.add(producer.send(TOPIC, Integer.toString(i)));
            }
            answered.countDown();

            assertThat(get(first).offset()).isZero();
            for (int i = 1; i < 10; i++) {
                assertThat(get(behind.get(i - 1)).offset()).isEqualTo(i);
            }
        }
        assertThat(cluster.log(0)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(retried).containsExactly("orders-0 1", "orders-0 1", "orders-0 1");
    }

    @Test
    void lostConnectionIsFollowedByARepetitionInOrder() throws Exception {
        cluster.answer(request -> {
            throw new IOException("cut");
        }, request -> {
            cluster.accept(request);
            throw new IOException("cut behind the write");
        });
        try (KafkaProducer<String, String> producer = builder().build()) {
            CompletableFuture<RecordMetadata> first = producer.send(TOPIC, "a");
            cluster.next();
            CompletableFuture<RecordMetadata> second = producer.send(TOPIC, "b");

            assertThat(get(first).offset()).isEqualTo(1);
            get(second);
        }
        assertThat(cluster.log(0)).containsExactly("a", "a", "b");
    }

    @Test
    void refusalForGoodFailsItsBatchAloneAndSaysThatNothingWasWritten() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        cluster.answer(request -> {
            answered.await();
            return ScriptedCluster.refuse(request, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        });
        try (KafkaProducer<String, String> producer = builder().build()) {
            CompletableFuture<RecordMetadata> refused = sendAlone(producer, "refused");
            CompletableFuture<RecordMetadata> next = producer.send(TOPIC, "next");
            answered.countDown();

            SendException failure = failureOf(refused);
            assertThat(failure.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(get(next).offset()).isZero();
        }
    }

    @Test
    void timeUpAfterRefusalsSaysNotPersistedAndTakesAlongWhatWaitsBehind() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            cluster.answer(error(ErrorCode.NOT_ENOUGH_REPLICAS));
        }
        try (KafkaProducer<String, String> producer = builder().deliveryTimeout(Duration.ofMillis(700)).build()) {
            CompletableFuture<RecordMetadata> first = sendAlone(producer, "first");
            CompletableFuture<RecordMetadata> behind = producer.send(TOPIC, "behind");

            assertThat(failureOf(first)).satisfies(failure -> {
                assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
                assertThat(failure).hasMessageContaining("Could not send to orders-0 within 700 ms").hasMessageContaining("NOT_ENOUGH_REPLICAS")
                        .hasMessageContaining("attempts").hasMessageContaining("leader");
            });
            assertThat(failureOf(behind).persistence()).isEqualTo(Persistence.NOT_PERSISTED);
        }
        assertThat(cluster.log(0)).isEmpty();
    }

    @Test
    void timeUpAfterAnAnswerThatLeavesItOpenSaysPossiblyPersisted() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            cluster.answer(error(ErrorCode.REQUEST_TIMED_OUT));
        }
        try (KafkaProducer<String, String> producer = builder().deliveryTimeout(Duration.ofMillis(500)).build()) {
            assertThat(failureOf(producer.send(TOPIC, "maybe")).persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_LEADER_OR_FOLLOWER, ALL, POSSIBLY_PERSISTED", "NOT_LEADER_OR_FOLLOWER, LEADER, NOT_PERSISTED",
        "UNKNOWN_TOPIC_OR_PARTITION, ALL, POSSIBLY_PERSISTED", "UNKNOWN_TOPIC_OR_PARTITION, LEADER, NOT_PERSISTED",
        "KAFKA_STORAGE_ERROR, ALL, POSSIBLY_PERSISTED", "KAFKA_STORAGE_ERROR, LEADER, POSSIBLY_PERSISTED",
        "UNKNOWN_SERVER_ERROR, ALL, POSSIBLY_PERSISTED", "UNKNOWN_SERVER_ERROR, LEADER, POSSIBLY_PERSISTED",
        "NOT_ENOUGH_REPLICAS, ALL, NOT_PERSISTED", "TOPIC_AUTHORIZATION_FAILED, ALL, NOT_PERSISTED"})
    void errorThatABrokerMayAnswerBehindTheAppendLeavesItOpen(ErrorCode error, Acks acks, Persistence told) throws Exception {
        cluster.answer(error(error));
        try (KafkaProducer<String, String> producer = builder().acks(acks).config("retries", 0).build()) {
            assertThat(failureOf(producer.send(TOPIC, "maybe")).persistence()).isEqualTo(told);
        }
    }

    @Test
    void withoutRetriesTheFirstErrorFailsTheBatchAndWhatWaitsBehindIt() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        cluster.answer(request -> {
            answered.await();
            return ScriptedCluster.refuse(request, ErrorCode.NOT_ENOUGH_REPLICAS);
        });
        try (KafkaProducer<String, String> producer = builder().config("retries", 0).build()) {
            CompletableFuture<RecordMetadata> first = sendAlone(producer, "first");
            CompletableFuture<RecordMetadata> behind = producer.send(TOPIC, "behind");
            answered.countDown();

            assertThat(failureOf(first).errorCode()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
            assertThat(failureOf(behind)).hasMessageContaining("must not overtake");
            assertThat(get(producer.send(TOPIC, "later")).offset()).isZero();
        }
    }

    @Test
    void leaderThatAnAnswerNamesIsUsedAtOnce() throws Exception {
        restart(2, 1);
        cluster.answer(request -> {
            ProduceResponse refusal = ScriptedCluster.refuse(request, ErrorCode.NOT_LEADER_OR_FOLLOWER);
            refusal.responses().get(0).partitionResponses().get(0).currentLeader(
                    new ProduceResponse.LeaderIdAndEpoch().leaderId(2).leaderEpoch(5));
            return refusal.nodeEndpoints(List.of(new ProduceResponse.NodeEndpoint().nodeId(2).host("127.0.0.1").port(cluster.port(2))));
        });
        try (KafkaProducer<String, String> producer = builder()
                .config("retry.backoff.ms", 30_000).config("retry.backoff.max.ms", 30_000).build()) {
            CompletableFuture<RecordMetadata> future = producer.send(TOPIC, "moves");

            assertThat(cluster.next().node()).isEqualTo(1);
            assertThat(cluster.next().node()).isEqualTo(2);
            assertThat(get(future).offset()).isZero();
        }
    }

    @Test
    void onlyOneBatchOfAPartitionIsUnderWayAndTheNextOneTakesAllThatCameMeanwhile() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        cluster.answer(request -> {
            answered.await();
            return cluster.accept(request);
        });
        try (KafkaProducer<String, String> producer = builder().batchSize(1_000).build()) {
            sendAlone(producer, "first");
            CompletableFuture<RecordMetadata> last = new CompletableFuture<>();
            for (int i = 0; i < 500; i++) {
                last = producer.send(TOPIC, "x".repeat(100));
            }
            assertThat(cluster.hasNext()).isFalse();
            answered.countDown();

            assertThat(get(last).offset()).isEqualTo(500);
            assertThat(cluster.next().all()).as("a backlog makes one large batch, not fifty of batch.size").hasSize(500);
        }
    }

    @Test
    void batchesOfManyPartitionsShareARequestAsFarAsItsSizeAllows() throws Exception {
        restart(1, 20);
        try (KafkaProducer<String, String> producer = builder().linger(Duration.ofSeconds(30)).maxRequestSize(50_000).build()) {
            get(producer.flushAsync());
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                futures.add(producer.send(new ProducerRecord<>(TOPIC, i, null, "x".repeat(10_000))));
            }
            producer.flush();

            for (CompletableFuture<RecordMetadata> future : futures) {
                assertThat(future).isCompletedWithValueMatching(metadata -> metadata.offset() == 0);
            }
            int partitions = 0;
            int requests = 0;
            while (cluster.hasNext()) {
                Produced request = cluster.next();
                assertThat(request.all().stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(50_000);
                partitions += request.values().size();
                requests++;
            }
            assertThat(partitions).isEqualTo(20);
            assertThat(requests).isEqualTo(5);
        }
    }

    @Test
    void partitionThatAnAnswerLeavesOutIsSentAgain() throws Exception {
        cluster.answer(request -> new ProduceResponse().responses(List.of()));
        try (KafkaProducer<String, String> producer = builder().build()) {
            assertThat(get(producer.send(TOPIC, "again")).offset()).isZero();
        }
        assertThat(cluster.next().all()).containsExactly("again");
        assertThat(cluster.next().all()).containsExactly("again");
    }

    @Test
    void topicIdsAreUsedWhereTheClusterTellsThemAndNamesWhereNot() throws Exception {
        try (KafkaProducer<String, String> producer = builder().build()) {
            get(producer.send(TOPIC, "by id"));
        }
        assertThat(cluster.next().version()).isGreaterThanOrEqualTo((short) 13);

        restart(1, 1);
        cluster.withoutTopicIds();
        try (KafkaProducer<String, String> producer = builder().build()) {
            get(producer.send(TOPIC, "by name"));
        }
        assertThat(cluster.next().version()).isEqualTo((short) 12);
    }

    @Test
    void answerIsUnderstoodThoughTheTopicsWereMadeAgainMeanwhile() throws Exception {
        cluster.addTopic("bills");
        try (KafkaProducer<String, String> producer = builder().linger(Duration.ofSeconds(30)).config("metadata.max.age.ms", 20).build()) {
            producer.partitionsFor(TOPIC);
            producer.partitionsFor("bills");
            cluster.answer(request -> {
                cluster.makeTopicsAgain();
                return cluster.accept(request);
            });
            List<CompletableFuture<RecordMetadata>> futures = List.of(producer.send(TOPIC, "order"), producer.send("bills", "bill"));
            producer.flush();

            for (CompletableFuture<RecordMetadata> future : futures) {
                assertThat(get(future).offset()).isZero();
            }
        }
        assertThat(cluster.log(0)).containsExactly("order");
        assertThat(cluster.log("bills", 0)).containsExactly("bill");
    }

    @Test
    void withoutAcksTheFutureCompletesWhenTheRequestIsWritten() throws Exception {
        try (KafkaProducer<String, String> producer = builder().acks(Acks.NONE).build()) {
            assertThat(get(producer.send(TOPIC, "gone")).offset()).isEqualTo(-1);
            assertThat(cluster.next().acks()).isZero();
        }
    }

    @Test
    void compressedBatchThatIsTooLargeIsSplitAndLaterOnesStaySmaller() throws Exception {
        cluster.answer(error(ErrorCode.MESSAGE_TOO_LARGE), error(ErrorCode.MESSAGE_TOO_LARGE));
        try (KafkaProducer<String, String> producer = builder().compression(CompressionType.GZIP).linger(Duration.ofSeconds(30))
                .batchSize(100_000).build()) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < 800; i++) {
                futures.add(producer.send(TOPIC, i + "x".repeat(100)));
            }
            producer.flush();

            for (int i = 0; i < 800; i++) {
                assertThat(futures.get(i).getNow(null).offset()).isEqualTo(i);
            }
            assertThat(cluster.next()).satisfies(request -> assertThat(request.uncompressed()).isFalse()).extracting(request -> request.all().size())
                    .isEqualTo(800);
            assertThat(cluster.next().all()).hasSizeLessThan(450);
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void partsOfABatchThatMayHaveBeenWrittenMayHaveBeenWrittenToo() throws Exception {
        cluster.answer(error(ErrorCode.REQUEST_TIMED_OUT), error(ErrorCode.MESSAGE_TOO_LARGE), error(ErrorCode.INVALID_RECORD),
                error(ErrorCode.INVALID_RECORD));
        try (KafkaProducer<String, String> producer = builder().linger(Duration.ofSeconds(30)).build()) {
            CompletableFuture<RecordMetadata> first = producer.send(TOPIC, "first");
            CompletableFuture<RecordMetadata> second = producer.send(TOPIC, "second");
            producer.flush();

            assertThat(failureOf(first).persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
            assertThat(failureOf(second).persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void singleRecordThatIsTooLargeForTheBrokerFailsWithItsSizeAndTheOthersGoOn() throws Exception {
        cluster.answer(error(ErrorCode.MESSAGE_TOO_LARGE));
        try (KafkaProducer<String, String> producer = builder().build()) {
            SendException failure = failureOf(producer.send(TOPIC, "large"));

            assertThat(failure).hasCauseInstanceOf(RecordTooLargeException.class).hasMessageContaining("message.max.bytes");
            assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(get(producer.send(TOPIC, "small")).offset()).isZero();
        }
    }

    @Test
    void expiryCompletesTheFutureAndLeavesTheMemoryUntilTheAnswerIsThere() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        cluster.answer(request -> {
            answered.await();
            return cluster.accept(request);
        });
        try (KafkaProducer<String, String> producer = builder().deliveryTimeout(Duration.ofMillis(400)).build()) {
            CompletableFuture<RecordMetadata> expired = sendAlone(producer, "expired");
            CompletableFuture<RecordMetadata> behind = producer.send(TOPIC, "behind");

            assertThat(failureOf(expired)).asInstanceOf(type(SendException.class)).satisfies(failure -> {
                assertThat(failure.persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
                assertThat(failure).hasMessageContaining("attempt 1 waits for its answer");
            });
            assertThat(failureOf(behind).persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(producer.bufferedBytes()).isPositive();
            answered.countDown();
            assertThat(get(producer.send(TOPIC, "after")).offset()).isEqualTo(1);
            producer.flush();
            assertThat(producer.bufferedBytes()).isZero();
        }
        assertThat(cluster.log(0)).containsExactly("expired", "after");
    }

    @Test
    void brokerThatIsNotThereIsNamedAndNothingCountsAsPersisted() throws Exception {
        try (KafkaProducer<String, String> producer = builder().deliveryTimeout(Duration.ofMillis(800)).build()) {
            get(producer.send(TOPIC, "there"));
            cluster.next();
            int port = cluster.port(1);
            cluster.close();

            SendException failure = failureOf(producer.send(TOPIC, "nobody there"));

            assertThat(failure).hasMessageContaining("orders-0 within 800 ms").hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("last error");
            assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void recordThatIsSentAfterAllOthersExpiredInTheLineOfADeadLeaderExpiresToo() throws Exception {
        try (KafkaProducer<String, String> producer = builder().deliveryTimeout(Duration.ofMillis(600))
                .config("retry.backoff.ms", 30_000).config("retry.backoff.max.ms", 30_000).build()) {
            get(producer.send(TOPIC, "there"));
            cluster.next();
            cluster.close();
            failureOf(producer.send(TOPIC, "nobody there"));

            assertThat(failureOf(producer.send(TOPIC, "nobody there still"))).hasMessageContaining("orders-0 within 600 ms");
            producer.flush(Duration.ofSeconds(20));
        }
    }

    @Test
    void closingFailsWhatIsNotAnsweredInTimeAndSaysWhy() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        cluster.answer(request -> {
            never.await();
            return null;
        });
        KafkaProducer<String, String> producer = builder().build();
        CompletableFuture<RecordMetadata> inFlight = sendAlone(producer, "in flight");
        CompletableFuture<RecordMetadata> behind = producer.send(TOPIC, "behind");

        producer.close(Duration.ofMillis(200));

        assertThat(List.of(inFlight, behind)).allMatch(CompletableFuture::isDone);
        assertThat(failureOf(inFlight)).hasMessageContaining("closed before it was acknowledged")
                .extracting(SendException::persistence).isEqualTo(Persistence.POSSIBLY_PERSISTED);
        assertThat(failureOf(behind).persistence()).isEqualTo(Persistence.NOT_PERSISTED);
        never.countDown();
    }

    @Test
    void endOfTheLoopFailsWhatIsParkedAndWhatIsInFlightAlthoughAFlushWaitsForIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        cluster.answer(request -> {
            never.await();
            return null;
        });
        ConnectionManager shared = ConnectionManager.connect(cluster.bootstrapServers());
        KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(shared).build();
        CompletableFuture<RecordMetadata> inFlight = sendAlone(producer, "in flight");
        List<CompletableFuture<RecordMetadata>> parked = List.of(producer.send("nowhere", "a"), producer.send("elsewhere", "b"));
        CompletableFuture<Void> flush = producer.flushAsync();
        shared.loop().execute(() -> {
            throw new AssertionError("the end");
        });

        assertThat(failureOf(inFlight)).hasMessageContaining("AssertionError: the end");
        for (CompletableFuture<RecordMetadata> each : parked) {
            assertThat(failureOf(each)).hasMessageContaining("AssertionError: the end");
        }
        assertThatThrownBy(() -> get(flush)).isInstanceOf(ExecutionException.class);
        producer.close();
        never.countDown();
    }

    @Test
    void interruptedCloseFailsWhatIsNotAcknowledgedAndClosesTheRest() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        cluster.answer(request -> {
            never.await();
            return null;
        });
        List<String> closed = new ArrayList<>();
        try (ConnectionManager shared = ConnectionManager.connect(cluster.bootstrapServers())) {
            KafkaProducer<String, String> producer = KafkaProducer.builder(closing("key", closed), closing("value", closed)).connections(shared).build();
            CompletableFuture<RecordMetadata> inFlight = sendAlone(producer, "in flight");
            CompletableFuture<RecordMetadata> behind = producer.send(TOPIC, "behind");

            Thread.currentThread().interrupt();
            assertThatThrownBy(producer::close).isInstanceOf(InterruptException.class);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failureOf(inFlight)).hasMessageContaining("closed before it was acknowledged");
            failureOf(behind);
            assertThat(closed).containsExactly("key", "value");
        }
        never.countDown();
    }

    /** A serializer that tells when it is closed, and fails at it. */
    private static Serializer<String> closing(String name, List<String> closed) {
        return new Serializer<>() {
            @Override
            public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String data) {
                return Serializers.string().serialize(topic, headers, data);
            }

            @Override
            public @Nullable String deserialize(String topic, Headers headers, byte @Nullable [] data) {
                return Serializers.string().deserialize(topic, headers, data);
            }

            @Override
            public void close() {
                closed.add(name);
                throw new IllegalStateException(name + " does not close");
            }
        };
    }

    @Test
    void listenerHearsOfSizesTimesAndFailuresAndMayThrow() throws Exception {
        ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
        ProducerListener listener = new ProducerListener() {
            @Override
            public void batchSent(
                    TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration queued, int attempt) {
                heard.add("sent " + records + " " + (bytes < uncompressedBytes) + " " + attempt);
                throw new IllegalStateException("a listener's fault");
            }

            @Override
            public void batchRetried(TopicPartition partition, int records, Throwable reason) {
                throw new NoClassDefFoundError("a listener's fault, too");
            }

            @Override
            public void batchAcknowledged(TopicPartition partition, int records, Duration socket, Duration broker) {
                heard.add("acknowledged " + records + " " + (!socket.isNegative() && !broker.isNegative()));
            }

            @Override
            public void recordsFailed(TopicPartition partition, int records, Throwable reason) {
                heard.add("failed " + records);
            }
        };
        cluster.answer(error(ErrorCode.NOT_ENOUGH_REPLICAS), cluster::accept, error(ErrorCode.INVALID_RECORD));
        try (KafkaProducer<String, String> producer = builder().compression(CompressionType.LZ4).listener(listener).build()) {
            get(producer.send(TOPIC, "x".repeat(1_000)));
            failureOf(producer.send(TOPIC, "x".repeat(1_000)));
            producer.flush();
        }
        assertThat(heard).containsExactly("sent 1 true 1", "sent 1 true 2", "acknowledged 1 true", "sent 1 true 1", "failed 1");
    }

    @Test
    void limitsMayBeForEver() throws Exception {
        cluster.answer(error(ErrorCode.NOT_ENOUGH_REPLICAS));
        try (KafkaProducer<String, String> producer = builder().config("delivery.timeout.ms", Long.MAX_VALUE).config("linger.ms", Long.MAX_VALUE)
                .config("max.block.ms", Long.MAX_VALUE).config("request.timeout.ms", Long.MAX_VALUE).build()) {
            CompletableFuture<RecordMetadata> future = producer.send(TOPIC, "patient");
            assertThat(producer.partitionsFor(TOPIC)).hasSize(1);
            producer.flush();

            assertThat(get(future).offset()).isZero();
        }
    }

    @Test
    void partitionerThatFailsOrChoosesWronglyFailsTheRecord() throws Exception {
        Map<String, Integer> choices = Map.of("wrong", 7, "right", 0);
        Partitioner partitioner = (topic, key, value, partitions) -> {
            Integer choice = value == null ? null : choices.get(new String(value, java.nio.charset.StandardCharsets.UTF_8));
            if (choice == null) {
                throw new IllegalStateException("no idea");
            }
            return choice;
        };
        try (KafkaProducer<String, String> producer = builder().partitioner(partitioner).build()) {
            for (int round = 0; round < 2; round++) { // parked, and then directly
                assertThat(failureOf(producer.send(TOPIC, "wrong"))).hasMessageContaining("chose partition 7 of topic 'orders'");
                assertThat(failureOf(producer.send(TOPIC, "none"))).hasMessageContaining("no idea");
                assertThat(get(producer.send(TOPIC, "right")).offset()).isEqualTo(round);
            }
        }
    }
}
