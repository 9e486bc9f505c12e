package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.test.fake.FakeKafkaBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Static members whose coordinator assigns (KIP-848) and which join again. Coordinators let nobody join with an instance id that is held, not even its holder: whoever cannot know
 * whether it is held lets go of it first.
 */
class StaticJoinsTest {

    private static final String BOTH = "assigned[orders-0, orders-1]";
    private static final String BOTH_LOST = "lost[orders-0, orders-1]";

    /** Of static members, sessions are long. */
    private static FakeKafkaBuilder longSession(FakeKafkaBuilder cluster) {
        return cluster.consumerGroupTimes(GroupRun.INTERVAL, Duration.ofMinutes(10));
    }

    private static KafkaConsumer<String, String> member(GroupRun run, Events events) {
        KafkaConsumer<String, String> consumer = run.builder().groupInstanceId("one").build();
        consumer.subscribe(List.of(GroupRun.TOPIC), events);
        return consumer;
    }

    private static void hasItsPartitionsWithin(GroupRun run, Duration limit, KafkaConsumer<String, String> consumer, Events events) {
        long begun = run.simulation().nowNanos();
        pollUntil(() -> events.heard.contains(BOTH), consumer);
        assertThat(Duration.ofNanos(run.simulation().nowNanos() - begun)).isLessThan(limit);
    }

    @Test
    void joinWhoseAnswerIsLostIsRepeatedAsOneThatIsNew() {
        GroupRun.of(StaticJoinsTest::longSession, run -> {
            Events events = new Events();
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).times(1).cutAfter());
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                hasItsPartitionsWithin(run, Duration.ofSeconds(5), consumer, events);

                assertThat(run.members()).isOne();
                assertThat(run.heartbeats()).extracting(ConsumerGroupHeartbeatRequest::memberEpoch).startsWith(0, -2, 0);
            }
        });
    }

    @Test
    void joinsWhoseAnswersAreLostAgainAndAgainAreRepeatedEverMoreSeldom() {
        GroupRun.of(StaticJoinsTest::longSession, run -> {
            run.simulation().log().keepAll();
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).always().when(request -> request.memberEpoch() == 0).cutAfter());
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                run.pollFor(Duration.ofSeconds(60), consumer);

                assertThat(run.heartbeats()).filteredOn(heartbeat -> heartbeat.memberEpoch() == 0).hasSizeBetween(10, 100);
                assertThat(run.simulation().log().all()).filteredOn(line -> line.contains("asked in vain")).isNotEmpty();
                run.cluster(cluster -> cluster.clearRules());

                hasItsPartitionsWithin(run, Duration.ofSeconds(5), consumer, events);
            }
        });
    }

    @Test
    void joinThatNeverCameIsRepeatedToo() {
        GroupRun.of(StaticJoinsTest::longSession, run -> {
            Events events = new Events();
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).times(1).cutBefore());
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                hasItsPartitionsWithin(run, Duration.ofSeconds(5), consumer, events);
            }
        });
    }

    @Test
    void memberThatWasCutOffForLongerThanItsOwnSessionHasItsPartitionsAgainAtOnce() {
        GroupRun.of(StaticJoinsTest::longSession, run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                run.pollFor(Duration.ofSeconds(2), consumer);
                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).always().ignore());
                run.pollFor(Duration.ofSeconds(50), consumer);
                assertThat(events.take()).containsExactly(BOTH, BOTH_LOST);

                run.cluster(cluster -> cluster.clearRules());

                hasItsPartitionsWithin(run, Duration.ofSeconds(20), consumer, events); // until the requests that were ignored are given up
            }
        });
    }

    @Test
    void memberOfAnotherEpochJoinsAgainAtOnce() {
        GroupRun.of(StaticJoinsTest::longSession, run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = member(run, events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                run.pollFor(Duration.ofSeconds(2), consumer);
                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).times(1).fail(ErrorCode.FENCED_MEMBER_EPOCH));
                run.pollFor(Duration.ofSeconds(5), consumer);

                assertThat(events.take()).containsExactly(BOTH, BOTH_LOST, BOTH);
            }
        });
    }

    @Test
    void consumerThatIsClosedBeforeItsJoinWasAnsweredLeavesTheIdToTheNextOne() {
        GroupRun.of(StaticJoinsTest::longSession, run -> {
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).times(1).swallow());
            KafkaConsumer<String, String> first = member(run, new Events());
            first.poll(Duration.ofSeconds(1));
            first.close();

            Events events = new Events();
            try (KafkaConsumer<String, String> second = member(run, events)) {
                hasItsPartitionsWithin(run, Duration.ofSeconds(5), second, events);
            }
        });
    }

    @Test
    void whoIsRefusedTheIdOfAnotherPutsNobodyOutHoweverOftenItTries() {
        GroupRun.of(StaticJoinsTest::longSession, run -> {
            Events events = new Events();
            KafkaConsumer<String, String> first = member(run, events);
            try (KafkaConsumer<String, String> second = member(run, new Events())) {
                pollUntil(() -> events.heard.contains(BOTH), first);
                for (int i = 0; i < 3; i++) {
                    assertThat(failureOf(() -> second.poll(Duration.ofSeconds(5))).errorCode()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
                    run.pollFor(Duration.ofSeconds(2), first);
                }
                assertThat(events.take()).containsExactly(BOTH);

                first.close();

                pollUntil(() -> second.assignment().size() == 2, second);
            }
        });
    }
}
