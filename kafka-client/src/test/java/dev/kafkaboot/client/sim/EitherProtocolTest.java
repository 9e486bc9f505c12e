package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.CooperativeStickyAssignor;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.RoundRobinAssignor;
import dev.kafkaboot.client.consumer.SubscriptionPattern;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code group.protocol=auto}: the newer protocol where the coordinator takes it, else the classic one. */
class EitherProtocolTest {

    private static final String BOTH = "assigned[orders-0, orders-1]";

    private static ConsumerBuilder<String, String> builder(GroupRun run) {
        return run.builder().groupProtocol(GroupProtocol.AUTO);
    }

    private static AtomicInteger classicJoins(GroupRun run) {
        AtomicInteger joins = new AtomicInteger();
        run.cluster(cluster -> cluster.on(JoinGroupRequest.class).always().before(request -> joins.incrementAndGet()));
        return joins;
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.7", "3.9", "4.0", "4.4"})
    void coordinatorThatTakesTheNewerProtocolIsNotAskedForTheOther(String release) {
        GroupRun.of(cluster -> cluster.release(release), run -> {
            AtomicInteger classicJoins = classicJoins(run);
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.subscribe(List.of("orders"), events);
                run.cluster(cluster -> cluster.log("orders", 0).append("k", "a"));
                assertThat(run.pollFor(Duration.ofSeconds(5), consumer)).containsExactly("a");
                consumer.commit();

                assertThat(events.take()).containsExactly(BOTH);
                assertThat(run.committed(0)).isOne();
                assertThat(classicJoins).hasValue(0);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "2.8", "3.6"})
    void olderBrokerHasAClassicMemberAndNothingIsToldToTheApplication(String release) {
        GroupRun.of(cluster -> cluster.release(release), run -> {
            AtomicInteger classicJoins = classicJoins(run);
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.subscribe(List.of("orders"), events);
                run.cluster(cluster -> cluster.log("orders", 0).append("k", "a"));
                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).containsExactly("a");
                consumer.commit();

                assertThat(events.take()).containsExactly(BOTH);
                assertThat(run.committed(0)).isOne();
                assertThat(classicJoins.get()).isPositive();
            }
        });
    }

    /** The protocol may be switched off, or the group may have classic members that the coordinator may not serve together with newer ones. */
    @ParameterizedTest
    @EnumSource(names = {"UNSUPPORTED_VERSION", "GROUP_ID_NOT_FOUND"})
    void coordinatorThatRefusesTheNewerProtocolHasAClassicMemberForGood(ErrorCode error) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).fail(error));
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                consumer.unsubscribe();
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> events.heard.size() == 3, consumer);

                assertThat(events.take()).containsExactly(BOTH, "revoked[orders-0, orders-1]", BOTH);
                assertThat(run.heartbeats()).as("one was enough").hasSize(1);
            }
            assertThat(run.members()).isZero();
        });
    }

    @Test
    void groupThatHasClassicMembersIsJoinedAndSharedWithThem() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> classic = run.builder().groupProtocol(GroupProtocol.CLASSIC).build();
                    KafkaConsumer<String, String> either = builder(run).build()) {
                classic.subscribe(List.of("orders"));
                pollUntil(() -> classic.assignment().size() == 2, classic);
                either.subscribe(List.of("orders"));

                pollUntil(() -> classic.assignment().size() == 1 && either.assignment().size() == 1, classic, either);

                assertThat(either.assignment()).doesNotContainAnyElementsOf(classic.assignment());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"GROUP_AUTHORIZATION_FAILED", "GROUP_MAX_SIZE_REACHED", "UNRELEASED_INSTANCE_ID"})
    void refusalThatHasNothingToDoWithTheProtocolIsToldAndChangesNothing(ErrorCode error) {
        GroupRun.of(run -> {
            AtomicInteger classicJoins = classicJoins(run);
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).fail(error));
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.subscribe(List.of("orders"));

                assertThat(failureOf(() -> consumer.poll(Duration.ofSeconds(10))).errorCode()).isEqualTo(error);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                assertThat(classicJoins).hasValue(0);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"session.timeout.ms,10000", "heartbeat.interval.ms,1000", "partition.assignment.strategy,range"})
    void keyThatOnlyClassicGroupsHaveDecides(String key, String value) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = builder(run).config(key, value).build()) {
                consumer.subscribe(List.of("orders"));
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                assertThat(run.heartbeats()).isEmpty();
                assertThatThrownBy(() -> consumer.subscribe(new SubscriptionPattern("orders"))).isInstanceOf(UnsupportedOperationException.class);
            }
        });
    }

    @Test
    void assignorOfOnesOwnDecides() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = builder(run).assignor(RoundRobinAssignor::new).assignor(CooperativeStickyAssignor::new).build()) {
                consumer.subscribe(List.of("orders"));
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                assertThat(run.heartbeats()).isEmpty();
            }
        });
    }

    @Test
    void patternThatTheCoordinatorMatchesIsToldWhereTheGroupIsClassic() {
        GroupRun.of(cluster -> cluster.release("3.6"), run -> {
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.subscribe(Pattern.compile("orders"));
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                consumer.subscribe(new SubscriptionPattern("orders"));

                KafkaException failure = failureOf(() -> run.pollFor(Duration.ofSeconds(10), consumer));
                assertThat(failure.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
                assertThat(failure).hasMessageContaining("/orders/");
                assertThat(consumer.assignment()).isEmpty();
            }
        });
    }

    @Test
    void refusalOfAPatternIsNotToldWhenSomethingElseIsSubscribedToByThen() {
        GroupRun.of(cluster -> cluster.release("3.6"), run -> {
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.subscribe(List.of("orders"));
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                run.cluster(cluster -> cluster.on(LeaveGroupRequest.class).delayReply(Duration.ofSeconds(1)));

                consumer.subscribe(new SubscriptionPattern("orders"));
                consumer.subscribe(List.of("orders"));
                run.pollFor(Duration.ofSeconds(10), consumer);

                assertThat(consumer.assignment()).hasSize(2);
            }
        });
    }

    @Test
    void namesAreServedByTheNewerProtocolAfterABrokerTooOldForPatternsRefusedOne() {
        GroupRun.of(cluster -> cluster.release("3.9"), run -> {
            AtomicInteger classicJoins = classicJoins(run);
            try (KafkaConsumer<String, String> consumer = builder(run).build()) {
                consumer.subscribe(new SubscriptionPattern("orders"));
                assertThat(failureOf(() -> run.pollFor(Duration.ofSeconds(10), consumer)).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);

                consumer.subscribe(List.of("orders"));
                pollUntil(() -> consumer.assignment().size() == 2, consumer);

                assertThat(classicJoins).hasValue(0);
            }
        });
    }
}
