package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.await;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.pollUntil;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.NoOffsetForPartitionException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.ListOffsetsResponse;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where reading begins, partition by partition. */
@Timeout(60)
class PositionTest {

    @Test
    void aPartitionWithoutALeaderDoesNotHoldUpThePositionsOfTheOthers() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().change(0, log -> log.lead(-1));
            brokers.logs().append(1, "a");
            consumer.assign(List.of(FIRST, SECOND));

            assertThat(read(consumer, 1)).containsExactly("a");
        }
    }

    @Test
    void aTopicThatMayNotBeReadIsToldAlthoughItHasNoLeader() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.always(ApiKey.METADATA, request -> {
                MetadataResponse answer = (MetadataResponse) brokers.properAnswer(request);
                answer.topics().forEach(topic -> topic.partitions(List.of()).errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));
                return answer;
            });
            consumer.assign(List.of(FIRST));

            assertThatThrownBy(() -> pollUntil(consumer, () -> false)).isInstanceOf(BrokerException.class)
                    .hasMessageContaining(TOPIC).hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
            assertThatThrownBy(() -> consumer.endOffsets(List.of(FIRST))).isInstanceOf(BrokerException.class);
        }
    }

    @Test
    void allTopicsAreListedByOneAnswerWithoutThoseThatAreRefused() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.always(ApiKey.METADATA, request -> {
                MetadataResponse answer = (MetadataResponse) brokers.properAnswer(request);
                answer.topics().add(new MetadataResponse.MetadataResponseTopic().name("gone").errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()));
                return answer;
            });

            Map<String, List<PartitionInfo>> topics = consumer.listTopics();

            assertThat(topics).containsOnlyKeys(TOPIC);
            assertThat(topics.get(TOPIC)).extracting(PartitionInfo::partition).containsExactly(0, 1);
            assertThat(topics.get(TOPIC)).allSatisfy(partition -> {
                assertThat(partition.leader()).isNotNull();
                assertThat(partition.leaderEpoch()).as("of an answer whose version is not known").isEqualTo(-1);
            });
        }
    }

    @Test
    void aPollThatWaitsIsToldAtOnceThatThereIsNoPosition() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).autoOffsetReset(OffsetResetPolicy.NONE).build()) {
            consumer.assign(List.of(FIRST));

            assertThatThrownBy(() -> consumer.poll(Duration.ofMinutes(5))).isInstanceOf(NoOffsetForPartitionException.class);
            assertThatThrownBy(() -> consumer.position(FIRST)).isInstanceOf(NoOffsetForPartitionException.class);
        }
    }

    @Test
    void aPartitionThatIsRefusedDoesNotHoldUpThePositionsOfTheOthersAndIsTold() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a");
            brokers.logs().append(1, "b");
            brokers.always(ApiKey.LIST_OFFSETS, request -> {
                ListOffsetsResponse answer = (ListOffsetsResponse) brokers.properAnswer(request);
                answer.topics().get(0).partitions().stream().filter(partition -> partition.partitionIndex() == 0)
                        .forEach(partition -> partition.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()).offset(-1));
                return answer;
            });
            consumer.assign(List.of(FIRST, SECOND));

            List<String> values = new ArrayList<>();
            List<String> errors = new ArrayList<>();
            await(() -> {
                try {
                    consumer.poll(Duration.ofSeconds(20)).forEach(record -> values.add(record.value()));
                } catch (BrokerException refused) {
                    errors.add(refused.getMessage());
                }
                return !values.isEmpty() && errors.size() >= 3;
            });
            assertThat(values).containsExactly("b");
            assertThat(errors).allSatisfy(error -> assertThat(error).contains("orders-0", "TOPIC_AUTHORIZATION_FAILED"));

            brokers.properly(ApiKey.LIST_OFFSETS);
            await(() -> {
                try {
                    consumer.poll(Duration.ofSeconds(20)).forEach(record -> values.add(record.value()));
                } catch (BrokerException refused) {
                    errors.add(refused.getMessage());
                }
                return values.size() == 2;
            });
            assertThat(values).containsExactly("b", "a");
        }
    }

    @Test
    void anUnstableOffsetDoesNotHoldUpThePositionsOfTheOthers() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().append(1, "a", "b");
            brokers.group().committed(1, 1);
            brokers.always(ApiKey.OFFSET_FETCH, request -> {
                OffsetFetchResponse answer = (OffsetFetchResponse) brokers.properAnswer(request);
                answer.groups().get(0).topics().get(0).partitions().stream().filter(partition -> partition.partitionIndex() == 0)
                        .forEach(partition -> partition.errorCode(ErrorCode.UNSTABLE_OFFSET_COMMIT.code()));
                return answer;
            });
            consumer.subscribe(List.of(TOPIC));

            assertThat(read(consumer, 1)).containsExactly("b");
        }
    }

    @Test
    void aMissingOffsetIsToldByEveryPollUntilThereIsOne() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).autoOffsetReset(OffsetResetPolicy.NONE).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.subscribe(List.of(TOPIC));

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(NoOffsetForPartitionException.class);
            }
            brokers.group().committed(0, 1);

            List<String> values = new ArrayList<>();
            await(() -> {
                try {
                    consumer.poll(Duration.ofSeconds(20)).forEach(record -> values.add(record.value()));
                } catch (NoOffsetForPartitionException toldBefore) {
                    values.clear();
                }
                return !values.isEmpty();
            });
            assertThat(values).containsExactly("b");
        }
    }

    @Test
    void offsetsThatATransactionMayStillCommitAreWaitedForWhateverIsolationTheRecordsAreReadAt() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());

            assertThat(brokers.next(ApiKey.OFFSET_FETCH).as(OffsetFetchRequest.class).requireStable()).isTrue();
        }
    }

    @Test
    void theEndThatAResetFoundIsCommittedSoThatARebalanceSkipsNothing() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).autoCommit(false).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> Long.valueOf(1).equals(brokers.group().committed(0)));
            brokers.logs().append(0, "b");
            assertThat(read(consumer, 1)).containsExactly("b");

            brokers.group().forgetMember();

            assertThat(read(consumer, 1)).as("nobody said that it is finished").containsExactly("b");
            assertThat(brokers.group().history()).containsExactly("0=1");
        }
    }

    @Test
    void theEndThatAResetFoundIsCommittedAtLastWhenItIsGivenUp() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = resetToAnEndWhoseCommitWasRefused(brokers);

            consumer.close();

            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void aCommitOfTheApplicationIsNotUndoneByThatOfAReset() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = resetToAnEndWhoseCommitWasRefused(brokers);
            consumer.commit(Map.of(FIRST, new OffsetAndMetadata(0)));

            consumer.close();

            assertThat(brokers.group().history()).containsExactly("0=0");
        }
    }

    @Test
    void whatATransactionHasCommittedIsNotUndoneByTheLateCommitOfAReset() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = resetToAnEndWhoseCommitWasRefused(brokers);
            brokers.group().committed(0, 50);

            consumer.close();

            assertThat(brokers.group().committed(0)).isEqualTo(50);
        }
    }

    @Test
    void whatATransactionHasCommittedIsNotUndoneWhenTheCommitOfAResetIsTriedAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).autoCommit(false).build();
            brokers.logs().append(0, "a");
            brokers.once(ApiKey.OFFSET_COMMIT, request -> {
                brokers.group().committed(0, 50);
                throw new IOException("the connection is lost, and with it the answer");
            });
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> !brokers.drain(ApiKey.OFFSET_COMMIT).isEmpty());

            consumer.close();

            assertThat(brokers.group().committed(0)).isEqualTo(50);
        }
    }

    @Test
    void theEndThatAResetFoundIsCommittedAsSoonAsTheCoordinatorIsBack() throws Exception {
        CountDownLatch gaveUp = new CountDownLatch(1);
        ConsumerListener listener = new ConsumerListener() {
            @Override
            public void commitFailed(int partitions, Throwable cause) {
                gaveUp.countDown();
            }
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).autoCommit(false)
                        .config("request.timeout.ms", 500).listener(listener).build()) {
            brokers.logs().append(0, "a");
            brokers.always(ApiKey.OFFSET_COMMIT,
                    request -> ScriptedGroup.answer(request.as(OffsetCommitRequest.class), ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> gaveUp.getCount() == 0);

            brokers.properly(ApiKey.OFFSET_COMMIT);

            pollUntil(consumer, () -> Long.valueOf(1).equals(brokers.group().committed(0)));
            assertThat(brokers.group().history()).containsExactly("0=1");
        }
    }

    private static KafkaConsumer<String, String> resetToAnEndWhoseCommitWasRefused(ScriptedBrokers brokers) {
        KafkaConsumer<String, String> consumer = member(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).autoCommit(false).build();
        brokers.logs().append(0, "a");
        brokers.once(ApiKey.OFFSET_COMMIT,
                request -> ScriptedGroup.answer(request.as(OffsetCommitRequest.class), ErrorCode.OFFSET_METADATA_TOO_LARGE));
        consumer.subscribe(List.of(TOPIC));
        pollUntil(consumer, () -> !brokers.drain(ApiKey.OFFSET_COMMIT).isEmpty());
        return consumer;
    }

    /** Of brokers that do not tell where a log was truncated (before 2.7), which then ends before the position. */
    private static void truncateSilently(ScriptedBrokers brokers, long offset) {
        brokers.always(ApiKey.FETCH, asked -> {
            asked.as(FetchRequest.class).topics().forEach(topic -> topic.partitions().forEach(partition -> partition.lastFetchedEpoch(-1)));
            return brokers.properAnswer(asked);
        });
        brokers.logs().change(0, log -> log.truncateTo(offset));
    }

    private static final class LostPositions implements ConsumerListener {

        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void positionLost(TopicPartition partition, long lost, long resumedAt) {
            told.add(lost + "->" + resumedAt);
        }
    }

    private static KafkaConsumer<String, String> atTheEnds(ScriptedBrokers brokers, ConsumerBuilder<String, String> builder) {
        KafkaConsumer<String, String> consumer = builder.autoOffsetReset(OffsetResetPolicy.LATEST).build();
        consumer.subscribe(List.of(TOPIC));
        pollUntil(consumer, () -> brokers.group().history().containsAll(List.of("0=0", "1=0")));
        return consumer;
    }

    @Test
    void aLogThatEndsBeforeThePositionLetsNothingBeCommittedThatIsBeingWorkedOn() throws Exception {
        LostPositions lost = new LostPositions();
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = atTheEnds(brokers, member(brokers).config("auto.commit.interval.ms", 20).listener(lost))) {
            brokers.logs().append(0, "a", "b", "c");
            worker.submit(() -> read(consumer, 3)).get(20, TimeUnit.SECONDS);
            brokers.logs().append(0, "d");
            assertThat(read(consumer, 1)).containsExactly("d"); // by another thread, so the worker has finished nothing

            truncateSilently(brokers, 3);
            await(() -> lost.told.equals(List.of("4->3")));
            brokers.logs().append(1, "other");
            assertThat(read(consumer, 1)).containsExactly("other");
            pollUntil(consumer, () -> Long.valueOf(1).equals(brokers.group().committed(1)));

            assertThat(brokers.group().history()).as("the first three are in the log still, and the worker may die of them").doesNotContain("0=3", "0=4");
            worker.submit(() -> consumer.poll(Duration.ZERO)).get(20, TimeUnit.SECONDS);
            await(() -> Long.valueOf(3).equals(brokers.group().committed(0)));
        } finally {
            worker.shutdown();
        }
    }

    @Test
    void whatIsNotInTheLogAnyMoreIsNotWaitedFor() throws Exception {
        LostPositions lost = new LostPositions();
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = atTheEnds(brokers, member(brokers).config("auto.commit.interval.ms", 20).listener(lost))) {
            brokers.logs().append(0, "a");
            worker.submit(() -> read(consumer, 1)).get(20, TimeUnit.SECONDS);

            brokers.logs().change(0, log -> {
                log.append("b", "c");
                log.deleteBefore(3);
            });

            await(() -> lost.told.equals(List.of("1->3")) && Long.valueOf(3).equals(brokers.group().committed(0)));
        } finally {
            worker.shutdown();
        }
    }

    @Test
    void aResetOfALostPositionDoesNotCommitWhatIsNotMarked() throws Exception {
        LostPositions lost = new LostPositions();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = atTheEnds(brokers, member(brokers).commitMarks(CommitMarks.MANUAL).listener(lost))) {
            brokers.logs().append(0, "a", "b", "c");
            brokers.logs().append(0, "d");
            read(consumer, 4);

            truncateSilently(brokers, 3);
            await(() -> lost.told.equals(List.of("4->3")));
            brokers.logs().append(1, "other");
            consumer.poll(Duration.ofSeconds(20)).forEach(consumer::mark);
            consumer.commitMarked();

            assertThat(brokers.group().history()).contains("1=1").doesNotContain("0=3", "0=4");
        }
    }

    @Test
    void aResetOfALostPositionIsCommittedWhereNothingIs() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = resetToAnEndWhoseCommitWasRefused(brokers)) {
            brokers.logs().change(0, log -> {
                log.append("b", "c");
                log.deleteBefore(3);
            });

            pollUntil(consumer, () -> Long.valueOf(3).equals(brokers.group().committed(0)));
        }
    }

    @Test
    void aSeekOfTheListenerTakesThePlaceOfTheReset() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).autoCommit(false).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    assertThat(consumer.position(FIRST)).as("found by the reset").isEqualTo(1);
                    consumer.seek(FIRST, 0);
                }
            });

            assertThat(read(consumer, 1)).containsExactly("a");
            await(() -> consumer.position(FIRST) == 1);
            assertThat(brokers.group().history()).isEmpty();
        }
    }

    @Test
    void aResetFromOutOfRangeDoesNotOverwriteWhatTheApplicationHasCommitted() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            try (KafkaConsumer<String, String> consumer = member(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).autoCommit(false).build()) {
                brokers.logs().append(0, "a", "b", "c");
                brokers.group().committed(0, 1);
                brokers.logs().change(0, log -> log.deleteBefore(3));
                consumer.subscribe(List.of(TOPIC));
                pollUntil(consumer, () -> !consumer.assignment().isEmpty() && consumer.position(FIRST) == 3);
                brokers.logs().append(0, "d");
                assertThat(read(consumer, 1)).containsExactly("d");
            }

            assertThat(brokers.group().history()).isEmpty();
            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void whoWaitsForAPositionIsToldThatTheConsumerIsClosed() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.always(ApiKey.OFFSET_FETCH, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.assign(List.of(FIRST));
            CompletableFuture<Long> position = CompletableFuture.supplyAsync(() -> consumer.position(FIRST), run -> new Thread(run).start());
            brokers.next(ApiKey.OFFSET_FETCH);

            consumer.close(Duration.ofSeconds(1));

            assertThatThrownBy(() -> position.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ClientClosedException.class);
            held.countDown();
        }
    }

    @Test
    void nobodyWaitsForThePositionOfWhatIsBeingGivenUp() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).config("default.api.timeout.ms", 5_000).build()) {
            brokers.always(ApiKey.OFFSET_FETCH, request -> {
                OffsetFetchResponse answer = (OffsetFetchResponse) brokers.properAnswer(request);
                answer.groups().get(0).topics().get(0).partitions().forEach(partition -> partition.errorCode(ErrorCode.UNSTABLE_OFFSET_COMMIT.code()));
                return answer;
            });
            consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    failures.add(catchThrowable(() -> consumer.position(FIRST)));
                }
            });
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());

            consumer.unsubscribe();

            assertThat(failures).singleElement().isInstanceOfSatisfying(IllegalStateException.class,
                    failure -> assertThat(failure).hasMessageContaining("orders-0 is being given up"));
        }
    }
}
