package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.GROUP;
import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a member of a classic group makes of every error that a coordinator may answer with. */
class ClassicErrorsTest {

    private static final String BOTH = "assigned[orders-0, orders-1]";

    private static KafkaConsumer<String, String> member(GroupRun run, Events events) {
        KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).config("heartbeat.interval.ms", 500).build();
        consumer.subscribe(List.of(TOPIC), events);
        return consumer;
    }

    @ParameterizedTest
    @EnumSource(names = {"COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS"})
    void coordinatorThatIsNotThereYetIsAskedForAgain(ErrorCode error) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(FindCoordinatorRequest.class).times(3).fail(error));
            try (KafkaConsumer<String, String> consumer = member(run, new Events())) {
                pollUntil(() -> consumer.assignment().size() == 2, consumer);

                assertThat(run.members()).isOne();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {
        "COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "REBALANCE_IN_PROGRESS", "UNKNOWN_MEMBER_ID"
    })
    void joinThatIsPutOffIsMadeAgain(ErrorCode error) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(JoinGroupRequest.class).times(2).fail(error));
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                pollUntil(() -> consumer.assignment().size() == 2, consumer);

                assertThat(run.members()).as("it has joined once").isOne();
                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {
        "GROUP_AUTHORIZATION_FAILED", "INCONSISTENT_GROUP_PROTOCOL", "INVALID_SESSION_TIMEOUT", "INVALID_GROUP_ID", "GROUP_MAX_SIZE_REACHED",
        "UNKNOWN_SERVER_ERROR"
    })
    void refusalToTakeAMemberInIsToldAndTheNextPollJoinsAgain(ErrorCode error) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(JoinGroupRequest.class).fail(error));
            try (KafkaConsumer<String, String> consumer = member(run, new Events())) {
                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure.errorCode()).isEqualTo(error);
                assertThat(failure).hasMessageContaining(GROUP);
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {
        "REBALANCE_IN_PROGRESS", "UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS"
    })
    void memberThatIsNotGivenItsShareJoinsAgain(ErrorCode error) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(SyncGroupRequest.class).times(2).fail(error));
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                pollUntil(() -> consumer.assignment().size() == 2, consumer);

                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS"})
    void heartbeatThatMeetsNoCoordinatorCostsNothing(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                run.cluster(cluster -> cluster.on(HeartbeatRequest.class).times(3).fail(error));
                run.pollFor(Duration.ofSeconds(10), consumer);

                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    /** Whose generation is over may still have its place; who is unknown has lost what it had. */
    @ParameterizedTest
    @EnumSource(names = {"REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "GROUP_AUTHORIZATION_FAILED"})
    void heartbeatThatIsRefusedCostsThePartitionsForATime(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                run.cluster(cluster -> cluster.on(HeartbeatRequest.class).fail(error));

                if (error == ErrorCode.GROUP_AUTHORIZATION_FAILED) {
                    assertThat(failureOf(() -> run.pollFor(Duration.ofSeconds(5), consumer)).errorCode()).isEqualTo(error);
                }
                run.pollFor(Duration.ofSeconds(60), consumer);

                String gone = error == ErrorCode.REBALANCE_IN_PROGRESS ? "revoked" : "lost";
                assertThat(events.take()).containsExactly(BOTH, gone + "[orders-0, orders-1]", BOTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {
        "COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "REQUEST_TIMED_OUT", "UNKNOWN_TOPIC_OR_PARTITION"
    })
    void commitThatIsPutOffIsMadeAgain(ErrorCode error) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = member(run, new Events())) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.on(OffsetCommitRequest.class).times(2).fail(error));

                consumer.commit();

                assertThat(run.committed(0)).isOne();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {
        "OFFSET_METADATA_TOO_LARGE", "INVALID_COMMIT_OFFSET_SIZE", "GROUP_AUTHORIZATION_FAILED", "TOPIC_AUTHORIZATION_FAILED", "INVALID_GROUP_ID"
    })
    void commitThatIsRefusedIsToldAndCostsNoPartition(ErrorCode error) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.on(OffsetCommitRequest.class).fail(error));

                assertThat(failureOf(consumer::commit).errorCode()).isEqualTo(error);

                consumer.commit();
                assertThat(run.committed(0)).isOne();
                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_MEMBER_ID", "FENCED_INSTANCE_ID"})
    void commitOfWhoIsNoMemberFailsAsOne(ErrorCode error) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = member(run, new Events())) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.on(OffsetCommitRequest.class).fail(error));

                assertThat(failureOf(consumer::commit)).isInstanceOf(CommitFailedException.class);
            }
        });
    }

    /** franz-go's twelfth bug: it finds out now, and not when its next heartbeat is due. */
    @Test
    void whoIsToldByACommitThatItIsNoMemberJoinsAgainAtOnce() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).config("heartbeat.interval.ms", 30_000).build()) {
                consumer.subscribe(List.of(TOPIC), events);
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.group(GROUP).expire(consumer.groupMetadata().memberId()));

                assertThat(failureOf(consumer::commit)).isInstanceOf(CommitFailedException.class);

                assertThat(run.pollFor(Duration.ofSeconds(5), consumer)).as("read again, as it is not committed").containsExactly("a");
                assertThat(events.take()).containsExactly(BOTH, "lost[orders-0, orders-1]", BOTH);
            }
        });
    }

    /** Heartbeats may come to nothing just now, and would say the same. */
    @Test
    void whoIsToldByACommitThatItIsNoMemberWaitsForNoHeartbeat() {
        GroupRun.of(run -> {
            List<String> requests = new ArrayList<>();
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).config("heartbeat.interval.ms", 30_000).build()) {
                consumer.subscribe(List.of(TOPIC));
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> {
                    cluster.on(HeartbeatRequest.class).always().before(request -> requests.add("heartbeat"));
                    cluster.on(JoinGroupRequest.class).always().before(request -> requests.add("join"));
                    cluster.group(GROUP).expire(consumer.groupMetadata().memberId());
                });

                assertThat(failureOf(consumer::commit)).isInstanceOf(CommitFailedException.class);
                pollUntil(() -> !requests.isEmpty() && !consumer.assignment().isEmpty(), consumer);

                assertThat(requests).startsWith("join");
            }
        });
    }

    /** The coordinator knows the member, and no other than its present generation: it joins as who it is. */
    @Test
    void whoIsToldByACommitThatItsGenerationIsOverJoinsAgainAtOnce() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.on(OffsetCommitRequest.class).fail(ErrorCode.ILLEGAL_GENERATION));

                assertThat(failureOf(consumer::commit)).isInstanceOf(CommitFailedException.class);

                assertThat(run.pollFor(Duration.ofSeconds(2), consumer)).as("read again, as it is not committed").containsExactly("a");
                assertThat(events.take()).containsExactly(BOTH, "lost[orders-0, orders-1]", BOTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "UNSTABLE_OFFSET_COMMIT", "REQUEST_TIMED_OUT"})
    void committedOffsetsAreAskedForUntilTheyAreKnown(ErrorCode error) {
        GroupRun.of(run -> {
            run.cluster(cluster -> {
                cluster.log(TOPIC, 0).append(null, "a");
                cluster.log(TOPIC, 0).append(null, "b");
                cluster.group(GROUP).commit(TOPIC, 0, 1);
                cluster.on(OffsetFetchRequest.class).times(2).fail(error);
            });
            try (KafkaConsumer<String, String> consumer = member(run, new Events())) {
                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).containsExactly("b");
            }
        });
    }
}
