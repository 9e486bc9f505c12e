package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.GROUP;
import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a consumer becomes a member of a group whose coordinator assigns (KIP-848), stays one, and is told why it is none. */
class CoordinatedMembershipTest {

    private static final String BOTH = "assigned[orders-0, orders-1]";
    private static final String BOTH_LOST = "lost[orders-0, orders-1]";

    @Test
    void whoJoinsTellsEverythingUnderAnIdOfItsOwnAndThenOnlyWhatHasChanged() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().groupRemoteAssignor("range").maxPollInterval(Duration.ofSeconds(90)).build()) {
                consumer.subscribe(List.of(TOPIC), events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                run.pollFor(Duration.ofSeconds(5), consumer);

                List<ConsumerGroupHeartbeatRequest> told = run.heartbeats();
                ConsumerGroupHeartbeatRequest join = told.get(0);
                assertThat(join.memberEpoch()).isZero();
                assertThat(join.memberId()).isNotEmpty();
                assertThat(join.subscribedTopicNames()).containsExactly(TOPIC);
                assertThat(join.topicPartitions()).isEmpty();
                assertThat(join.rebalanceTimeoutMs()).isEqualTo(90_000);
                assertThat(join.serverAssignor()).isEqualTo("range");
                assertThat(told.get(1).topicPartitions()).as("what it has now").singleElement()
                        .satisfies(topic -> assertThat(topic.partitions()).containsExactly(0, 1));
                assertThat(told.subList(2, told.size())).as("once a second").hasSizeBetween(3, 6).allSatisfy(heartbeat -> {
                    assertThat(heartbeat.memberId()).isEqualTo(join.memberId());
                    assertThat(heartbeat.memberEpoch()).isPositive();
                    assertThat(heartbeat.subscribedTopicNames()).isNull();
                    assertThat(heartbeat.topicPartitions()).isNull();
                    assertThat(heartbeat.rebalanceTimeoutMs()).isEqualTo(-1);
                    assertThat(heartbeat.serverAssignor()).isNull();
                });
                assertThat(events.take()).containsExactly(BOTH);
                assertThat(consumer.groupMetadata())
                        .isEqualTo(new ConsumerGroupMetadata(GROUP, told.get(told.size() - 1).memberEpoch(), join.memberId(), null));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE"})
    void errorThatPassesIsNotSeenWhileJoining(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).times(3).fail(error));
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                assertThat(run.heartbeats()).hasSizeGreaterThan(3);
                assertThat(run.members()).as("it has joined once").isOne();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE"})
    void errorThatPassesCostsAMemberNothingAndItTellsEverythingAgain(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                run.pollFor(Duration.ofSeconds(2), consumer);
                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).fail(error));
                run.heartbeats();
                run.pollFor(Duration.ofSeconds(3), consumer);

                assertThat(run.heartbeats().get(1).topicPartitions()).isNotNull();
                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {
        "UNRELEASED_INSTANCE_ID", "GROUP_MAX_SIZE_REACHED", "UNSUPPORTED_ASSIGNOR", "INVALID_REGULAR_EXPRESSION", "GROUP_AUTHORIZATION_FAILED",
        "TOPIC_AUTHORIZATION_FAILED", "UNSUPPORTED_VERSION", "INVALID_REQUEST", "FENCED_INSTANCE_ID", "GROUP_ID_NOT_FOUND"
    })
    void refusalToTakeAMemberInIsToldAndTheNextPollJoinsAgain(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).fail(error));
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure.errorCode()).isEqualTo(error);
                assertThat(failure).hasMessageContaining(GROUP);
                pollUntil(() -> events.heard.contains(BOTH), consumer);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"GROUP_AUTHORIZATION_FAILED", "TOPIC_AUTHORIZATION_FAILED", "FENCED_INSTANCE_ID", "UNSUPPORTED_VERSION", "UNKNOWN_SERVER_ERROR"})
    void refusalOfAMemberCostsItsPartitionsAndIsTold(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                run.pollFor(Duration.ofSeconds(2), consumer);
                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).fail(error));

                KafkaException failure = failureOf(() -> run.pollFor(Duration.ofSeconds(5), consumer));

                assertThat(failure.errorCode()).isEqualTo(error);
                run.pollFor(Duration.ofSeconds(15), consumer);
                assertThat(events.take()).containsExactly(BOTH, BOTH_LOST, BOTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_MEMBER_ID", "FENCED_MEMBER_EPOCH", "GROUP_ID_NOT_FOUND"})
    void whoIsDroppedLosesItsPartitionsAndJoinsAgainAsTheSame(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                String id = consumer.groupMetadata().memberId();
                run.pollFor(Duration.ofSeconds(2), consumer);
                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).fail(error));
                run.heartbeats();
                run.pollFor(Duration.ofSeconds(5), consumer);

                assertThat(events.take()).containsExactly(BOTH, BOTH_LOST, BOTH);
                ConsumerGroupHeartbeatRequest join = run.heartbeats().get(1);
                assertThat(join.memberEpoch()).isZero();
                assertThat(join.topicPartitions()).isEmpty();
                assertThat(consumer.groupMetadata().memberId()).isEqualTo(id);
            }
        });
    }

    @Test
    void lostHeartbeatsAreSentAgainAndCostNothing() {
        GroupRun.of(run -> {
            Events events = new Events();
            run.cluster(cluster -> {
                cluster.on(ConsumerGroupHeartbeatRequest.class).cutBefore();
                cluster.on(ConsumerGroupHeartbeatRequest.class).cutAfter();
                cluster.on(ConsumerGroupHeartbeatRequest.class).cutInside(6);
                cluster.on(ConsumerGroupHeartbeatRequest.class).ignore();
            });
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);

                assertThat(run.members()).as("a join that is sent again makes no second member").isOne();
                run.cluster(cluster -> {
                    cluster.on(ConsumerGroupHeartbeatRequest.class).cutBefore();
                    cluster.on(ConsumerGroupHeartbeatRequest.class).cutAfter();
                    cluster.on(ConsumerGroupHeartbeatRequest.class).ignore();
                });
                run.pollFor(Duration.ofSeconds(15), consumer);
                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    @Test
    void anotherCoordinatorKnowsTheMember() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.group(GROUP).moveCoordinator());

                consumer.commit();

                assertThat(run.committed(0)).isOne();
                run.pollFor(Duration.ofSeconds(15), consumer);
                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    @Test
    void brokerThatDoesNotSpeakTheProtocolIsNamedAsSuch() {
        GroupRun.of(cluster -> cluster.release("3.5"), run -> {
            try (KafkaConsumer<String, String> consumer = run.member(new Events())) {
                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
                assertThat(failure).hasMessageContaining("group.protocol=consumer").hasMessageContaining("classic");
            }
        });
    }

    @Test
    void answerThatMakesNoSenseIsToldAndDoesNotEndTheHeartbeats() {
        GroupRun.of(run -> {
            Events events = new Events();
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).change(response -> response.memberEpoch(-7)));
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure).hasMessageContaining("-7");
                pollUntil(() -> events.heard.contains(BOTH), consumer);
            }
        });
    }
}
