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

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is committed when commits fail, are tried again, and meet rebalances. */
@Timeout(60)
class CommitTest {

    private static ScriptedBrokers.Answer refuse(ErrorCode error) {
        return request -> ScriptedGroup.answer(request.as(OffsetCommitRequest.class), error);
    }

    private static Map<TopicPartition, OffsetAndMetadata> offset(TopicPartition partition, long offset) {
        return Map.of(partition, new OffsetAndMetadata(offset));
    }

    private static KafkaConsumer<String, String> joined(ConsumerBuilder<String, String> builder) {
        KafkaConsumer<String, String> consumer = builder.autoCommit(false).build();
        consumer.subscribe(List.of(TOPIC));
        pollUntil(consumer, () -> !consumer.assignment().isEmpty());
        return consumer;
    }

    private static int generation(ScriptedBrokers.Asked asked) {
        return asked.as(OffsetCommitRequest.class).generationIdOrMemberEpoch();
    }

    @Test
    void aCommitThatIsTriedAgainDoesNotUndoALaterOne() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = consumer(brokers).groupId(ScriptedBrokers.GROUP).autoCommit(false)
                        .config("retry.backoff.ms", 300).config("retry.backoff.max.ms", 300).build()) {
            consumer.assign(List.of(FIRST, SECOND));
            brokers.once(ApiKey.OFFSET_COMMIT, refuse(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            CompletableFuture<Void> earlier = consumer.commitAsync(Map.of(FIRST, new OffsetAndMetadata(5), SECOND, new OffsetAndMetadata(6)));
            brokers.next(ApiKey.OFFSET_COMMIT);
            CompletableFuture<Void> later = consumer.commitAsync(offset(FIRST, 9));

            later.get(20, TimeUnit.SECONDS);
            earlier.get(20, TimeUnit.SECONDS);

            assertThat(brokers.group().history()).as("what the later one says nothing about is committed still").containsExactly("0=9", "1=6");
        }
    }

    @Test
    void aCommitIsNotTriedAgainUnderALaterMembership() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = joined(
                        member(brokers).config("retry.backoff.ms", 1_000).config("retry.backoff.max.ms", 1_000))) {
            brokers.once(ApiKey.OFFSET_COMMIT, refuse(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            CompletableFuture<Void> commit = consumer.commitAsync(offset(FIRST, 5));
            brokers.next(ApiKey.OFFSET_COMMIT);
            brokers.group().forgetMember();
            await(() -> consumer.groupMetadata().generationId() == 2);

            assertThatThrownBy(() -> commit.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CommitFailedException.class).hasMessageContaining("orders-0");
            assertThat(brokers.group().history()).isEmpty();
        }
    }

    @Test
    void aCommitGoesOnUnderALaterGenerationIfThePartitionWasKept() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = joined(member(brokers).config("partition.assignment.strategy", "cooperative-sticky")
                        .config("retry.backoff.ms", 1_000).config("retry.backoff.max.ms", 1_000))) {
            brokers.once(ApiKey.OFFSET_COMMIT, refuse(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            CompletableFuture<Void> commit = consumer.commitAsync(offset(FIRST, 5));
            brokers.next(ApiKey.OFFSET_COMMIT);
            brokers.once(ApiKey.HEARTBEAT, request -> new HeartbeatResponse().errorCode(ErrorCode.REBALANCE_IN_PROGRESS.code()));

            commit.get(20, TimeUnit.SECONDS);

            assertThat(generation(brokers.next(ApiKey.OFFSET_COMMIT))).isEqualTo(2);
            assertThat(brokers.group().history()).containsExactly("0=5");
        }
    }

    @Test
    void aCommitWaitsForARebalanceThatIsUnderWay() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = joined(member(brokers))) {
            brokers.once(ApiKey.OFFSET_COMMIT, refuse(ErrorCode.REBALANCE_IN_PROGRESS), refuse(ErrorCode.REBALANCE_IN_PROGRESS));

            consumer.commit(offset(FIRST, 5));

            assertThat(brokers.group().committed(0)).isEqualTo(5);
        }
    }

    @Test
    void recordsTellWhoTheConsumerWasWhenItGotThem() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = joined(member(brokers))) {
            brokers.logs().append(0, "a");
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(20));
            ConsumerGroupMetadata then = records.groupMetadata();

            brokers.group().forgetMember();
            await(() -> consumer.groupMetadata().generationId() > then.generationId());

            assertThat(records.isEmpty()).isFalse();
            assertThat(then.generationId()).isPositive();
            assertThat(records.groupMetadata()).isEqualTo(then);
            brokers.logs().append(0, "b");
            assertThat(pollSome(consumer).groupMetadata()).isEqualTo(consumer.groupMetadata());
        }
    }

    private static ConsumerRecords<String, String> pollSome(KafkaConsumer<String, String> consumer) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(20));
        assertThat(records.isEmpty()).isFalse();
        return records;
    }

    @Test
    void recordsOfAConsumerWithoutAGroupSaySo() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            consumer.assign(List.of(FIRST));

            ConsumerRecords<String, String> none = consumer.poll(Duration.ZERO);

            assertThatThrownBy(none::groupMetadata).isInstanceOf(IllegalStateException.class).hasMessageContaining("no group");
        }
    }

    @Test
    void whoIsNoMemberCannotCommit() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = joined(member(brokers))) {
            ConsumerGroupMetadata before = consumer.groupMetadata();
            assertThat(before.generationId()).isPositive();
            brokers.once(ApiKey.JOIN_GROUP, ScriptedBrokers.after(held, brokers::properAnswer));
            brokers.group().forgetMember();
            await(() -> consumer.assignment().isEmpty());

            assertThatThrownBy(() -> consumer.commit(offset(FIRST, 5))).isInstanceOf(CommitFailedException.class).hasMessageContaining("not a member");
            assertThat(consumer.groupMetadata()).as("a transaction on its behalf must be refused, and not pass as one of nobody").isEqualTo(before);
            held.countDown();
            assertThat(brokers.group().history()).isEmpty();
        }
    }

    /** A member that has read "a" of FIRST, and lost it and got it again while its thread worked on that. */
    private static KafkaConsumer<String, String> readOfAPartitionThatWasLostAndIsBack(ScriptedBrokers brokers) throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        brokers.logs().append(0, "a");
        KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).build();
        consumer.subscribe(List.of(TOPIC), events);
        read(consumer, 1);
        brokers.group().forgetMember();
        events.assertNext("assigned[orders-0]", "lost[orders-0]", "assigned[orders-0]");
        assertThat(consumer.groupMetadata().generationId()).isEqualTo(2);
        return consumer;
    }

    @Test
    void workOnAPartitionThatWasLostIsNotCommittedThoughThePartitionIsBack() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = readOfAPartitionThatWasLostAndIsBack(brokers)) {
            assertThatThrownBy(() -> consumer.commit(offset(FIRST, 1))).isInstanceOf(CommitFailedException.class).hasMessageContaining("orders-0");
            assertThat(brokers.group().history()).as("another may have read and committed more").isEmpty();

            assertThat(read(consumer, 1)).containsExactly("a");
            consumer.commit(offset(FIRST, 1));

            assertThat(brokers.group().history()).containsExactly("0=1");
        }
    }

    @Test
    void aPartitionThatWasGivenToAnotherIsNotCommittedAndTheOthersAre() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = joined(member(brokers).config("partition.assignment.strategy", "cooperative-sticky"))) {
            brokers.group().assign(SECOND);
            brokers.once(ApiKey.HEARTBEAT, request -> new HeartbeatResponse().errorCode(ErrorCode.REBALANCE_IN_PROGRESS.code()));
            await(() -> consumer.assignment().equals(Set.of(SECOND)));

            assertThatThrownBy(() -> consumer.commit(Map.of(FIRST, new OffsetAndMetadata(1), SECOND, new OffsetAndMetadata(2))))
                    .isInstanceOf(CommitFailedException.class).hasMessageContaining("orders-0").hasMessageNotContaining("orders-1");

            assertThat(brokers.group().history()).containsExactly("1=2");
        }
    }

    @Test
    void aPartitionIsCommittedWhileItIsGivenUp() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).build()) {
            consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    consumer.commit(offset(FIRST, 1));
                }
            });
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());

            brokers.once(ApiKey.HEARTBEAT, request -> new HeartbeatResponse().errorCode(ErrorCode.REBALANCE_IN_PROGRESS.code()));
            await(() -> brokers.group().generation() == 2);

            assertThat(brokers.group().history()).containsExactly("0=1");
        }
    }

    @Test
    void aCommitOfEverythingTellsWhatWasTakenAwayMeanwhile() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).config("max.poll.interval.ms", 1_000).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC), events);
            read(consumer, 1);
            events.assertNext("assigned[orders-0, orders-1]", "lost[orders-0, orders-1]");
            await(() -> consumer.assignment().isEmpty());

            assertThatThrownBy(consumer::commit).isInstanceOf(CommitFailedException.class).hasMessageContaining("orders-0").hasMessageNotContaining("orders-1");

            assertThat(read(consumer, 1)).containsExactly("a");
            consumer.commit();
            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void aCommitOfEverythingTellsWhatWasTakenAwayThoughItIsBack() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = readOfAPartitionThatWasLostAndIsBack(brokers)) {
            assertThatThrownBy(consumer::commit).isInstanceOf(CommitFailedException.class).hasMessageContaining("orders-0");

            assertThat(brokers.group().history()).isEmpty();
        }
    }

    @Test
    void aCommitOfEverythingSucceedsIfWhatWasTakenAwayHadBeenCommitted() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC), events);
            read(consumer, 1);
            consumer.commit(offset(FIRST, 1));
            brokers.group().forgetMember();
            events.assertNext("assigned[orders-0]", "lost[orders-0]", "assigned[orders-0]");

            consumer.commit();

            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void onlyPartitionsThatWereRefusedAreCommittedAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = joined(member(brokers))) {
            brokers.once(ApiKey.OFFSET_COMMIT, request -> {
                OffsetCommitResponse answer = (OffsetCommitResponse) brokers.properAnswer(request);
                answer.topics().get(0).partitions().stream().filter(partition -> partition.partitionIndex() == 1)
                        .forEach(partition -> partition.errorCode(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code()));
                return answer;
            });

            consumer.commit(Map.of(FIRST, new OffsetAndMetadata(5), SECOND, new OffsetAndMetadata(6)));

            assertThat(brokers.group().history().subList(2, 3)).containsExactly("1=6");
        }
    }

    @Test
    void aCommitForATopicThatIsGoneDoesNotWaitForItToComeBack() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = joined(member(brokers))) {
            brokers.always(ApiKey.OFFSET_COMMIT, refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));

            CompletableFuture<Void> commit = consumer.commitAsync(offset(FIRST, 5));

            assertThat(commit).failsWithin(Duration.ofSeconds(20)).withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(BrokerException.class).withMessageContaining("orders-0");
            assertThat(brokers.drain(ApiKey.OFFSET_COMMIT)).as("a broker may not know of a new topic yet").hasSize(3);
        }
    }

    @Test
    void oneRequestOfACommitTakesNoLongerThanARequestMay() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = joined(member(brokers).config("request.timeout.ms", 1_000))) {
            brokers.drain(ApiKey.FIND_COORDINATOR);
            brokers.once(ApiKey.OFFSET_COMMIT, ScriptedBrokers.after(held, refuse(ErrorCode.NOT_COORDINATOR)));

            consumer.commitAsync(offset(FIRST, 5)).get(20, TimeUnit.SECONDS);
            held.countDown();

            assertThat(brokers.group().committed(0)).isEqualTo(5);
            assertThat(brokers.drain(ApiKey.FIND_COORDINATOR)).as("who does not answer may not be the coordinator any more").isNotEmpty();
        }
    }

    @Test
    void automaticCommitsBeginAnewWithEachAssignment() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).config("auto.commit.interval.ms", 20).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC));
            read(consumer, 1);
            pollUntil(consumer, () -> Long.valueOf(1).equals(brokers.group().committed(0)));
            brokers.group().committed(0, 0);
            brokers.group().forgetMember();

            assertThat(read(consumer, 1)).containsExactly("a");
            pollUntil(consumer, () -> Long.valueOf(1).equals(brokers.group().committed(0)));
        }
    }
}
