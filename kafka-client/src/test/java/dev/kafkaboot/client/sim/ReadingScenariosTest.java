package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.GROUP;
import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Header;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.record.HeaderList;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What applications do with partitions of their own choice that librdkafka's and kafka-python's tests know to go wrong. */
class ReadingScenariosTest {

    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    private static ConsumerBuilder<String, String> builder(GroupRun run) {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).connections(run.process().connections())
                .autoOffsetReset(OffsetResetPolicy.EARLIEST);
    }

    private static List<String> append(GroupRun run, int count) {
        List<String> values = IntStream.range(0, count).mapToObj(Integer::toString).toList();
        run.cluster(cluster -> values.forEach(value -> cluster.log(TOPIC, 0).append(null, value)));
        return values;
    }

    private static List<String> read(GroupRun run, KafkaConsumer<String, String> consumer) {
        return run.pollFor(Duration.ofSeconds(5), consumer);
    }

    /** librdkafka 0015 and 0029. */
    @Test
    void seeksGoToTheBeginningToTheEndAndToEveryOffsetBetween() {
        GroupRun.of(run -> {
            List<String> values = append(run, 10);
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.assign(List.of(FIRST));
                assertThat(read(run, consumer)).isEqualTo(values);
                for (int offset = 0; offset < values.size(); offset++) {
                    consumer.seek(FIRST, offset);
                    assertThat(consumer.position(FIRST)).isEqualTo(offset);
                    assertThat(read(run, consumer)).isEqualTo(values.subList(offset, values.size()));
                }
                consumer.seekToBeginning(List.of(FIRST));
                assertThat(read(run, consumer)).isEqualTo(values);
                consumer.seek(FIRST, 3);
                consumer.seekToEnd(List.of(FIRST));
                assertThat(read(run, consumer)).isEmpty();
                assertThat(consumer.position(FIRST)).isEqualTo(10);
                assertThatThrownBy(() -> consumer.seek(FIRST, -1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
                assertThatThrownBy(() -> consumer.seek(SECOND, 1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("orders-1");
            }
        });
    }

    /** librdkafka 0034. */
    @ParameterizedTest
    @CsvSource({"earliest, 5", "latest, 8"})
    void committedOffsetThatIsNotThereAnyMoreIsReset(String policy, int first) {
        GroupRun.of(run -> {
            append(run, 8);
            run.cluster(cluster -> {
                cluster.group(GROUP).commit(TOPIC, 0, 2);
                cluster.log(TOPIC, 0).deleteBefore(5);
            });
            try (KafkaConsumer<String, String> consumer = builder(run).groupId(GROUP).config("auto.offset.reset", policy).build()) {
                consumer.assign(List.of(FIRST));
                List<String> read = new ArrayList<>(read(run, consumer));
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "8"));
                read.addAll(read(run, consumer));

                assertThat(read).isEqualTo(IntStream.rangeClosed(first, 8).mapToObj(Integer::toString).toList());
            }
        });
    }

    /** librdkafka 0041 and 0082. */
    @Test
    void recordsLargerThanAFetchMayBringComeOneByOne() {
        GroupRun.of(run -> {
            List<String> values = List.of("a".repeat(20_000), "b", "c".repeat(30_000));
            run.cluster(cluster -> values.forEach(value -> {
                cluster.log(TOPIC, 0).append(null, value);
                cluster.log(TOPIC, 1).append(null, value);
            }));
            try (KafkaConsumer<String, String> consumer = builder(run).config("max.partition.fetch.bytes", 100).config("fetch.max.bytes", 100).build()) {
                consumer.assign(List.of(FIRST, SECOND));

                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).hasSize(6).containsAll(values);
            }
        });
    }

    /** librdkafka 0042. */
    @Test
    void hundredsOfTopicsAreReadAtOnce() {
        GroupRun.of(run -> {
            List<TopicPartition> all = IntStream.range(0, 300).mapToObj(i -> new TopicPartition("topic-" + i, 0)).toList();
            run.cluster(cluster -> all.forEach(each -> {
                cluster.createTopic(each.topic(), 1);
                cluster.log(each.topic(), 0).append(null, each.topic());
            }));
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.assign(all);

                assertThat(read(run, consumer)).containsExactlyInAnyOrderElementsOf(all.stream().map(TopicPartition::topic).toList());
            }
        });
    }

    /** librdkafka 0051. */
    @Test
    void ofAssignmentsThatFollowOneAnotherQuicklyTheLastHolds() {
        GroupRun.of(run -> {
            List<String> values = append(run, 10);
            run.cluster(cluster -> cluster.log(TOPIC, 1).append(null, "other"));
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                for (int i = 0; i < 50; i++) {
                    consumer.assign(List.of(i % 2 == 0 ? FIRST : SECOND));
                    consumer.poll(Duration.ofMillis(i % 5));
                }
                consumer.assign(List.of(FIRST));
                consumer.seekToBeginning(List.of(FIRST));

                assertThat(read(run, consumer)).isEqualTo(values);
            }
        });
    }

    /** librdkafka 0054 and 0059. */
    @Test
    void everyRecordIsFoundByItsTimeAndNothingBehindTheLast() {
        GroupRun.of(run -> {
            run.cluster(cluster -> IntStream.range(0, 10).forEach(i -> cluster.log(TOPIC, 0).append(null, bytes("" + i), HeaderList.EMPTY, 1_000 + i * 10)));
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.assign(List.of(FIRST));
                for (int i = 0; i < 10; i++) {
                    long offset = consumer.offsetsForTimes(Map.of(FIRST, 991L + i * 10L)).get(FIRST).offset();
                    assertThat(offset).isEqualTo(i);
                    consumer.seek(FIRST, offset);
                    assertThat(read(run, consumer).get(0)).isEqualTo("" + i);
                }
                assertThat(consumer.offsetsForTimes(Map.of(FIRST, 1_091L))).isEmpty();
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** librdkafka 0112. */
    @Test
    void partitionThatIsThereLaterThanItsAssignmentIsReadThen() {
        GroupRun.of(run -> {
            TopicPartition later = new TopicPartition(TOPIC, 2);
            List<String> values = append(run, 3);
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.assign(List.of(FIRST, later));
                assertThat(read(run, consumer)).isEqualTo(values);
                run.process().connections().send(new CreatePartitionsRequest().timeoutMs(5_000).topics(
                        List.of(new CreatePartitionsRequest.CreatePartitionsTopic().name(TOPIC).count(3).assignments(null))));
                run.pollFor(Duration.ofSeconds(1), consumer);
                run.cluster(cluster -> cluster.log(TOPIC, 2).append(null, "later"));

                assertThat(run.pollFor(Duration.ofSeconds(30), consumer)).containsExactly("later");
            }
        });
    }

    /** librdkafka 0070, 0073 and 0085. */
    @Test
    void nothingIsNotTakenForEmptyAndHeadersKeepTheirOrder() {
        GroupRun.of(run -> {
            Headers headers = Headers.of(new Header("a", bytes("1")), new Header("b", null), new Header("a", new byte[0]));
            run.cluster(cluster -> {
                cluster.log(TOPIC, 0).append(null, null, headers, 1);
                cluster.log(TOPIC, 0).append(new byte[0], new byte[0], HeaderList.EMPTY, 2);
            });
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.assign(List.of(FIRST));
                while (records.size() < 2) {
                    consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
                }
            }

            assertThat(records.get(0).key()).isNull();
            assertThat(records.get(0).value()).isNull();
            assertThat(records.get(0).headers()).extracting(Header::key).containsExactly("a", "b", "a");
            assertThat(records.get(0).headers()).extracting(Header::value).containsExactly(bytes("1"), null, new byte[0]);
            assertThat(records.get(1).key()).isEmpty();
            assertThat(records.get(1).value()).isEmpty();
            assertThat(records.get(1).headers()).isEmpty();
        });
    }

    /** librdkafka 0026 and 0145. */
    @Test
    void pausesAndNeedlessResumesLoseAndRepeatNothing() {
        GroupRun.of(run -> {
            List<String> values = append(run, 30);
            List<String> read = new ArrayList<>();
            try (KafkaConsumer<String, String> consumer = builder(run).maxPollRecords(1).build()) {
                consumer.assign(List.of(FIRST));
                for (int i = 0; i < 60; i++) {
                    if (i % 3 == 1) {
                        consumer.pause(List.of(FIRST));
                        assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
                    }
                    consumer.resume(List.of(FIRST));
                    consumer.poll(Duration.ofMillis(300)).forEach(record -> read.add(record.value()));
                    consumer.resume(List.of(FIRST));
                }
            }

            assertThat(read).isEqualTo(values);
        });
    }

    /** librdkafka 0129; design.md 9.5. */
    @Test
    void abortedRecordsAloneAreProgress() {
        GroupRun.of(run -> {
            try (KafkaProducer<String, String> producer = transactional(run, "aborting");
                    KafkaConsumer<String, String> consumer = builder(run).config("isolation.level", "read_committed").config("max.partition.fetch.bytes", 1_000)
                            .build()) {
                for (int i = 0; i < 5; i++) {
                    producer.beginTransaction();
                    IntStream.range(0, 10).forEach(each -> producer.send(new ProducerRecord<>(TOPIC, 0, null, "x".repeat(500))));
                    producer.flush();
                    producer.abortTransaction();
                }
                consumer.assign(List.of(FIRST));

                assertThat(read(run, consumer)).isEmpty();

                assertThat(consumer.position(FIRST)).isEqualTo(run.network().<Long>ask(cluster -> cluster.log(TOPIC, 0).endOffset())).isEqualTo(55);
                producer.inTransaction(transaction -> transaction.send(new ProducerRecord<>(TOPIC, 0, null, "committed")));
                assertThat(read(run, consumer)).containsExactly("committed");
            }
        });
    }

    /** franz-go's second bug: Redpanda does not sort them. */
    @Test
    void abortedTransactionsAreKnownInWhateverOrderTheyAreTold() {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(FetchRequest.class).always().change(response -> {
                response.responses().forEach(topic -> topic.partitions().forEach(partition -> {
                    List<FetchResponse.AbortedTransaction> aborted = partition.abortedTransactions();
                    if (aborted != null) {
                        List<FetchResponse.AbortedTransaction> reversed = new ArrayList<>(aborted);
                        Collections.reverse(reversed);
                        partition.abortedTransactions(reversed);
                    }
                }));
                return response;
            }));
            try (KafkaProducer<String, String> first = transactional(run, "first"); KafkaProducer<String, String> second = transactional(run, "second");
                    KafkaConsumer<String, String> consumer = builder(run).config("isolation.level", "read_committed").build()) {
                for (int i = 0; i < 4; i++) {
                    String value = "aborted " + i;
                    List.of(first, second).forEach(producer -> {
                        producer.beginTransaction();
                        producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
                        producer.flush();
                    });
                    List.of(second, first).forEach(KafkaProducer::abortTransaction);
                }
                first.inTransaction(transaction -> transaction.send(new ProducerRecord<>(TOPIC, 0, null, "committed")));
                consumer.assign(List.of(FIRST));

                assertThat(read(run, consumer)).containsExactly("committed");
            }
        });
    }

    private static KafkaProducer<String, String> transactional(GroupRun run, String id) {
        KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .connections(run.process().connections()).transactionalId(id).build();
        producer.initTransactions();
        return producer;
    }

    /** librdkafka 0067: nobody waits longer than was said. */
    @Test
    void emptyPartitionHasAPositionAndNoRecords() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.assign(List.of(FIRST));
                consumer.poll(Duration.ofSeconds(1));
                long since = run.simulation().nowNanos();

                assertThat(consumer.poll(Duration.ofSeconds(3))).isEmpty();

                assertThat(Duration.ofNanos(run.simulation().nowNanos() - since)).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_100));
                assertThat(consumer.position(FIRST)).isZero();
            }
        });
    }

    /** librdkafka 0109 and KIP-361. */
    @ParameterizedTest
    @CsvSource({"true, 1", "false, 0"})
    void askingForATopicMakesItOnlyIfThatIsAllowed(boolean allowed, int topics) {
        GroupRun.of(cluster -> cluster.autoCreateTopics(true), run -> {
            try (KafkaConsumer<String, String> consumer = builder(run).groupId(GROUP).config("allow.auto.create.topics", allowed).build()) {
                consumer.subscribe(List.of("later"));
                run.pollFor(Duration.ofSeconds(10), consumer);

                assertThat(consumer.assignment()).hasSize(topics);
            }
        });
    }
}
