package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.TopicPattern;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscribing to topics by what they are called, which the consumer finds by itself. */
class TopicPatternTest {

    private static final Pattern ORDERS = Pattern.compile("orders.*");

    /** Longer than {@code metadata.max.age.ms} and a few answers that lack a topic. */
    private static final Duration UNTIL_NOTICED = Duration.ofSeconds(6);

    private static KafkaConsumer<String, String> consumer(GroupRun run, GroupProtocol protocol) {
        return builder(run, protocol).build();
    }

    private static ConsumerBuilder<String, String> builder(GroupRun run, GroupProtocol protocol) {
        return run.builder().groupProtocol(protocol);
    }

    private static Set<String> topics(KafkaConsumer<String, String> consumer) {
        Set<String> topics = new java.util.TreeSet<>();
        consumer.assignment().forEach(partition -> topics.add(partition.topic()));
        return topics;
    }

    private static void create(GroupRun run, String... names) {
        run.cluster(cluster -> List.of(names).forEach(name -> cluster.createTopic(name, 1)));
    }

    /** Counts the questions for all topics. */
    private static AtomicInteger questionsForAll(GroupRun run) {
        AtomicInteger count = new AtomicInteger();
        run.cluster(cluster -> cluster.on(MetadataRequest.class).when(request -> request.topics() == null).always().before(request -> count.incrementAndGet()));
        return count;
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void topicsWhoseWholeNamesMatchAreReadAndNoOthers(GroupProtocol protocol) {
        GroupRun.of(run -> {
            create(run, "orders-eu", "old-orders", "returns");
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(ORDERS, events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1, orders-eu-0]");
                assertThat(consumer.subscription()).containsExactly("orders", "orders-eu");
                run.cluster(cluster -> cluster.log("orders-eu", 0).append("k", "a"));
                assertThat(pollUntil(() -> consumer.position(new dev.kafkaboot.client.TopicPartition("orders-eu", 0)) == 1, consumer)).containsExactly("a");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void topicThatComesIsReadAndOneThatGoesIsGivenUp(GroupProtocol protocol) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(ORDERS, events);
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                create(run, "orders-eu", "returns");
                run.cluster(cluster -> cluster.log("orders-eu", 0).append("k", "a"));
                assertThat(run.pollFor(UNTIL_NOTICED, consumer)).containsExactly("a");
                assertThat(topics(consumer)).containsExactly("orders", "orders-eu");
                run.cluster(cluster -> cluster.deleteTopic("orders-eu"));
                run.pollFor(UNTIL_NOTICED, consumer);

                assertThat(topics(consumer)).containsExactly("orders");
                assertThat(consumer.subscription()).containsExactly("orders");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void whatIsExcludedIsNotRead(GroupProtocol protocol) {
        GroupRun.of(run -> {
            create(run, "orders-test", "orders-eu", "orders-us");
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(TopicPattern.of(ORDERS).excluding(Pattern.compile(".*-test")).excluding("orders-us"::equals));
                run.pollFor(UNTIL_NOTICED, consumer);

                assertThat(topics(consumer)).containsExactly("orders", "orders-eu");
            }
        });
    }

    @Test
    void exclusionThatThrowsLeavesItsTopicOutAndTheOthersAreRead() {
        GroupRun.of(run -> {
            create(run, "orders-eu");
            Predicate<String> broken = name -> {
                if (name.equals("orders-eu")) {
                    throw new IllegalStateException("as asked for");
                }
                return false;
            };
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(TopicPattern.of(ORDERS).excluding(broken));
                run.pollFor(UNTIL_NOTICED, consumer);

                assertThat(topics(consumer)).containsExactly("orders");
            }
        });
    }

    @Test
    void topicsThatKafkaMadeForItselfDoNotMatchUnlessTheyMay() {
        GroupRun.of(run -> {
            Pattern all = Pattern.compile(".*");
            try (KafkaConsumer<String, String> without = builder(run, GroupProtocol.CLASSIC).groupId("without").build();
                    KafkaConsumer<String, String> with = builder(run, GroupProtocol.CLASSIC).groupId("with").config("exclude.internal.topics", false).build()) {
                without.subscribe(all);
                with.subscribe(all);
                pollUntil(() -> !without.assignment().isEmpty() && !with.assignment().isEmpty(), without, with);

                assertThat(topics(without)).containsExactly("orders");
                assertThat(topics(with)).contains("orders", "__consumer_offsets");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void allTopicsAreAskedForOnlyWhileAPatternIsSubscribedTo(GroupProtocol protocol) {
        GroupRun.of(run -> {
            AtomicInteger questions = questionsForAll(run);
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(List.of("orders"));
                run.pollFor(UNTIL_NOTICED, consumer);
                assertThat(questions).as("with a list").hasValue(0);

                consumer.subscribe(ORDERS);
                run.pollFor(UNTIL_NOTICED, consumer);
                assertThat(questions.getAndSet(0)).as("with a pattern").isPositive();

                consumer.subscribe(List.of("orders"));
                run.pollFor(UNTIL_NOTICED, consumer);
                consumer.unsubscribe();
                consumer.subscribe(ORDERS);
                consumer.unsubscribe();
                questions.set(0);
                run.simulation().sleep(UNTIL_NOTICED);
                assertThat(questions).as("when it is over").hasValue(0);
            }
        });
    }

    @Test
    void topicThatDoesNotMatchAndMayNotBeSeenDoesNotMatter() {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(MetadataRequest.class).when(request -> request.topics() == null).always().change(response -> {
                List<MetadataResponseTopic> topics = new ArrayList<>(response.topics());
                topics.add(new MetadataResponseTopic().name("secret").errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));
                return response.topics(topics);
            }));
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(ORDERS);

                run.pollFor(UNTIL_NOTICED, consumer);

                assertThat(topics(consumer)).containsExactly("orders");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void patternThatNothingMatchesYetIsAMemberAndGetsWhatComes(GroupProtocol protocol) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(Pattern.compile("invoices-.*"));
                run.pollFor(UNTIL_NOTICED, consumer);
                assertThat(consumer.groupMetadata().generationId()).as("a member").isPositive();

                create(run, "invoices-eu");
                run.pollFor(UNTIL_NOTICED, consumer);

                assertThat(topics(consumer)).containsExactly("invoices-eu");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void onePatternTakesThePlaceOfAnotherAndAListThatOfAPattern(GroupProtocol protocol) {
        GroupRun.of(run -> {
            create(run, "returns", "invoices");
            try (KafkaConsumer<String, String> consumer = consumer(run, protocol)) {
                consumer.subscribe(ORDERS);
                pollUntil(() -> topics(consumer).equals(Set.of("orders")), consumer);
                consumer.subscribe(Pattern.compile("returns|invoices"));
                pollUntil(() -> topics(consumer).equals(Set.of("returns", "invoices")), consumer);
                consumer.subscribe(List.of("invoices"));
                pollUntil(() -> topics(consumer).equals(Set.of("invoices")), consumer);

                create(run, "orders-eu");
                run.pollFor(UNTIL_NOTICED, consumer);
                assertThat(topics(consumer)).containsExactly("invoices");
                assertThat(consumer.subscription()).containsExactly("invoices");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void membersOfOneGroupShareWhatMatches(GroupProtocol protocol) {
        GroupRun.of(run -> {
            create(run, "orders-eu", "orders-us");
            try (KafkaConsumer<String, String> first = consumer(run, protocol); KafkaConsumer<String, String> second = consumer(run, protocol)) {
                first.subscribe(ORDERS);
                second.subscribe(ORDERS);

                pollUntil(() -> first.assignment().size() + second.assignment().size() == 4 && !first.assignment().isEmpty() && !second.assignment().isEmpty(),
                        first, second);
                create(run, "orders-jp");
                pollUntil(() -> first.assignment().size() + second.assignment().size() == 5, first, second);

                assertThat(first.assignment()).doesNotContainAnyElementsOf(second.assignment());
            }
        });
    }

    @Test
    void errorOfAnExclusionCostsItsTopicAndNotTheMetadataOfAllClients() {
        GroupRun.of(run -> {
            create(run, "orders-eu");
            Predicate<String> broken = name -> {
                if (name.equals("orders-eu")) {
                    throw new StackOverflowError("as asked for");
                }
                return false;
            };
            try (KafkaConsumer<String, String> consumer = consumer(run, GroupProtocol.CLASSIC)) {
                consumer.subscribe(TopicPattern.of(ORDERS).excluding(broken));

                run.pollFor(UNTIL_NOTICED, consumer);

                assertThat(topics(consumer)).containsExactly("orders");
            }
        });
    }
}
