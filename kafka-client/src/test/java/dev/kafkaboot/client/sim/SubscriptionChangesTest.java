package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members that change what they subscribe to, want a rebalance, or want no more. */
class SubscriptionChangesTest {

    private static KafkaConsumer<String, String> consumer(GroupRun run, GroupProtocol protocol) {
        return run.builder().groupProtocol(protocol).build();
    }

    private static String topics(KafkaConsumer<String, String> consumer) {
        TreeSet<String> topics = new TreeSet<>();
        consumer.assignment().forEach(partition -> topics.add(partition.topic()));
        return topics.toString();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void topicsAreAddedAndRemovedWhileTheOthersAreReadOn(GroupProtocol protocol) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.createTopic("returns", 1));
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(List.of("orders"));
                pollUntil(() -> topics(consumer).equals("[orders]"), consumer);
                run.cluster(cluster -> cluster.log("orders", 0).append("k", "a"));
                List<String> read = new ArrayList<>(run.pollFor(Duration.ofSeconds(2), consumer));
                consumer.commit();

                consumer.subscribe(List.of("orders", "returns"));
                read.addAll(pollUntil(() -> topics(consumer).equals("[orders, returns]"), consumer));
                run.cluster(cluster -> {
                    cluster.log("orders", 0).append("k", "b");
                    cluster.log("returns", 0).append("k", "c");
                });
                read.addAll(run.pollFor(Duration.ofSeconds(2), consumer));
                consumer.commit();
                consumer.subscribe(List.of("returns"));
                read.addAll(pollUntil(() -> topics(consumer).equals("[returns]"), consumer));
                run.cluster(cluster -> cluster.log("returns", 0).append("k", "d"));
                read.addAll(run.pollFor(Duration.ofSeconds(2), consumer));

                assertThat(read).as("each once").containsExactlyInAnyOrder("a", "b", "c", "d");
            }
        });
    }

    @Test
    void rebalanceThatIsEnforcedTellsTheCoordinatorWhyAndNoLongerThanItTakes() {
        GroupRun.of(run -> {
            List<String> reasons = new ArrayList<>();
            run.cluster(cluster -> cluster.on(JoinGroupRequest.class).always().before(request -> reasons.add(String.valueOf(request.reason()))));
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                events.take();
                int generation = consumer.groupMetadata().generationId();
                reasons.clear();

                consumer.enforceRebalance("x".repeat(300));
                pollUntil(() -> events.heard.size() == 2, consumer);

                assertThat(reasons).containsExactly("x".repeat(255));
                assertThat(events.take()).containsExactly("revoked[orders-0, orders-1]", "assigned[orders-0, orders-1]");
                assertThat(consumer.groupMetadata().generationId()).isEqualTo(generation + 1);
            }
        });
    }

    @Test
    void rebalanceOfAnIdleConsumerIsNotEnforced() {
        GroupRun.of(run -> {
            List<String> reasons = new ArrayList<>();
            run.cluster(cluster -> cluster.on(JoinGroupRequest.class).always().before(request -> reasons.add(String.valueOf(request.reason()))));
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(List.of("orders"));
                consumer.enforceRebalance();
                run.simulation().sleep(Duration.ofSeconds(3));

                assertThat(reasons).isEmpty();
            }
        });
    }

    @Test
    void coordinatorThatDistributesByItselfIsNotAskedForARebalance() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CONSUMER)) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                int epoch = consumer.groupMetadata().generationId();

                consumer.enforceRebalance();
                run.pollFor(Duration.ofSeconds(3), consumer);

                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");
                assertThat(consumer.groupMetadata().generationId()).isEqualTo(epoch);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void whoUnsubscribesBeforeTheFirstPollHasNeverJoined(GroupProtocol protocol) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(List.of("orders"));
                consumer.unsubscribe();
                run.simulation().sleep(Duration.ofSeconds(3));

                assertThat(run.members()).isZero();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void whoUnsubscribesWhileItJoinsIsNoMemberAfterwardsAndCanSubscribeAgain(GroupProtocol protocol) {
        GroupRun.of(run -> {
            run.cluster(cluster -> {
                cluster.on(JoinGroupRequest.class).skip(1).delayReply(Duration.ofSeconds(1));
                cluster.on(SyncGroupRequest.class).delayReply(Duration.ofSeconds(1));
                cluster.on(ConsumerGroupHeartbeatRequest.class).delayReply(Duration.ofSeconds(1));
            });
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(List.of("orders"), events);
                consumer.poll(Duration.ofMillis(500));
                consumer.unsubscribe();
                run.simulation().sleep(Duration.ofSeconds(3));
                assertThat(run.members()).isZero();

                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void whoUnsubscribesAsAMemberGivesEverythingUpAndCanSubscribeAgain(GroupProtocol protocol) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                for (int i = 0; i < 2; i++) {
                    consumer.subscribe(List.of("orders"), events);
                    pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                    consumer.unsubscribe();
                    run.simulation().sleep(Duration.ofSeconds(1));
                    assertThat(run.members()).isZero();
                }
                consumer.unsubscribe();

                assertThat(events.take()).containsExactly(
                        "assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]", "assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void whoUnsubscribesBeforeThePatternsTopicsAreKnownHasNeverJoined(GroupProtocol protocol) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(java.util.regex.Pattern.compile("orders"));
                consumer.unsubscribe();
                run.simulation().sleep(Duration.ofSeconds(3));

                assertThat(run.members()).isZero();
                assertThat(consumer.subscription()).isEmpty();
            }
        });
    }
}
