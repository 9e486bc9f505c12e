package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.GROUP;
import static dev.kafkaboot.client.sim.GroupRun.SESSION;
import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What applications do with groups of either protocol that librdkafka's and kafka-python's tests know to go wrong. */
class GroupScenariosTest {

    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);

    private static ConsumerBuilder<String, String> builder(GroupRun run, GroupProtocol protocol) {
        ConsumerBuilder<String, String> builder = run.builder().groupProtocol(protocol);
        return protocol == GroupProtocol.CLASSIC
                ? builder.config(Map.of("heartbeat.interval.ms", 500, "session.timeout.ms", SESSION.toMillis()))
                : builder;
    }

    private static List<String> append(GroupRun run, int count) {
        List<String> values = IntStream.range(0, count).mapToObj(i -> "order " + i).toList();
        run.cluster(cluster -> values.forEach(value -> cluster.log(TOPIC, Math.floorMod(value.hashCode(), 2)).append(null, value)));
        return values;
    }

    /** The application works for five sessions on what one poll brought, and the group does not care. */
    @ParameterizedTest
    @EnumSource
    void applicationThatIsSlowerThanItsSessionKeepsItsPartitions(GroupProtocol protocol) {
        GroupRun.of(run -> {
            Events events = new Events();
            Events others = new Events();
            try (KafkaConsumer<String, String> slow = builder(run, protocol).build(); KafkaConsumer<String, String> other = builder(run, protocol).build()) {
                slow.subscribe(List.of(TOPIC), events);
                other.subscribe(List.of(TOPIC), others);
                pollUntil(() -> slow.assignment().size() == 1 && other.assignment().size() == 1, slow, other);
                run.pollFor(Duration.ofSeconds(5), slow, other);
                Set<TopicPartition> had = slow.assignment();
                events.take();
                others.take();
                List<String> values = append(run, 20);
                List<String> read = new ArrayList<>(run.pollFor(Duration.ofSeconds(1), slow));

                run.simulation().sleep(SESSION.multipliedBy(5));

                assertThat(run.members()).isEqualTo(2);
                slow.commit();
                read.addAll(run.pollFor(Duration.ofSeconds(5), slow, other));
                assertThat(slow.assignment()).isEqualTo(had);
                assertThat(events.take()).isEmpty();
                assertThat(others.take()).isEmpty();
                assertThat(read).containsExactlyInAnyOrderElementsOf(values);
            }
        });
    }

    /** librdkafka 0050. */
    @ParameterizedTest
    @EnumSource
    void ofSubscriptionsThatFollowOneAnotherQuicklyTheLastHolds(GroupProtocol protocol) {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.createTopic("returns", 1));
            try (KafkaConsumer<String, String> consumer = builder(run, protocol).build()) {
                for (int i = 0; i < 20; i++) {
                    consumer.subscribe(i % 2 == 0 ? List.of("returns") : List.of(TOPIC, "returns"));
                    consumer.poll(Duration.ofMillis(i * 7L));
                }
                consumer.subscribe(List.of(TOPIC));
                run.cluster(cluster -> {
                    cluster.log(TOPIC, 0).append(null, "order");
                    cluster.log("returns", 0).append(null, "return");
                });

                assertThat(run.pollFor(Duration.ofSeconds(20), consumer)).containsExactly("order");
                assertThat(consumer.assignment()).containsExactlyInAnyOrder(FIRST, new TopicPartition(TOPIC, 1));
            }
        });
    }

    /** librdkafka 0118. */
    @ParameterizedTest
    @EnumSource
    void whatAListenerCommitsOnRevocationIsWhereTheNextOwnerBegins(GroupProtocol protocol) {
        GroupRun.of(run -> {
            AtomicReference<KafkaConsumer<String, String>> self = new AtomicReference<>();
            ConsumerRebalanceListener committing = new Events() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    self.get().commit();
                }
            };
            try (KafkaConsumer<String, String> first = builder(run, protocol).build(); KafkaConsumer<String, String> second = builder(run, protocol).build()) {
                self.set(first);
                first.subscribe(List.of(TOPIC), committing);
                List<String> values = append(run, 20);
                List<String> read = new ArrayList<>();
                while (read.size() < values.size()) {
                    first.poll(Duration.ofMillis(300)).forEach(record -> read.add(record.value()));
                }
                second.subscribe(List.of(TOPIC));

                read.addAll(pollUntil(() -> second.assignment().size() == 1, first, second));
                read.addAll(run.pollFor(Duration.ofSeconds(5), first, second));

                assertThat(read).containsExactlyInAnyOrderElementsOf(values);
            }
        });
    }

    /** librdkafka 0122: what was fetched before a partition went is not handed out behind it. */
    @ParameterizedTest
    @EnumSource
    void whatWasFetchedOfAPartitionThatWentIsDropped(GroupProtocol protocol) {
        GroupRun.of(run -> {
            List<String> values = append(run, 100);
            try (KafkaConsumer<String, String> first = builder(run, protocol).autoCommit(true).maxPollRecords(1).build();
                    KafkaConsumer<String, String> second = builder(run, protocol).autoCommit(true).maxPollRecords(1).build()) {
                first.subscribe(List.of(TOPIC));
                List<String> read = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    first.poll(Duration.ofMillis(300)).forEach(record -> read.add(record.value()));
                }
                second.subscribe(List.of(TOPIC));
                for (int polls = 0; read.size() < values.size() && polls < 1_000; polls++) {
                    for (KafkaConsumer<String, String> each : List.of(first, second)) {
                        each.poll(Duration.ofMillis(100)).forEach(record -> {
                            assertThat(each.assignment()).contains(new TopicPartition(record.topic(), record.partition()));
                            read.add(record.value());
                        });
                    }
                }

                assertThat(second.assignment()).hasSize(1);
                assertThat(read).containsExactlyInAnyOrderElementsOf(values);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void listenerThatThrowsDoesNotStopTheGroup(GroupProtocol protocol) {
        GroupRun.of(run -> {
            Events events = new Events() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    super.onPartitionsAssigned(partitions);
                    throw new IllegalStateException("assigned");
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    super.onPartitionsRevoked(partitions);
                    throw new IllegalStateException("revoked");
                }
            };
            List<String> values = append(run, 20);
            try (KafkaConsumer<String, String> first = builder(run, protocol).autoCommit(true).build();
                    KafkaConsumer<String, String> second = builder(run, protocol).autoCommit(true).build()) {
                first.subscribe(List.of(TOPIC), events);
                List<String> read = new ArrayList<>(pollUntil(() -> first.assignment().size() == 2, first));
                second.subscribe(List.of(TOPIC));
                read.addAll(pollUntil(() -> second.assignment().size() == 1, first, second));
                read.addAll(run.pollFor(Duration.ofSeconds(5), first, second));

                assertThat(events.take()).as("what it threw at").hasSizeGreaterThanOrEqualTo(2);
                assertThat(read).containsExactlyInAnyOrderElementsOf(values);
            }
        });
    }

    /** librdkafka 0099 and 0140. */
    @ParameterizedTest
    @EnumSource
    void whatIsSaidWithAnOffsetIsToldWithIt(GroupProtocol protocol) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = builder(run, protocol).build()) {
                consumer.subscribe(List.of(TOPIC));
                pollUntil(() -> consumer.assignment().size() == 2, consumer);

                consumer.commit(Map.of(FIRST, new OffsetAndMetadata(3, null, "up to invoice 7")));

                assertThat(consumer.committed(Set.of(FIRST)).get(FIRST)).satisfies(committed -> {
                    assertThat(committed.offset()).isEqualTo(3);
                    assertThat(committed.metadata()).isEqualTo("up to invoice 7");
                });
            }
        });
    }

    /** librdkafka 0045. Whoever shares the partitions out, the coordinator or the leader, takes it from its owner. */
    @ParameterizedTest
    @EnumSource
    void topicThatIsDeletedCostsTheOthersNothing(GroupProtocol protocol) {
        GroupRun.of(cluster -> cluster.autoCreateTopics(false), run -> {
            run.cluster(cluster -> cluster.createTopic("returns", 1));
            try (KafkaConsumer<String, String> consumer = builder(run, protocol).build()) {
                consumer.subscribe(List.of(TOPIC, "returns"));
                pollUntil(() -> consumer.assignment().size() == 3, consumer);
                run.cluster(cluster -> cluster.deleteTopic("returns"));
                List<String> read = new ArrayList<>(run.pollFor(Duration.ofSeconds(10), consumer));
                List<String> values = append(run, 10);
                read.addAll(run.pollFor(Duration.ofSeconds(5), consumer));
                assertThat(read).containsExactlyInAnyOrderElementsOf(values);

                assertThat(consumer.assignment()).containsExactlyInAnyOrder(FIRST, new TopicPartition(TOPIC, 1));
                assertThat(run.network().<String>ask(cluster -> cluster.group(GROUP).state())).isEqualToIgnoringCase("stable");
            }
        });
    }

    /** librdkafka 0143: the pauses grow, up to a second; who is answered at once does not ask at once again. */
    @ParameterizedTest
    @EnumSource
    void coordinatorThatIsNotReadyIsAskedLessAndLessOften(GroupProtocol protocol) {
        GroupRun.of(run -> {
            List<Long> times = new ArrayList<>();
            run.cluster(cluster -> {
                cluster.on(JoinGroupRequest.class).always().when(request -> times.add(run.simulation().nowNanos()))
                        .fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
                cluster.on(ConsumerGroupHeartbeatRequest.class).always().when(request -> times.add(run.simulation().nowNanos()))
                        .fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            });
            try (KafkaConsumer<String, String> consumer = builder(run, protocol).build()) {
                consumer.subscribe(List.of(TOPIC));
                run.pollFor(Duration.ofSeconds(20), consumer);
                List<Long> asked = List.copyOf(times);
                run.cluster(FakeKafka::clearRules);

                List<Long> pauses = IntStream.range(1, asked.size()).mapToObj(i -> (asked.get(i) - asked.get(i - 1)) / 1_000_000).toList();
                assertThat(pauses.get(0)).isBetween(50L, 200L);
                assertThat(pauses).hasSizeBetween(15, 40);
                assertThat(pauses.subList(8, pauses.size())).allSatisfy(pause -> assertThat(pause).isBetween(700L, 1_500L));
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
            }
        });
    }
}
