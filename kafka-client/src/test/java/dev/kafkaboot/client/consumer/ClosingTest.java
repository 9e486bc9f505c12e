package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.await;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.pollUntil;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of finished work and of the membership when a consumer is closed. */
@Timeout(120)
class ClosingTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private static <T> CompletableFuture<T> inThread(java.util.function.Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, run -> new Thread(run).start());
    }

    private static CompletableFuture<Void> closing(KafkaConsumer<String, String> consumer) {
        CompletableFuture<Void> closed = inThread(() -> {
            consumer.close(LONG);
            return null;
        });
        await(() -> isClosed(consumer));
        return closed;
    }

    private static boolean isClosed(KafkaConsumer<String, String> consumer) {
        try {
            consumer.pause(List.of());
            return false;
        } catch (ClientClosedException closed) {
            return true;
        }
    }

    @Test
    void aPollThatIsRefusedShowsThatItsThreadHasFinished() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).build();
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC));
            read(consumer, 1);

            CompletableFuture<Void> closed = closing(consumer);
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(ClientClosedException.class);

            closed.get(20, TimeUnit.SECONDS);
            assertThat(brokers.group().committed(0)).isEqualTo(1);
            assertThat(brokers.group().member()).isNull();
        }
    }

    private static ScriptedBrokers.Answer loading() {
        return request -> ScriptedGroup.answer(request.as(OffsetCommitRequest.class), ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void whatWasFinishedOfPartitionsAssignedByHandIsCommittedBeforeTheConsumerIsClosed() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).build();
            brokers.logs().append(0, "a");
            brokers.once(ApiKey.OFFSET_COMMIT, loading(), loading());
            consumer.assign(List.of(FIRST));
            read(consumer, 1);

            consumer.unsubscribe();
            consumer.close();

            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void commitsThatAreUnderWayAreWaitedForBeforeTheConsumerIsClosed() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).build();
            brokers.once(ApiKey.OFFSET_COMMIT, loading(), loading());
            consumer.assign(List.of(FIRST));

            CompletableFuture<Void> commit = consumer.commitAsync(Map.of(FIRST, new OffsetAndMetadata(5)));
            consumer.close();

            assertThat(commit).succeedsWithin(Duration.ofSeconds(20));
            assertThat(brokers.group().committed(0)).isEqualTo(5);
        }
    }

    @Test
    void commitsThatAreUnderWayAreWaitedForBeforeAMemberLeaves() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).build();
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());
            brokers.once(ApiKey.OFFSET_COMMIT, loading(), loading());

            CompletableFuture<Void> commit = consumer.commitAsync(Map.of(FIRST, new OffsetAndMetadata(5)));
            consumer.close();

            assertThat(commit).succeedsWithin(Duration.ofSeconds(20));
            assertThat(brokers.group().committed(0)).isEqualTo(5);
        }
    }

    @Test
    void aCommitThatComesToNothingIsNotWaitedForLongerThanClosingMayTake() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).build();
            brokers.always(ApiKey.OFFSET_COMMIT, loading());
            consumer.assign(List.of(FIRST));
            CompletableFuture<Void> commit = consumer.commitAsync(Map.of(FIRST, new OffsetAndMetadata(5)));

            consumer.close(Duration.ofMillis(200));

            assertThat(commit).as("it would be tried for 30 s").failsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void theRebalanceListenerMayCommitWhileTheConsumerIsBeingClosed() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).build();
            brokers.logs().append(0, "a");
            CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed = new CompletableFuture<>();
            consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    consumer.commit();
                    committed.complete(consumer.committed(Set.copyOf(partitions)));
                }
            });
            read(consumer, 1);

            consumer.close();

            assertThat(committed).isCompletedWithValueMatching(offsets -> offsets.get(FIRST).offset() == 1);
            assertThat(brokers.group().committed(0)).isEqualTo(1);
            assertThatThrownBy(consumer::commit).isInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void aLoopOverRecordsThatEndsShowsThatItsThreadHasFinished() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).build();
            brokers.logs().append(0, "a", "b");
            consumer.subscribe(List.of(TOPIC));
            CompletableFuture<Void> closed = null;
            for (ConsumerRecord<String, String> record : consumer) {
                if (record.value().equals("a")) {
                    closed = closing(consumer);
                }
            }

            assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
            assertThat(brokers.group().committed(0)).as("the loop ended before b").isEqualTo(1);
        }
    }

    @Test
    void closingWhileJoiningLeavesWithoutWaitingForTheOthers() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).build();
            brokers.once(ApiKey.JOIN_GROUP, brokers::properAnswer, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.subscribe(List.of(TOPIC));
            consumer.poll(Duration.ZERO);
            brokers.next(ApiKey.JOIN_GROUP);
            brokers.next(ApiKey.JOIN_GROUP);

            closing(consumer).get(20, TimeUnit.SECONDS);
            held.countDown();

            assertThat(leftBy(brokers.next(ApiKey.LEAVE_GROUP))).containsExactly("member-1");
        }
    }

    @Test
    void aStaticMemberClosesWithoutWaitingForItsJoin() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).config("group.instance.id", "one").build();
            brokers.always(ApiKey.JOIN_GROUP, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.subscribe(List.of(TOPIC));
            consumer.poll(Duration.ZERO);
            brokers.next(ApiKey.JOIN_GROUP);

            closing(consumer).get(20, TimeUnit.SECONDS);

            held.countDown();
            assertThat(brokers.drain(ApiKey.LEAVE_GROUP)).isEmpty();
        }
    }

    @Test
    void aMemberIdThatComesWhileClosingIsHandedBack() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).build();
            brokers.once(ApiKey.JOIN_GROUP, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.subscribe(List.of(TOPIC));
            consumer.poll(Duration.ZERO);
            brokers.next(ApiKey.JOIN_GROUP);

            CompletableFuture<Void> closed = closing(consumer);
            held.countDown();
            closed.get(20, TimeUnit.SECONDS);

            assertThat(leftBy(brokers.next(ApiKey.LEAVE_GROUP))).containsExactly("member-1");
        }
    }

    private static List<String> leftBy(ScriptedBrokers.Asked leave) {
        return leave.as(LeaveGroupRequest.class).members().stream().map(LeaveGroupRequest.MemberIdentity::memberId).toList();
    }

    @Test
    void anInterruptedThreadClosesProperlyAndStaysInterrupted() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).build();
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC));
            read(consumer, 1);

            Thread.currentThread().interrupt();
            consumer.close(Duration.ofSeconds(20));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(brokers.group().committed(0)).isEqualTo(1);
            assertThat(brokers.group().member()).isNull();
        }
    }

    @Test
    void partitionsThatAreUnassignedAreCommittedFirst() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().append(0, "a");
            consumer.assign(List.of(FIRST));
            read(consumer, 1);

            consumer.assign(List.of(ScriptedConsumers.SECOND));

            pollUntil(consumer, () -> Long.valueOf(1).equals(brokers.group().committed(0)));
        }
    }

    /** Calls the consumer when partitions are assigned; answers what became of it. */
    private static CompletableFuture<Void> whenAssigned(KafkaConsumer<String, String> consumer, Runnable call) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                outcome.completeAsync(() -> null, task -> {
                    try {
                        call.run();
                        task.run();
                    } catch (RuntimeException failure) {
                        outcome.completeExceptionally(failure);
                    }
                });
            }
        });
        return outcome;
    }

    @Test
    void aRebalanceListenerMayUnsubscribeAndTheGroupIsLeftThen() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            CompletableFuture<Void> outcome = whenAssigned(consumer, consumer::unsubscribe);

            pollUntil(consumer, outcome::isDone);

            outcome.get(20, TimeUnit.SECONDS);
            assertThat(consumer.subscription()).isEmpty();
            await(() -> brokers.group().member() == null);
        }
    }

    @Test
    void aRebalanceListenerMayCloseTheConsumerWhichThenLeavesItsGroup() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).build();
            CompletableFuture<Void> outcome = whenAssigned(consumer, () -> consumer.close(LONG));

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(ClientClosedException.class);

            outcome.get(20, TimeUnit.SECONDS);
            await(() -> brokers.group().member() == null);
        }
    }
}
