package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.InvalidTopicException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.PartitionAssignor;
import dev.kafkaboot.client.consumer.RoundRobinAssignor;
import dev.kafkaboot.client.consumer.SubscriptionPattern;
import dev.kafkaboot.client.consumer.TopicPattern;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions that cannot be served, or not wholly: each is told with names, and the rest goes on. */
class WrongSubscriptionTest {

    private static KafkaConsumer<String, String> consumer(GroupRun run, GroupProtocol protocol) {
        return run.builder().groupProtocol(protocol).build();
    }

    /** Answers questions about one topic as a broker does that may not show it. */
    private static void forbid(GroupRun run, String topic) {
        run.cluster(cluster -> cluster.on(MetadataRequest.class).always().change(response -> response.topics(response.topics().stream()
                .map(each -> topic.equals(each.name())
                        ? new MetadataResponseTopic().name(topic).errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code())
                        : each)
                .toList())));
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void topicThatMayNotBeSeenIsNamedOnceAndTheOthersAreRead(GroupProtocol protocol) {
        GroupRun.of(run -> {
            forbid(run, "secret");
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(List.of("orders", "secret"));

                KafkaException failure = failureOf(() -> run.pollFor(Duration.ofSeconds(10), consumer));

                assertThat(failure.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
                assertThat(failure).hasMessageContaining("'secret'");
                run.cluster(cluster -> cluster.log("orders", 0).append("k", "a"));
                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).containsExactly("a");
            }
        });
    }

    @Test
    void topicWhoseNameIsNotAllowedIsNamedAndTheOthersAreRead() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(List.of("orders", "not a name"));

                assertThatThrownBy(() -> run.pollFor(Duration.ofSeconds(10), consumer)).isInstanceOf(InvalidTopicException.class)
                        .hasMessageContaining("'not a name'");
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void topicThatIsNotThereIsWaitedFor(GroupProtocol protocol) {
        GroupRun.of(cluster -> cluster.autoCreateTopics(false), run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(List.of("orders", "returns"));
                run.pollFor(Duration.ofSeconds(10), consumer);
                assertThat(consumer.assignment()).hasSize(2);

                run.cluster(cluster -> cluster.createTopic("returns", 1));

                pollUntil(() -> consumer.assignment().contains(new TopicPartition("returns", 0)), consumer);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"GROUP_AUTHORIZATION_FAILED", "INCONSISTENT_GROUP_PROTOCOL", "INVALID_SESSION_TIMEOUT", "GROUP_MAX_SIZE_REACHED", "INVALID_GROUP_ID"})
    void groupThatDoesNotTakeAClassicMemberIsNamedAndTheNextPollsJoinAgain(ErrorCode error) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(JoinGroupRequest.class).fail(error));
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(List.of("orders"));

                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure.errorCode()).isEqualTo(error);
                assertThat(failure).hasMessageContaining("billing");
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
            }
        });
    }

    @Test
    void memberWithNoneOfTheAssignorsOfTheGroupIsToldSo() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> first = run.builder().groupProtocol(GroupProtocol.CLASSIC).config("partition.assignment.strategy", "range").build();
                    KafkaConsumer<String, String> other =
                            run.builder().groupProtocol(GroupProtocol.CLASSIC).config("partition.assignment.strategy", "sticky").build()) {
                first.subscribe(List.of("orders"));
                pollUntil(() -> first.assignment().size() == 2, first);
                other.subscribe(List.of("orders"));

                KafkaException failure = failureOf(() -> other.poll(Duration.ofSeconds(10)));

                assertThat(failure.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
                assertThat(failure).hasMessageContaining("billing");
                assertThat(first.assignment()).hasSize(2);
            }
        });
    }

    /** Fails at first, and then distributes as the group's other members would. */
    private static final class FailsAtFirst implements PartitionAssignor {

        private final PartitionAssignor good = new RoundRobinAssignor();
        private boolean failed;

        @Override
        public String name() {
            return "fails-at-first";
        }

        @Override
        public boolean isCooperative() {
            return false;
        }

        @Override
        public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
            if (!failed) {
                failed = true;
                throw new IllegalStateException("as asked for");
            }
            return good.assign(members, partitionCounts);
        }
    }

    @Test
    void assignorThatThrowsIsToldAndTheNextPollsJoinAgain() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).assignor(FailsAtFirst::new).build()) {
                consumer.subscribe(List.of("orders"));

                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure).hasMessageContaining("billing").hasMessageContaining("as asked for");
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
            }
        });
    }

    /** Its first subscription fails. */
    private static final class HasNoUserDataAtFirst implements PartitionAssignor {

        private final PartitionAssignor good = new RoundRobinAssignor();
        private boolean hasFailed;

        @Override
        public String name() {
            return "has-no-user-data-at-first";
        }

        @Override
        public boolean isCooperative() {
            return false;
        }

        @Override
        public byte @Nullable [] userData(int generation) {
            if (!hasFailed) {
                hasFailed = true;
                throw new IllegalStateException("as asked for");
            }
            return null;
        }

        @Override
        public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
            return good.assign(members, partitionCounts);
        }
    }

    @Test
    void assignorThatHasNoUserDataIsToldAndTheNextPollsJoinAgain() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).assignor(HasNoUserDataAtFirst::new).build()) {
                consumer.subscribe(List.of("orders"));

                KafkaException failure = failureOf(() -> consumer.poll(Duration.ofSeconds(10)));

                assertThat(failure).hasMessageContaining("billing").hasMessageContaining("as asked for");
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
            }
        });
    }

    @Test
    void consumerThatIsClosedRefusesEverySubscription() {
        GroupRun.of(run -> {
            KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CONSUMER);
            consumer.close();

            List<ThrowingCallable> calls = List.of(
                    () -> consumer.subscribe(List.of("orders")),
                    () -> consumer.subscribe(Pattern.compile("orders")),
                    () -> consumer.subscribe(TopicPattern.of(Pattern.compile("orders"))),
                    () -> consumer.subscribe(new SubscriptionPattern("orders")),
                    () -> consumer.assign(List.of(new TopicPartition("orders", 0))),
                    consumer::enforceRebalance,
                    consumer::unsubscribe,
                    () -> consumer.poll(Duration.ZERO));
            assertThat(calls).allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(ClientClosedException.class));
        });
    }

    @Test
    void subscriptionsAndAssignmentsByHandRuleEachOtherOut() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(Pattern.compile("orders.*"));
                assertThatThrownBy(() -> consumer.assign(List.of(new TopicPartition("orders", 0)))).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("/orders.*/").hasMessageContaining("unsubscribe()");
                consumer.unsubscribe();
                consumer.assign(List.of(new TopicPartition("orders", 0)));

                assertThatThrownBy(() -> consumer.subscribe(Pattern.compile("orders.*"))).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("unsubscribe()");
            }
        });
    }

    @Test
    void refusalOfATopicThatIsNotSubscribedToAnyMoreIsNotTold() {
        GroupRun.of(run -> {
            forbid(run, "secret");
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(List.of("orders", "secret"));
                run.simulation().sleep(Duration.ofSeconds(1));

                consumer.subscribe(List.of("orders"));
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                consumer.subscribe(List.of("orders", "secret"));

                assertThat(failureOf(() -> run.pollFor(Duration.ofSeconds(10), consumer))).hasMessageContaining("'secret'");
            }
        });
    }
}
