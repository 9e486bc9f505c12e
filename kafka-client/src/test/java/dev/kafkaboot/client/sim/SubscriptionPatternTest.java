package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.InvalidRegularExpressionException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.consumer.SubscriptionPattern;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Subscribing to topics that the coordinator finds (KIP-848). */
class SubscriptionPatternTest {

    private static final SubscriptionPattern ORDERS = new SubscriptionPattern("orders.*");

    private static Set<String> topics(KafkaConsumer<String, String> consumer) {
        Set<String> topics = new TreeSet<>();
        consumer.assignment().forEach(partition -> topics.add(partition.topic()));
        return topics;
    }

    @Test
    void topicsThatTheCoordinatorFindsAreReadAlsoThoseThatComeAndNotThoseThatGo() {
        GroupRun.of(run -> {
            AtomicInteger questionsForAll = new AtomicInteger();
            run.cluster(cluster -> {
                cluster.createTopic("returns", 1);
                cluster.on(MetadataRequest.class).when(request -> request.topics() == null).always().before(request -> questionsForAll.incrementAndGet());
            });
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(ORDERS, events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                assertThat(run.heartbeats().get(0).subscribedTopicRegex()).isEqualTo("orders.*");
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");

                run.cluster(cluster -> {
                    cluster.createTopic("orders-eu", 1);
                    cluster.log("orders-eu", 0).append("k", "a");
                });
                assertThat(run.pollFor(Duration.ofSeconds(5), consumer)).containsExactly("a");
                assertThat(consumer.subscription()).containsExactly("orders", "orders-eu");
                run.cluster(cluster -> cluster.deleteTopic("orders-eu"));
                pollUntil(() -> topics(consumer).equals(Set.of("orders")), consumer);

                assertThat(questionsForAll).hasValue(0);
            }
        });
    }

    /** The coordinator waits until the member has said what it has, although that is what it was: nothing. */
    @Test
    void assignmentThatIsTakenBackBeforeItWasTakenOverIsAnswered() {
        GroupRun.of(run -> {
            run.cluster(cluster -> {
                cluster.createTopic("returns", 1);
                cluster.on(ConsumerGroupHeartbeatRequest.class).delay(Duration.ofSeconds(1));
                // The first assignment has to wait for its topic's name.
                cluster.on(MetadataRequest.class).when(request -> request.topics() != null && !request.topics().isEmpty()).times(2).delay(Duration.ofSeconds(3));
            });
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(List.of("orders"));
                consumer.poll(Duration.ofMillis(300));
                consumer.subscribe(new SubscriptionPattern("ret.*"));

                run.pollFor(Duration.ofSeconds(20), consumer);

                assertThat(topics(consumer)).containsExactly("returns");
            }
        });
    }

    @Test
    void patternIsToldOnceAndAgainWhenAnAnswerWasLost() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(ORDERS);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                run.pollFor(Duration.ofSeconds(3), consumer);
                List<ConsumerGroupHeartbeatRequest> told = run.heartbeats();
                assertThat(told.subList(1, told.size())).isNotEmpty().allSatisfy(heartbeat -> assertThat(heartbeat.subscribedTopicRegex()).isNull());

                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).cutAfter());
                run.pollFor(Duration.ofSeconds(3), consumer);

                assertThat(run.heartbeats()).extracting(ConsumerGroupHeartbeatRequest::subscribedTopicRegex).contains("orders.*");
            }
        });
    }

    @Test
    void listTakesThePlaceOfAPatternThoughTheHeartbeatThatSaysSoIsLost() {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.createTopic("returns", 1));
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(ORDERS);
                pollUntil(() -> topics(consumer).equals(Set.of("orders")), consumer);
                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).cutBefore());

                consumer.subscribe(List.of("returns"));
                pollUntil(() -> topics(consumer).equals(Set.of("returns")), consumer);

                consumer.subscribe(ORDERS);
                pollUntil(() -> topics(consumer).equals(Set.of("orders")), consumer);
            }
        });
    }

    @Test
    void memberThatIsDroppedFindsItsTopicsAgain() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(ORDERS, events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
                run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).fail(ErrorCode.FENCED_MEMBER_EPOCH));

                pollUntil(() -> events.heard.size() == 3, consumer);

                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "lost[orders-0, orders-1]", "assigned[orders-0, orders-1]");
            }
        });
    }

    @Test
    void expressionThatTheCoordinatorCannotReadIsNamed() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(new SubscriptionPattern("orders(?!-test)"));

                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure).isInstanceOf(InvalidRegularExpressionException.class).hasMessageContaining("orders(?!-test)").hasMessageContaining("billing");
                assertThat(failure.errorCode()).isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
                consumer.subscribe(ORDERS);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
            }
        });
    }

    /** The first version of the heartbeats had no patterns. */
    @Test
    void coordinatorThatDoesNotFindTopicsIsToldAsSuch() {
        GroupRun.of(cluster -> cluster.release("3.9"), run -> {
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(ORDERS);

                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
            }
        });
    }

    @Test
    void withAClassicGroupItIsRefusedAndTheOtherKindIsNamed() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).build()) {
                assertThatThrownBy(() -> consumer.subscribe(ORDERS)).isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("/orders.*/").hasMessageContaining("group.protocol=consumer").hasMessageContaining("java.util.regex.Pattern");
                assertThat(consumer.subscription()).isEmpty();
            }
        });
    }

    @Test
    void withoutAGroupItIsRefused() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                    .connections(run.process().connections()).autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
                assertThatThrownBy(() -> consumer.subscribe(ORDERS)).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("/orders.*/").hasMessageContaining("group.id");
            }
        });
    }

    @Test
    void blankExpressionIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SubscriptionPattern(" "));
    }
}
