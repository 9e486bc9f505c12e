package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Subscribing without a group: all partitions, and nothing is committed. */
class WithoutGroupTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);

    /** Longer than {@code metadata.max.age.ms} and a few answers that lack a topic. */
    private static final Duration UNTIL_NOTICED = Duration.ofSeconds(6);

    private static KafkaConsumer<String, String> consumer(GroupRun run, OffsetResetPolicy policy) {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).connections(run.process().connections()).autoOffsetReset(policy).build();
    }

    private static void write(GroupRun run, String topic, int partition, String value) {
        run.cluster(cluster -> cluster.log(topic, partition).append("k", value));
    }

    private static void grow(GroupRun run, int partitions) {
        run.process().connections().send(new CreatePartitionsRequest().timeoutMs(5_000).topics(
                List.of(new CreatePartitionsRequest.CreatePartitionsTopic().name("orders").count(partitions).assignments(null))));
        run.simulation().sleep(Duration.ofSeconds(1));
    }

    @Test
    void allPartitionsAreReadByEachAndNobodyAsksForACoordinator() {
        GroupRun.of(run -> {
            AtomicInteger questions = new AtomicInteger();
            run.cluster(cluster -> {
                cluster.on(FindCoordinatorRequest.class).always().before(request -> questions.incrementAndGet());
                cluster.on(OffsetCommitRequest.class).always().before(request -> questions.incrementAndGet());
            });
            write(run, "orders", 0, "a");
            write(run, "orders", 1, "b");
            Events events = new Events();
            try (KafkaConsumer<String, String> one = consumer(run, OffsetResetPolicy.EARLIEST);
                    KafkaConsumer<String, String> other = consumer(run, OffsetResetPolicy.EARLIEST)) {
                one.subscribe(List.of("orders"), events);
                other.subscribe(List.of("orders"));

                assertThat(run.pollFor(Duration.ofSeconds(6), one)).containsExactlyInAnyOrder("a", "b");
                assertThat(run.pollFor(Duration.ofSeconds(6), other)).containsExactlyInAnyOrder("a", "b");
                assertThat(one.subscription()).containsExactly("orders");
            }
            assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]");
            assertThat(questions).hasValue(0);
        });
    }

    /** What was written before this consumer heard of a partition would be read by nobody, if it began at the end. */
    @Test
    void partitionThatComesLaterIsReadFromItsFirstRecordThoughTheOthersBeginAtTheEnd() {
        GroupRun.of(run -> {
            write(run, "orders", 0, "before");
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.LATEST)) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                assertThat(consumer.position(FIRST)).isOne();

                grow(run, 3);
                write(run, "orders", 2, "unheard of");
                write(run, "orders", 0, "after");

                assertThat(run.pollFor(UNTIL_NOTICED, consumer)).containsExactlyInAnyOrder("unheard of", "after");
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "assigned[orders-2]");
            }
        });
    }

    @Test
    void topicThatIsNotThereYetIsReadFromItsFirstRecord() {
        GroupRun.of(cluster -> cluster.autoCreateTopics(false), run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.LATEST)) {
                consumer.subscribe(List.of("orders", "invoices"));
                run.pollFor(UNTIL_NOTICED, consumer);

                run.cluster(cluster -> cluster.createTopic("invoices", 1));
                write(run, "invoices", 0, "first");

                assertThat(run.pollFor(UNTIL_NOTICED, consumer)).containsExactly("first");
            }
        });
    }

    @Test
    void patternIsFollowedToo() {
        GroupRun.of(run -> {
            write(run, "orders", 0, "before");
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.LATEST)) {
                consumer.subscribe(Pattern.compile("orders.*"), events);
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                consumer.position(FIRST);

                run.cluster(cluster -> cluster.createTopic("orders-eu", 1));
                write(run, "orders-eu", 0, "first");
                assertThat(run.pollFor(UNTIL_NOTICED, consumer)).containsExactly("first");
                run.cluster(cluster -> cluster.deleteTopic("orders-eu"));
                run.pollFor(UNTIL_NOTICED, consumer);

                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "assigned[orders-eu-0]", "revoked[orders-eu-0]");
                assertThat(consumer.subscription()).containsExactly("orders");
            }
        });
    }

    @Test
    void topicThatIsMadeAnewIsReadFromItsFirstRecord() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.LATEST)) {
                consumer.subscribe(List.of("orders"));
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                consumer.position(FIRST);

                run.cluster(cluster -> {
                    cluster.deleteTopic("orders");
                    cluster.createTopic("orders", 2);
                });
                write(run, "orders", 0, "new");

                assertThat(run.pollFor(Duration.ofSeconds(15), consumer)).containsExactly("new");
            }
        });
    }

    @Test
    void anotherSubscriptionKeepsWhatIsInBothAndUnsubscribingEndsIt() {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.createTopic("returns", 1));
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.EARLIEST)) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                consumer.subscribe(List.of("orders", "returns"), events);
                pollUntil(() -> consumer.assignment().size() == 3, consumer);
                consumer.subscribe(List.of("returns"), events);
                pollUntil(() -> consumer.assignment().size() == 1, consumer);
                consumer.unsubscribe();

                assertThat(consumer.assignment()).isEmpty();
                assertThat(events.take()).containsExactly(
                        "assigned[orders-0, orders-1]", "assigned[returns-0]", "revoked[orders-0, orders-1]", "revoked[returns-0]");
                assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(IllegalStateException.class).hasMessageContaining("subscribe");
                consumer.assign(List.of(FIRST));
                assertThatThrownBy(() -> consumer.subscribe(List.of("orders"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("unsubscribe()");
            }
        });
    }

    @Test
    void closingWaitsForAnUnsubscribeThatIsUnderWayAndBeginsNothingNew() {
        GroupRun.of(run -> {
            write(run, "orders", 0, "a");
            Events events = new Events();
            KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.EARLIEST);
            consumer.subscribe(List.of("orders"), events);
            while (consumer.poll(Duration.ofMillis(300)).isEmpty()) {
                assertThat(run.simulation().nowNanos()).isLessThan(Duration.ofMinutes(10).toNanos());
            }
            AtomicBoolean closed = new AtomicBoolean();
            run.simulation().thread("unsubscribe", consumer::unsubscribe); // which waits for this thread's work
            run.simulation().sleep(Duration.ofMillis(100));
            Events later = new Events();
            consumer.subscribe(List.of("orders"), later);
            run.simulation().thread("close", () -> {
                consumer.close();
                closed.set(true);
            });
            run.simulation().sleep(Duration.ofSeconds(2));

            assertThat(closed).as("this thread is at work").isFalse();
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(ClientClosedException.class);
            run.simulation().sleep(Duration.ofSeconds(2));

            assertThat(closed).isTrue();
            assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]");
            assertThat(later.take()).isEmpty();
        });
    }

    @Test
    void whatNeedsAGroupIsRefusedAndNamesTheKey() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.EARLIEST)) {
                consumer.subscribe(List.of("orders"));
                pollUntil(() -> !consumer.assignment().isEmpty(), consumer);

                assertThatThrownBy(consumer::commit).isInstanceOf(IllegalStateException.class).hasMessage("commit needs a group: set group.id");
                assertThatThrownBy(() -> consumer.commit(Map.of(FIRST, new OffsetAndMetadata(1)))).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("group.id");
                assertThatThrownBy(() -> consumer.committed(java.util.Set.of(FIRST))).isInstanceOf(IllegalStateException.class).hasMessageContaining("group.id");
                assertThatThrownBy(consumer::groupMetadata).isInstanceOf(IllegalStateException.class).hasMessageContaining("group.id");
                assertThatThrownBy(consumer::enforceRebalance).isInstanceOf(IllegalStateException.class).hasMessageContaining("enforceRebalance")
                        .hasMessageContaining("group.id");
            }
        });
    }

    /** Refuses to show the topic as long as it is told to. */
    private static AtomicBoolean refuseOrders(GroupRun run, boolean fromNowOn) {
        AtomicBoolean refuses = new AtomicBoolean(fromNowOn);
        run.cluster(cluster -> cluster.on(MetadataRequest.class).when(request -> refuses.get()).always().change(response -> response.topics(List.of(
                new MetadataResponseTopic().name("orders").errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code())))));
        return refuses;
    }

    /** Polls for a while; polls may tell that the topic, or a partition of it, is refused. */
    private static List<String> pollInSpiteOfRefusals(GroupRun run, KafkaConsumer<String, String> consumer) {
        List<String> values = new ArrayList<>();
        long end = run.simulation().nowNanos() + UNTIL_NOTICED.toNanos();
        while (run.simulation().nowNanos() < end) {
            try {
                consumer.poll(Duration.ofMillis(300)).forEach(record -> values.add(record.value()));
            } catch (BrokerException refusal) {
                assertThat(refusal.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            }
        }
        return values;
    }

    @Test
    void topicThatIsRefusedForAWhileIsReadOnFromWhereItWas() {
        GroupRun.of(run -> {
            AtomicBoolean refuses = refuseOrders(run, false);
            write(run, "orders", 0, "before");
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.LATEST)) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                assertThat(consumer.position(FIRST)).isOne();

                refuses.set(true);
                List<String> meanwhile = pollInSpiteOfRefusals(run, consumer);
                refuses.set(false);
                write(run, "orders", 0, "after");

                assertThat(meanwhile).isEmpty();
                assertThat(pollInSpiteOfRefusals(run, consumer)).containsExactly("after");
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");
            }
        });
    }

    @Test
    void topicThatMayBeSeenLaterBeginsWhereTheOthersDo() {
        GroupRun.of(run -> {
            AtomicBoolean refuses = refuseOrders(run, true);
            write(run, "orders", 0, "before");
            try (KafkaConsumer<String, String> consumer = consumer(run, OffsetResetPolicy.LATEST)) {
                consumer.subscribe(List.of("orders"));
                assertThat(failureOf(() -> run.pollFor(UNTIL_NOTICED, consumer)).errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);

                refuses.set(false);
                List<String> atFirst = pollUntil(() -> consumer.assignment().size() == 2, consumer);
                assertThat(consumer.position(FIRST)).isOne();
                write(run, "orders", 0, "after");

                assertThat(atFirst).isEmpty();
                assertThat(run.pollFor(UNTIL_NOTICED, consumer)).containsExactly("after");
            }
        });
    }
}
