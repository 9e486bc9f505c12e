package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.await;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.awaitLoop;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.pollUntil;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a consumer becomes a member, stays one, and is told why it is none. */
@Timeout(60)
class MembershipTest {

    private static final String OTHER_TOPIC = "others";

    private static ScriptedBrokers.Answer refuse(ErrorCode error) {
        return request -> new JoinGroupResponse().errorCode(error.code());
    }

    private static String memberId(ScriptedBrokers.Asked asked) {
        return asked.as(JoinGroupRequest.class).memberId();
    }

    /** The request that joins, behind the one that asks for a member id. */
    private static ScriptedBrokers.Asked nextJoin(ScriptedBrokers brokers) throws InterruptedException {
        ScriptedBrokers.Asked asked = brokers.next(ApiKey.JOIN_GROUP);
        return memberId(asked).isEmpty() ? brokers.next(ApiKey.JOIN_GROUP) : asked;
    }

    @Test
    void aRefusalIsToldAndTheNextPollJoinsAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().append(0, "a");
            brokers.once(ApiKey.JOIN_GROUP, refuse(ErrorCode.GROUP_MAX_SIZE_REACHED), refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED));
            consumer.subscribe(List.of(TOPIC));

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(BrokerException.class)
                    .hasMessageContaining("GROUP_MAX_SIZE_REACHED");
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(BrokerException.class)
                    .hasMessageContaining("GROUP_AUTHORIZATION_FAILED");
            assertThat(read(consumer, 1)).containsExactly("a");
        }
    }

    @Test
    void aRefusalThatLastsIsToldByEveryPollUntilTheSubscriptionEnds() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().append(0, "a");
            brokers.always(ApiKey.JOIN_GROUP, refuse(ErrorCode.INVALID_GROUP_ID));
            consumer.subscribe(List.of(TOPIC));
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).hasMessageContaining("INVALID_GROUP_ID");

            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).hasMessageContaining("INVALID_GROUP_ID");
                assertThatThrownBy(() -> consumer.poll(Duration.ofMillis(1))).hasMessageContaining("INVALID_GROUP_ID");
            }
            consumer.unsubscribe();
            consumer.assign(List.of(FIRST));

            assertThat(read(consumer, 1)).containsExactly("a");
        }
    }

    @Test
    void anAnswerThatMakesNoSenseIsToldAndDoesNotLeaveTheMemberJoiningForEver() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().append(0, "a");
            brokers.once(ApiKey.JOIN_GROUP, brokers::properAnswer,
                    request -> ((JoinGroupResponse) brokers.properAnswer(request)).protocolName("strange"));
            consumer.subscribe(List.of(TOPIC));

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(KafkaException.class).hasMessageContaining("strange");
            assertThat(read(consumer, 1)).containsExactly("a");
        }
    }

    @Test
    void aSubscriptionThatChangesWhileJoiningHolds() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().create(OTHER_TOPIC, new Uuid(7, 10), 1);
            brokers.once(ApiKey.JOIN_GROUP, brokers::properAnswer, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.subscribe(List.of(TOPIC));
            consumer.poll(Duration.ZERO);
            nextJoin(brokers);

            consumer.subscribe(List.of(OTHER_TOPIC));
            held.countDown();

            pollUntil(consumer, () -> consumer.assignment().equals(java.util.Set.of(new TopicPartition(OTHER_TOPIC, 0))));
        }
    }

    @Test
    void aPollThatWaitsJoinsForASubscriptionThatComesLater() throws Exception {
        CountDownLatch polls = new CountDownLatch(1);
        ConsumerListener watch = new ConsumerListener() {
            @Override
            public void polled(Duration sinceLastPoll) {
                if (Thread.currentThread().getName().equals("reader")) {
                    polls.countDown();
                }
            }
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).listener(watch).build()) {
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());
            CompletableFuture<List<String>> read = CompletableFuture.supplyAsync(() -> read(consumer, 1), task -> new Thread(task, "reader").start());
            assertThat(polls.await(20, TimeUnit.SECONDS)).isTrue();
            consumer.unsubscribe();
            consumer.subscribe(List.of(TOPIC));
            brokers.logs().append(0, "a");

            assertThat(read.get(20, TimeUnit.SECONDS)).containsExactly("a");
        }
    }

    @Test
    void theLeaderLetsTheGroupRebalanceWhenATopicGrowsThatOnlyOthersSubscribeTo() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).config("metadata.max.age.ms", 50).build()) {
            brokers.logs().create(OTHER_TOPIC, new Uuid(7, 10), 1);
            byte[] theirs = ConsumerProtocol.subscription(new RangeAssignor(), List.of(OTHER_TOPIC), List.of(), -1, null);
            brokers.always(ApiKey.JOIN_GROUP, request -> {
                JoinGroupResponse answer = (JoinGroupResponse) brokers.properAnswer(request);
                if (answer.errorCode() == 0) {
                    List<JoinGroupResponseMember> members = new ArrayList<>(answer.members());
                    members.add(new JoinGroupResponseMember().memberId("other").metadata(theirs));
                    answer.members(members);
                }
                return answer;
            });
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());
            assertThat(assignmentOfTheOther(brokers.next(ApiKey.SYNC_GROUP))).containsExactly(new TopicPartition(OTHER_TOPIC, 0));

            brokers.logs().create(OTHER_TOPIC, new Uuid(7, 10), 2);

            assertThat(assignmentOfTheOther(brokers.next(ApiKey.SYNC_GROUP)))
                    .containsExactly(new TopicPartition(OTHER_TOPIC, 0), new TopicPartition(OTHER_TOPIC, 1));
        }
    }

    private static List<TopicPartition> assignmentOfTheOther(ScriptedBrokers.Asked sync) {
        Map<String, byte[]> assignments = sync.as(SyncGroupRequest.class).assignments().stream()
                .collect(Collectors.toMap(SyncGroupRequest.SyncGroupRequestAssignment::memberId, SyncGroupRequest.SyncGroupRequestAssignment::assignment));
        return ConsumerProtocol.partitions(assignments.get("other"));
    }

    @Test
    void aMemberOfAnOlderGenerationJoinsUnderItsOwnId() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());
            assertThat(memberId(nextJoin(brokers))).isEqualTo("member-1");

            brokers.once(ApiKey.HEARTBEAT, request -> new HeartbeatResponse().errorCode(ErrorCode.ILLEGAL_GENERATION.code()));

            assertThat(memberId(brokers.next(ApiKey.JOIN_GROUP))).isEqualTo("member-1");
            await(() -> consumer.groupMetadata().generationId() == 2);
        }
    }

    @Test
    void whoWasSilentTooLongJoinsOnlyWhenItHasLeft() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).maxPollInterval(Duration.ofMillis(500)).build()) {
            brokers.logs().append(0, "a");
            brokers.once(ApiKey.LEAVE_GROUP, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> !consumer.assignment().isEmpty());
            brokers.next(ApiKey.LEAVE_GROUP);
            brokers.drain(ApiKey.JOIN_GROUP);

            consumer.poll(Duration.ofMillis(50));
            assertThat(brokers.drain(ApiKey.JOIN_GROUP)).as("the leave that is under way would end it").isEmpty();
            held.countDown();

            assertThat(read(consumer, 1)).containsExactly("a");
            awaitLoop(consumer);
        }
    }

    /** Its first session was taken to be over, because no heartbeat had been answered yet; and as another member it waited for itself to be dropped. */
    @Test
    void memberWhoseFirstSyncIsOvertakenByARebalanceJoinsAgainAsTheSame() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().append(0, "a");
            brokers.once(ApiKey.SYNC_GROUP, request -> new SyncGroupResponse().errorCode(ErrorCode.REBALANCE_IN_PROGRESS.code()));
            consumer.subscribe(List.of(TOPIC));

            assertThat(read(consumer, 1)).containsExactly("a");

            String first = memberId(nextJoin(brokers));
            assertThat(memberId(brokers.next(ApiKey.JOIN_GROUP))).isEqualTo(first);
        }
    }
}
