package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.await;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.awaitLoop;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Committing what the application has marked as done, and nothing else. */
@Timeout(60)
class MarkTest {

    private static ConsumerBuilder<String, String> marking(ScriptedBrokers brokers, CommitMarks marks) {
        return member(brokers).commitMarks(marks);
    }

    private static List<ConsumerRecord<String, String>> take(KafkaConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        while (records.size() < count) {
            ConsumerRecords<String, String> polled = consumer.poll(Duration.ofSeconds(20));
            assertThat(polled.isEmpty()).as("nothing came; read so far: " + records).isFalse();
            polled.forEach(records::add);
        }
        return records;
    }

    private static long marked(KafkaConsumer<String, String> consumer, TopicPartition partition) {
        return consumer.marked().get(partition).offset();
    }

    @Test
    void onlyWhatIsMarkedWithoutAGapIsCommitted() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b", "c", "d");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = take(consumer, 4);

            consumer.mark(records.get(0));
            consumer.mark(records.get(2));
            consumer.commitMarked();
            assertThat(brokers.group().committed(0)).as("b is not done").isEqualTo(1);

            consumer.mark(records.get(1));
            consumer.commitMarked();
            assertThat(brokers.group().committed(0)).isEqualTo(3);

            consumer.mark(records.get(3));
            consumer.commitMarkedAsync().get(20, TimeUnit.SECONDS);
            assertThat(brokers.group().committed(0)).isEqualTo(4);
        }
    }

    @Test
    void pollingAgainMarksNothing() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.AUTO).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = take(consumer, 2);
            consumer.poll(Duration.ZERO);

            assertThat(marked(consumer, FIRST)).isZero();
            consumer.mark(records.get(0));

            assertThat(marked(consumer, FIRST)).isEqualTo(1);
        }
    }

    @Test
    void aRecordCountsOnce() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = take(consumer, 2);

            assertThat(consumer.mark(records)).isEqualTo(2);
            assertThat(consumer.mark(records)).isZero();
            assertThat(consumer.mark(new ConsumerRecord<>("other", 0, 0, null, null))).as("what no poll returned").isFalse();
        }
    }

    @Test
    void threadsMarkInAnyOrder() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, IntStream.range(0, 400).mapToObj(Integer::toString).toArray(String[]::new));
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = take(consumer, 400);

            List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                    .mapToObj(thread -> CompletableFuture.runAsync(() -> IntStream.range(0, 400)
                            .filter(i -> i % 4 == thread && i != 256)
                            .forEach(i -> consumer.mark(records.get(399 - i)))))
                    .toList();
            threads.forEach(CompletableFuture::join);

            assertThat(marked(consumer, FIRST)).isEqualTo(399 - 256);
            consumer.mark(records.get(399 - 256));
            assertThat(marked(consumer, FIRST)).isEqualTo(400);
        }
    }

    @Test
    void whatIsMarkedIsCommittedFromTimeToTime() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.AUTO).config("auto.commit.interval.ms", 20).build()) {
            brokers.logs().append(0, "a", "b", "c");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = take(consumer, 3);

            consumer.mark(records.get(1));
            consumer.mark(records.get(0));
            await(() -> Long.valueOf(2).equals(brokers.group().committed(0)));

            assertThat(brokers.group().history()).doesNotContain("0=1", "0=3");
        }
    }

    @Test
    void closingCommitsWhatIsMarkedAndWaitsForNothingElse() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            brokers.logs().append(0, "a", "b");
            KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.AUTO).build();
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = take(consumer, 2);
            consumer.mark(records.get(0));

            // The limit is far beyond this test's own.
            consumer.close(Duration.ofMinutes(10));

            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void aPartitionIsGivenUpWhenItsRecordsAreMarkedAndThatIsCommitted() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.AUTO).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC), events);
            ConsumerRecord<String, String> record = take(consumer, 1).get(0);
            events.assertNext("assigned[orders-0]");
            CountDownLatch rebalancing = new CountDownLatch(1);
            brokers.once(ApiKey.HEARTBEAT, request -> {
                rebalancing.countDown();
                return new HeartbeatResponse().errorCode(ErrorCode.REBALANCE_IN_PROGRESS.code());
            });
            assertThat(rebalancing.await(20, TimeUnit.SECONDS)).isTrue();
            awaitLoop(consumer);
            assertThat(consumer.poll(Duration.ofMillis(20)).isEmpty()).isTrue();
            events.assertNoMore();

            consumer.mark(record);

            events.assertNext("revoked[orders-0]", "assigned[orders-0]");
            assertThat(brokers.group().history()).contains("0=1");
        }
    }

    @Test
    void whatIsHandedOutAgainIsMarkedAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b", "c");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> before = take(consumer, 3);
            consumer.mark(before.get(0));

            consumer.seek(FIRST, 0);
            List<ConsumerRecord<String, String>> again = take(consumer, 3);

            assertThat(consumer.mark(before.get(1))).as("it was handed out again, and is being worked on").isFalse();
            assertThat(marked(consumer, FIRST)).isZero();
            consumer.mark(again);
            assertThat(marked(consumer, FIRST)).isEqualTo(3);
        }
    }

    @Test
    void whoSkipsARecordHasNotFinishedThoseBeforeIt() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b", "c");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> before = take(consumer, 3);
            brokers.logs().append(0, "unreadable");
            brokers.logs().append(0, "e");

            consumer.seek(FIRST, 4);
            consumer.mark(take(consumer, 1));

            assertThat(marked(consumer, FIRST)).isZero();
            assertThat(consumer.mark(before)).isEqualTo(3);
            assertThat(marked(consumer, FIRST)).isEqualTo(5);
        }
    }

    @Test
    void aSeekBackLeavesWhatLiesBeforeIt() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b", "c");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> before = take(consumer, 3);

            consumer.seek(FIRST, 1);
            consumer.mark(take(consumer, 2));

            assertThat(marked(consumer, FIRST)).as("a is not done").isZero();
            assertThat(consumer.mark(before.get(0))).isTrue();
            assertThat(marked(consumer, FIRST)).isEqualTo(3);
        }
    }

    @Test
    void marksOfATopicThatWasMadeAnewDoNotCount() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> before = take(consumer, 2);

            brokers.logs().create(TOPIC, new Uuid(7, 7), 1);
            brokers.logs().append(0, "A", "B");
            assertThat(take(consumer, 2).get(0).value()).isEqualTo("A");

            assertThat(consumer.mark(before)).isZero();
            assertThat(marked(consumer, FIRST)).isZero();
        }
    }

    @Test
    void noMoreIsHandedOutThanMayBeUnmarked() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).config("max.unmarked.records", 2).build()) {
            brokers.logs().append(0, "a", "b", "c");
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = take(consumer, 2);
            assertThat(consumer.poll(Duration.ofMillis(50)).isEmpty()).isTrue();
            brokers.logs().append(1, "A");
            assertThat(take(consumer, 1).get(0).value()).as("other partitions are read on").isEqualTo("A");
            CompletableFuture<ConsumerRecords<String, String>> waiting = CompletableFuture.supplyAsync(() -> consumer.poll(Duration.ofSeconds(50)));

            consumer.mark(records.get(1));

            assertThat(waiting.get(20, TimeUnit.SECONDS).iterator().next().value()).isEqualTo("c");
            assertThat(marked(consumer, FIRST)).isZero();
            assertThat(marked(consumer, SECOND)).isZero();
        }
    }

    @Test
    void aCommitThatFailedIsMadeAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC));
            consumer.mark(take(consumer, 1));
            brokers.once(ApiKey.OFFSET_COMMIT, request -> ScriptedGroup.answer(
                    request.as(OffsetCommitRequest.class), ErrorCode.TOPIC_AUTHORIZATION_FAILED));

            assertThatThrownBy(consumer::commitMarked).hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
            consumer.commitMarked();
            consumer.commitMarked();

            assertThat(brokers.group().history()).containsExactly("0=1");
        }
    }

    @Test
    void marksThatWereNotCommittedBeforeTheirPartitionWasLostAreTold() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b", "c");
            brokers.logs().append(1, "A");
            consumer.subscribe(List.of(TOPIC), events);
            List<ConsumerRecord<String, String>> records = take(consumer, 4);
            consumer.mark(records);
            consumer.commitMarked();
            assertThat(brokers.group().history()).containsExactlyInAnyOrder("0=3", "1=1");
            brokers.logs().append(0, "d");
            consumer.mark(take(consumer, 1));

            brokers.group().forgetMember();
            events.assertNext("assigned[orders-0, orders-1]", "lost[orders-0, orders-1]", "assigned[orders-0, orders-1]");

            assertThatThrownBy(consumer::commitMarked).isInstanceOf(CommitFailedException.class)
                    .hasMessageContaining("orders-0").hasMessageNotContaining("orders-1");
            assertThat(brokers.group().committed(0)).isEqualTo(3);
            consumer.mark(take(consumer, 1));
            consumer.commitMarked();
            assertThat(brokers.group().committed(0)).isEqualTo(4);
        }
    }

    @Test
    void marksThatWereCommittedAreNotLostThoughTheSameCommitFailedForOthers() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a");
            brokers.logs().append(1, "A");
            consumer.subscribe(List.of(TOPIC), events);
            consumer.mark(take(consumer, 2));
            brokers.once(ApiKey.OFFSET_COMMIT, request -> {
                OffsetCommitResponse answer = (OffsetCommitResponse) brokers.properAnswer(request);
                answer.topics().get(0).partitions().stream().filter(partition -> partition.partitionIndex() == 1)
                        .forEach(partition -> partition.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));
                return answer;
            });
            assertThatThrownBy(consumer::commitMarked).hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");

            brokers.group().forgetMember();
            events.assertNext("assigned[orders-0, orders-1]", "lost[orders-0, orders-1]", "assigned[orders-0, orders-1]");

            assertThatThrownBy(consumer::commitMarked).isInstanceOf(CommitFailedException.class)
                    .hasMessageContaining("orders-1").hasMessageNotContaining("orders-0");
        }
    }

    @Test
    void marksThatTheApplicationCommitsAsOffsetsAreNotLost() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC), events);
            consumer.mark(take(consumer, 1));
            consumer.commit(consumer.marked());

            brokers.group().forgetMember();
            events.assertNext("assigned[orders-0]", "lost[orders-0]", "assigned[orders-0]");

            consumer.commitMarked();
        }
    }

    @Test
    void whoUnsubscribesIsNotToldLaterWhatWasNotCommitted() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a");
            consumer.assign(List.of(FIRST));
            consumer.mark(take(consumer, 1));
            consumer.unsubscribe();

            consumer.subscribe(List.of(TOPIC));
            consumer.mark(take(consumer, 1));
            consumer.commitMarked();

            brokers.logs().append(0, "b");
            consumer.mark(take(consumer, 1));
            consumer.unsubscribe();

            consumer.subscribe(List.of(TOPIC));
            consumer.mark(take(consumer, 1));
            consumer.commitMarked();

            assertThat(brokers.group().history()).containsExactly("0=1", "0=2");
        }
    }

    @Test
    void aMarkBehindAGapIsNothingThatWasLost() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.subscribe(List.of(TOPIC), events);
            consumer.mark(take(consumer, 2).get(1));

            brokers.group().forgetMember();
            events.assertNext("assigned[orders-0]", "lost[orders-0]", "assigned[orders-0]");

            consumer.commitMarked();
        }
    }

    @Test
    void whatWasMerelyHandedOutIsNotCommittedByAccident() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).build()) {
            assertThatThrownBy(consumer::commit).isInstanceOf(IllegalStateException.class).hasMessageContaining("call commitMarked()");

            consumer.commit(Map.of(FIRST, new OffsetAndMetadata(3)));

            assertThat(brokers.group().committed(0)).isEqualTo(3);
        }
    }

    @Test
    void marksNeedToBeAskedFor() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            assertThatThrownBy(() -> consumer.mark(new ConsumerRecord<>(TOPIC, 0, 0, null, null)))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("set commit.marks to manual or auto");
            assertThatThrownBy(consumer::commitMarked).isInstanceOf(IllegalStateException.class).hasMessageContaining("commit.marks");
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "commit.marks,         auto, \"commit.marks=auto: it needs group.id\"",
        "max.unmarked.records, 5,    \"max.unmarked.records=5: it needs commit.marks=manual or auto\""})
    void keysThatWouldMeanNothingAreRefused(String key, String value, String fault) {
        ConsumerBuilder<byte[], byte[]> builder = KafkaConsumer.builder(
                Serializers.bytes(), Serializers.bytes())
                .bootstrapServers("localhost:1").config(key, value);

        assertThatThrownBy(builder::build).isInstanceOf(ConfigException.class).hasMessageContaining(fault);
    }

    @Test
    void twoWaysToCommitAreRefused() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            ConsumerBuilder<String, String> builder = consumer(brokers).groupId("billing").commitMarks(CommitMarks.MANUAL).autoCommit(true);

            assertThatThrownBy(builder::build).isInstanceOf(ConfigException.class)
                    .hasMessageContaining("it cannot be true with commit.marks=manual, which takes its place");
        }
    }

    @Test
    void whatMayNotBeHandedOutBeforeSomethingIsMarkedTakesTheOthersNoRoom() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).config("max.unmarked.records", 1)
                        .config("buffer.memory", 65_536).build()) {
            brokers.logs().append(0, "a", "b".repeat(60_000));
            consumer.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> first = take(consumer, 1);

            brokers.logs().append(1, "c");

            assertThat(take(consumer, 1)).extracting(ConsumerRecord::value).containsExactly("c");
            consumer.mark(first);
            assertThat(take(consumer, 1)).extracting(record -> record.value().substring(0, 1)).containsExactly("b");
        }
    }

    @Test
    void whatMayNotBeHandedOutMakesWayHoweverLongItsThreadTakesToGiveItBack() throws Exception {
        AtomicReference<KafkaConsumer<String, String>> handingOut = new AtomicReference<>();
        ConsumerListener slow = new ConsumerListener() {
            @Override
            public void handedOut(TopicPartition partition, int records, long bytes, long lag) {
                if (partition.equals(FIRST)) {
                    awaitLoop(handingOut.get()); // what the loop does now finds the partition in this thread's hands
                }
            }
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = marking(brokers, CommitMarks.MANUAL).config("max.unmarked.records", 1)
                        .config("buffer.memory", 65_536).listener(slow).build()) {
            handingOut.set(consumer);
            brokers.logs().append(0, "a", "b".repeat(60_000));
            brokers.logs().append(1, "c");
            consumer.subscribe(List.of(TOPIC));

            assertThat(take(consumer, 2)).extracting(ConsumerRecord::value).containsExactlyInAnyOrder("a", "c");
        }
    }
}
