package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.NoOffsetForPartitionException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetOutOfRangeException;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@KafkaCluster
@Timeout(120)
class KafkaConsumerTest {

    private final RealKafka kafka;

    KafkaConsumerTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    private ConsumerBuilder<String, String> builder() {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers())
                .autoOffsetReset(OffsetResetPolicy.EARLIEST);
    }

    /** Writes {@code from} to {@code to - 1} as values and keys, by the producer of kafka-clients. */
    private void write(String topic, int from, int to, Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(config);
        all.put("bootstrap.servers", kafka.bootstrapServers());
        // On a busy machine its idempotent mode was seen to repeat OUT_OF_ORDER_SEQUENCE_NUMBER without end.
        all.put("enable.idempotence", false);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(all, new StringSerializer(), new StringSerializer())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(topic, "k" + i, Integer.toString(i)));
            }
        }
    }

    private void write(String topic, int from, int to) {
        write(topic, from, to, Map.of());
    }

    private static <V> List<V> read(KafkaConsumer<String, V> consumer, int count) {
        List<V> values = new ArrayList<>();
        pollUntil(consumer, () -> values.size() >= count, values);
        return values;
    }

    private static <V> void pollUntil(KafkaConsumer<String, V> consumer, BooleanSupplier until, List<V> values) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime()).as("read so far: " + values.size()).isLessThan(deadline);
            consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void readsWhatApachesProducerWroteWithEveryCodec(String codec) throws Exception {
        String topic = "read-" + codec;
        kafka.createTopic(topic, 3);
        write(topic, 0, 5_000, Map.of("compression.type", codec, "linger.ms", 20));
        try (KafkaConsumer<String, String> consumer = builder().build()) {
            consumer.assign(List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1), new TopicPartition(topic, 2)));

            assertThat(read(consumer, 5_000)).containsExactlyInAnyOrderElementsOf(numbers(0, 5_000));
            assertThat(consumer.poll(Duration.ofMillis(50)).isEmpty()).isTrue();
        }
    }

    @Test
    void seeksMoveThePositionAtOnceAndLateAnswersDoNot() throws Exception {
        kafka.createTopic("seek", 1);
        write("seek", 0, 100);
        TopicPartition partition = new TopicPartition("seek", 0);
        try (KafkaConsumer<String, String> consumer = builder().config("max.poll.records", 10).build()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 50);
            assertThat(read(consumer, 1).get(0)).isEqualTo("50");
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.position(partition)).isZero();
            assertThat(read(consumer, 1).get(0)).isEqualTo("0");
            consumer.seekToEnd(List.of(partition));
            consumer.seek(partition, 7);
            assertThat(read(consumer, 1).get(0)).as("a seek after seekToEnd wins").isEqualTo("7");
            assertThat(consumer.position(partition)).isEqualTo(17);
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 100L);
            assertThat(consumer.currentLag(partition)).hasValue(83);
        }
    }

    @Test
    void everyPlaceInAPartitionIsFound() throws Exception {
        kafka.createTopic("places", 1);
        write("places", 0, 100);
        TopicPartition partition = new TopicPartition("places", 0);
        try (KafkaConsumer<String, String> consumer = builder().build()) {
            assertThat(place(consumer, partition, OffsetSpec.earliest())).hasValue(0);
            assertThat(place(consumer, partition, OffsetSpec.latest())).hasValue(100);
            assertThat(place(consumer, partition, OffsetSpec.forTimestamp(0))).hasValue(0);
            assertThat(place(consumer, partition, OffsetSpec.maxTimestamp())).isPresent();
            assertThat(place(consumer, partition, OffsetSpec.earliestLocal())).hasValue(0);
            assertThat(place(consumer, partition, OffsetSpec.latestTiered())).as("nothing is in remote storage").isEmpty();
            assertThat(place(consumer, partition, OffsetSpec.earliestPendingUpload())).as("nothing is copied there").isEmpty();
        }
    }

    private static OptionalLong place(KafkaConsumer<?, ?> consumer, TopicPartition partition, OffsetSpec spec) {
        OffsetAndTimestamp found = consumer.offsets(Map.of(partition, spec)).get(partition);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.offset());
    }

    @Test
    void pausedPartitionsAreNotHandedOutAndTheOthersGoOn() throws Exception {
        kafka.createTopic("pause", 2);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("pause", i % 2, null, Integer.toString(i)));
            }
        }
        TopicPartition even = new TopicPartition("pause", 0);
        TopicPartition odd = new TopicPartition("pause", 1);
        try (KafkaConsumer<String, String> consumer = builder().build()) {
            consumer.assign(List.of(even, odd));
            consumer.pause(List.of(even));

            assertThat(read(consumer, 50)).allMatch(value -> Integer.parseInt(value) % 2 == 1);
            assertThat(consumer.paused()).containsExactly(even);
            consumer.resume(List.of(even));
            assertThat(read(consumer, 50)).allMatch(value -> Integer.parseInt(value) % 2 == 0);
        }
    }

    @Test
    void whatWasCommittedIsWhereTheGroupGoesOn() throws Exception {
        kafka.createTopic("committed", 1);
        write("committed", 0, 20);
        TopicPartition partition = new TopicPartition("committed", 0);
        try (KafkaConsumer<String, String> consumer = builder().groupId("committed").autoCommit(false).build()) {
            consumer.subscribe(List.of("committed"));
            read(consumer, 20);
            consumer.commit(Map.of(partition, new OffsetAndMetadata(12, "half-way")));

            assertThat(consumer.committed(Set.of(partition)).get(partition).offset()).isEqualTo(12);
            assertThat(consumer.committed(Set.of(partition)).get(partition).metadata()).isEqualTo("half-way");
        }
        try (KafkaConsumer<String, String> consumer = builder().groupId("committed").build()) {
            consumer.subscribe(List.of("committed"));

            assertThat(read(consumer, 8)).isEqualTo(numbers(12, 20));
        }
    }

    @Test
    void automaticCommitsCoverEarlierPollsAndNotTheLastOne() throws Exception {
        kafka.createTopic("auto", 1);
        write("auto", 0, 20);
        TopicPartition partition = new TopicPartition("auto", 0);
        try (KafkaConsumer<String, String> consumer = builder().groupId("auto").config("max.poll.records", 10)
                .config("auto.commit.interval.ms", 100).build();
                KafkaConsumer<String, String> observer = builder().groupId("auto").autoCommit(false).build()) {
            consumer.subscribe(List.of("auto"));
            assertThat(read(consumer, 1)).hasSize(10);
            List<String> second = new ArrayList<>();
            consumer.poll(Duration.ofSeconds(5)).forEach(record -> second.add(record.value()));
            assertThat(second).isEqualTo(numbers(10, 20));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            long committed = 0;
            while (committed == 0 && System.nanoTime() < deadline) { // where it began may be committed first
                Map<TopicPartition, OffsetAndMetadata> found = observer.committed(Set.of(partition));
                committed = found.isEmpty() ? 0 : found.get(partition).offset();
            }

            assertThat(committed).as("the second poll's records may still be in work").isEqualTo(10);
        }
        try (KafkaConsumer<String, String> observer = builder().groupId("auto").autoCommit(false).build()) {
            assertThat(observer.committed(Set.of(partition)).get(partition).offset()).as("closing finished them").isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "cooperative-sticky", "range,cooperative-sticky"})
    void aGroupOfThreeSharesThePartitionsAndLosesAndDoublesNothing(String strategy) throws Exception {
        String topic = "group-" + strategy.replace(',', '-');
        kafka.createTopic(topic, 6);
        int count = 3_000;
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        List<KafkaConsumer<String, String>> members = new ArrayList<>();
        Set<TopicPartition> owned = ConcurrentHashMap.newKeySet();
        List<String> doubleOwned = new CopyOnWriteArrayList<>();
        ConsumerRebalanceListener watch = new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.stream().filter(partition -> !owned.add(partition)).forEach(partition -> doubleOwned.add(partition.toString()));
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                owned.removeAll(partitions);
            }
        };
        try {
            for (int i = 0; i < 3; i++) {
                KafkaConsumer<String, String> member = builder().groupId(topic).config("partition.assignment.strategy", strategy)
                        .config("heartbeat.interval.ms", 200).config("max.poll.records", 50).build();
                member.subscribe(List.of(topic), watch);
                members.add(member);
            }
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (KafkaConsumer<String, String> member : members) {
                running.add(CompletableFuture.runAsync(() -> {
                    while (seen.size() < count) {
                        member.poll(Duration.ofMillis(100)).forEach(record -> seen.merge(record.value(), 1, Integer::sum));
                    }
                }, task -> new Thread(task).start()));
            }
            write(topic, 0, count);
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get(90, TimeUnit.SECONDS);

            assertThat(doubleOwned).isEmpty();
            assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(numbers(0, count));
            assertThat(seen.values()).as("nobody was disturbed, so nothing came twice").allMatch(times -> times == 1);
        } finally {
            members.forEach(KafkaConsumer::close);
        }
    }

    @Test
    void aMemberThatLeavesGivesItsPartitionsToTheOthers() throws Exception {
        kafka.createTopic("leave", 4);
        write("leave", 0, 400);
        try (KafkaConsumer<String, String> stays = builder().groupId("leave").config("heartbeat.interval.ms", 200).build()) {
            KafkaConsumer<String, String> leaves = builder().groupId("leave").config("heartbeat.interval.ms", 200).build();
            stays.subscribe(List.of("leave"));
            leaves.subscribe(List.of("leave"));
            List<String> values = new ArrayList<>();
            pollUntil(stays, () -> {
                leaves.poll(Duration.ofMillis(50)).forEach(record -> values.add(record.value()));
                return stays.assignment().size() == 2 && leaves.assignment().size() == 2;
            }, values);
            leaves.close();
            write("leave", 400, 500);
            pollUntil(stays, () -> new HashSet<>(values).size() == 500, values);

            assertThat(stays.assignment()).hasSize(4);
            assertThat(new HashSet<>(values)).containsExactlyInAnyOrderElementsOf(numbers(0, 500));
        }
    }

    @Test
    void aSlowApplicationKeepsItsMembershipPastTheSessionTimeout() throws Exception {
        kafka.createTopic("slow", 1);
        write("slow", 0, 10);
        List<String> events = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> heartbeats = new CompletableFuture<>();
        ConsumerListener listener = new ConsumerListener() {
            private int count;

            @Override
            public void heartbeat(Duration latency) {
                if (++count == 14) {
                    heartbeats.complete(null);
                }
            }
        };
        try (KafkaConsumer<String, String> consumer = builder().groupId("slow").listener(listener)
                .config("session.timeout.ms", 6_000).config("heartbeat.interval.ms", 500).build()) {
            consumer.subscribe(List.of("slow"), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    events.add("revoked");
                }
            });
            read(consumer, 10);
            heartbeats.get(60, TimeUnit.SECONDS);

            assertThat(events).isEmpty();
            consumer.commit();
            assertThat(consumer.committed(Set.of(new TopicPartition("slow", 0))).get(new TopicPartition("slow", 0)).offset()).isEqualTo(10);
        }
    }

    @Test
    void anApplicationThatIsStuckGivesItsPartitionsUpAndJoinsAgainWithTheNextPoll() throws Exception {
        kafka.createTopic("stuck", 1);
        write("stuck", 0, 10);
        CompletableFuture<Void> lost = new CompletableFuture<>();
        CompletableFuture<Duration> exceeded = new CompletableFuture<>();
        ConsumerListener listener = new ConsumerListener() {
            @Override
            public void pollIntervalExceeded(Duration sinceLastPoll) {
                exceeded.complete(sinceLastPoll);
            }
        };
        try (KafkaConsumer<String, String> consumer = builder().groupId("stuck").autoCommit(false).maxPollInterval(Duration.ofSeconds(1))
                .config("heartbeat.interval.ms", 200).listener(listener).build()) {
            consumer.subscribe(List.of("stuck"), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsLost(Collection<TopicPartition> partitions) {
                    lost.complete(null);
                }
            });
            assertThat(read(consumer, 10)).hasSize(10);
            lost.get(30, TimeUnit.SECONDS);

            assertThat(exceeded.get(1, TimeUnit.SECONDS)).isGreaterThan(Duration.ofSeconds(1));
            assertThat(read(consumer, 10)).as("nothing was committed, so it comes again").isEqualTo(numbers(0, 10));
        }
    }

    @Test
    void theRebalanceListenerMayCommitAndStillHasItsPartitions() throws Exception {
        kafka.createTopic("listener", 2);
        write("listener", 0, 20);
        List<Integer> assignedDuringRevocation = new CopyOnWriteArrayList<>();
        KafkaConsumer<String, String> consumer = builder().groupId("listener").autoCommit(false).build();
        consumer.subscribe(List.of("listener"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                assignedDuringRevocation.add(consumer.assignment().size());
                consumer.commit();
            }
        });
        read(consumer, 20);
        consumer.unsubscribe();

        assertThat(assignedDuringRevocation).containsExactly(2);
        TopicPartition first = new TopicPartition("listener", 0);
        TopicPartition second = new TopicPartition("listener", 1);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.of(first, second));
        assertThat(committed.get(first).offset() + committed.get(second).offset()).isEqualTo(20);
        consumer.close();
    }

    @Test
    void abortedRecordsAreNotSeenAtReadCommitted() throws Exception {
        kafka.createTopic("tx", 1);
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "tx");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (int tx = 0; tx < 6; tx++) {
                producer.beginTransaction();
                for (int i = 0; i < 50; i++) {
                    producer.send(new ProducerRecord<>("tx", (tx % 2 == 0 ? "aborted-" : "committed-") + tx + "-" + i));
                }
                producer.flush();
                if (tx % 2 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        TopicPartition partition = new TopicPartition("tx", 0);
        try (KafkaConsumer<String, String> committed = builder().isolationLevel(IsolationLevel.READ_COMMITTED).build();
                KafkaConsumer<String, String> all = builder().build()) {
            committed.assign(List.of(partition));
            all.assign(List.of(partition));

            assertThat(read(committed, 150)).hasSize(150).allMatch(value -> value.startsWith("committed-"));
            assertThat(read(all, 300)).hasSize(300);
            assertThat(committed.endOffsets(List.of(partition))).containsEntry(partition, 306L);
            pollUntil(committed, () -> committed.position(partition) == 306, new ArrayList<>());
        }
    }

    @Test
    void aRecordThatCannotBeReadIsNamedCanBeSkippedAndDoesNotHoldUpTheOthers() throws Exception {
        kafka.createTopic("unreadable", 2);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("unreadable", 0, null, i == 4 ? "broken" : Integer.toString(i)));
                producer.send(new ProducerRecord<>("unreadable", 1, null, Integer.toString(100 + i)));
            }
        }
        TopicPartition first = new TopicPartition("unreadable", 0);
        try (KafkaConsumer<String, Integer> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.<Integer>of(
                number -> new byte[0], bytes -> Integer.valueOf(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))))
                .bootstrapServers(kafka.bootstrapServers()).autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
            consumer.assign(List.of(first, new TopicPartition("unreadable", 1)));
            List<Integer> values = new ArrayList<>();
            List<RecordDeserializationException> failures = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (values.size() < 19 && System.nanoTime() < deadline) {
                try {
                    consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                } catch (RecordDeserializationException failure) {
                    failures.add(failure);
                    consumer.seek(failure.topicPartition(), failure.offset() + 1);
                }
            }

            assertThat(values).hasSize(19).doesNotContain(4).contains(0, 3, 5, 9, 100, 109);
            assertThat(failures).hasSize(1);
            assertThat(failures.get(0)).hasMessageContaining("unreadable-0 at offset 4").hasMessageContaining("Seek to 5");
            assertThat(failures.get(0).value()).isEqualTo("broken".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void threadsThatPollGetDisjointRecords() throws Exception {
        kafka.createTopic("threads", 6);
        write("threads", 0, 6_000);
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        try (KafkaConsumer<String, String> consumer = builder().config("max.poll.records", 37).build()) {
            consumer.assign(IntStream.range(0, 6).mapToObj(index -> new TopicPartition("threads", index)).toList());
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(CompletableFuture.runAsync(() -> {
                    while (seen.size() < 6_000) {
                        consumer.poll(Duration.ofMillis(50)).forEach(record -> seen.merge(record.value(), 1, Integer::sum));
                    }
                }, task -> new Thread(task).start()));
            }
            CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }

        assertThat(seen).hasSize(6_000).allSatisfy((value, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void closingEndsAPollThatWaits() throws Exception {
        kafka.createTopic("close", 1);
        KafkaConsumer<String, String> consumer = builder().groupId("close").build();
        consumer.subscribe(List.of("close"));
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        CompletableFuture<Void> assigned = new CompletableFuture<>();
        Thread poller = new Thread(() -> {
            try {
                while (true) {
                    consumer.poll(Duration.ofMillis(100));
                    if (!consumer.assignment().isEmpty()) {
                        assigned.complete(null);
                        consumer.poll(Duration.ofMinutes(5));
                    }
                }
            } catch (ClientClosedException closed) {
                ended.complete(closed);
            }
        });
        poller.start();
        assigned.get(30, TimeUnit.SECONDS);

        consumer.close(Duration.ofSeconds(20));

        assertThat(ended.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed");
        poller.join();
        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void killingTheBrokerWhileReadingLosesNothing() throws Exception {
        try (RealKafka own = RealKafka.start()) {
            own.createTopic("killed", 2);
            Map<String, Object> config = Map.of("bootstrap.servers", own.bootstrapServers());
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
                    KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                            .bootstrapServers(own.bootstrapServers()).groupId("killed").autoOffsetReset(OffsetResetPolicy.EARLIEST)
                            .config("heartbeat.interval.ms", 200).build()) {
                for (int i = 0; i < 500; i++) {
                    producer.send(new ProducerRecord<>("killed", Integer.toString(i)));
                }
                producer.flush();
                consumer.subscribe(List.of("killed"));
                List<String> values = new ArrayList<>(read(consumer, 500));
                own.broker(1).kill();
                own.broker(1).start();
                for (int i = 500; i < 1_000; i++) {
                    producer.send(new ProducerRecord<>("killed", Integer.toString(i)));
                }
                producer.flush();
                pollUntil(consumer, () -> new HashSet<>(values).size() == 1_000, values);

                assertThat(new HashSet<>(values)).containsExactlyInAnyOrderElementsOf(numbers(0, 1_000));
            }
        }
    }

    @Test
    void withoutAResetPolicyMissingAndWrongOffsetsAreTold() throws Exception {
        kafka.createTopic("policy", 1);
        write("policy", 0, 10);
        TopicPartition partition = new TopicPartition("policy", 0);
        try (KafkaConsumer<String, String> consumer = builder().groupId("policy").autoOffsetReset(OffsetResetPolicy.NONE).build()) {
            consumer.assign(List.of(partition));
            assertThatThrownBy(() -> read(consumer, 1)).isInstanceOf(NoOffsetForPartitionException.class).hasMessageContaining("policy-0");
            consumer.seek(partition, 1_000);
            assertThatThrownBy(() -> read(consumer, 1)).isInstanceOf(OffsetOutOfRangeException.class).hasMessageContaining("policy-0=1000");
            consumer.seek(partition, 3);
            assertThat(read(consumer, 7)).isEqualTo(numbers(3, 10));
        }
    }

    @Test
    void withoutAnOffsetReadingBeginsWithTheFirstRecordThatIsYoungEnough() throws Exception {
        kafka.createTopic("young", 1);
        long now = System.currentTimeMillis();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            for (int hours : new int[] {5, 3, 1, 0}) {
                producer.send(new ProducerRecord<>("young", 0, now - Duration.ofHours(hours).toMillis(), null, hours + " h")).get();
            }
        }
        TopicPartition partition = new TopicPartition("young", 0);

        for (Map.Entry<String, Integer> each : Map.of("PT4H", 1, "PT2H", 2, "P1D", 0).entrySet()) {
            try (KafkaConsumer<String, String> consumer = builder().config("auto.offset.reset", "by_duration:" + each.getKey()).build()) {
                consumer.assign(List.of(partition));

                assertThat(consumer.position(partition)).as(each.getKey()).isEqualTo(each.getValue().longValue());
            }
        }
        try (KafkaConsumer<String, String> consumer = builder().autoOffsetReset(OffsetResetPolicy.byDuration(Duration.ZERO)).build()) {
            consumer.assign(List.of(partition));

            assertThat(consumer.position(partition)).as("nothing is young enough: where the next one comes").isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"by_duration", "by_duration:", "by_duration:soon", "by_duration:-PT1H", "first"})
    void aResetPolicyThatThereIsNotIsRefused(String policy) {
        assertThatThrownBy(() -> builder().config("auto.offset.reset", policy).build()).isInstanceOf(ConfigException.class)
                .hasMessageContaining("auto.offset.reset").hasMessageContaining(policy).hasMessageContaining("earliest, latest, none");
    }

    @Test
    void misuseIsToldWithWhatToDo() {
        try (KafkaConsumer<String, String> consumer = builder().build()) {
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(IllegalStateException.class).hasMessageContaining("subscribe");
            assertThatThrownBy(() -> consumer.commit()).isInstanceOf(IllegalStateException.class).hasMessageContaining("group.id");
            assertThatThrownBy(() -> consumer.seek(new TopicPartition("t", 0), 1)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("t-0 is not assigned");
        }
    }
}
