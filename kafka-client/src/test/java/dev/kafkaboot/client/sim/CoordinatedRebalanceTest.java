package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.GROUP;
import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static dev.kafkaboot.client.sim.GroupRun.failureOf;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a member makes what it has what the coordinator has assigned to it (KIP-848), and what becomes of commits meanwhile. */
class CoordinatedRebalanceTest {

    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);
    private static final Set<TopicPartition> BOTH = Set.of(FIRST, SECOND);

    @Test
    void partitionIsTakenOverOnlyWhenItsOwnersListenerHasLetItGo() {
        GroupRun.of(run -> {
            AtomicReference<KafkaConsumer<String, String>> self = new AtomicReference<>();
            List<String> order = new ArrayList<>();
            Events slow = new Events() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    super.onPartitionsRevoked(partitions);
                    assertThat(self.get().assignment()).as("what goes is assigned still").containsAll(partitions);
                    run.simulation().sleep(GroupRun.SESSION.multipliedBy(2));
                    order.add("revoked");
                }
            };
            Events quick = new Events() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    super.onPartitionsAssigned(partitions);
                    if (!partitions.isEmpty()) { // at first it hears that there is nothing for it
                        order.add("assigned");
                    }
                }
            };
            try (KafkaConsumer<String, String> first = run.member(slow); KafkaConsumer<String, String> second = run.member(quick)) {
                self.set(first);
                pollUntil(() -> slow.heard.size() == 1, first);

                pollUntil(() -> !second.assignment().isEmpty(), first, second);

                assertThat(order).as("though it took two sessions").containsExactly("revoked", "assigned");
                run.pollFor(Duration.ofSeconds(5), first, second);
                assertThat(first.assignment()).hasSize(1).doesNotContainAnyElementsOf(second.assignment());
                assertThat(slow.take()).as("what stays was not touched").hasSize(2).doesNotContain("lost" + List.copyOf(first.assignment()));
                assertThat(quick.take()).hasSize(2);
            }
        });
    }

    @Test
    void whatIsFinishedIsCommittedBeforeAPartitionGoesAndTheNextOwnerReadsOnFromThere() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> first = run.builder().autoCommit(true).config("auto.commit.interval.ms", 600_000).build();
                    KafkaConsumer<String, String> second = run.member(new Events())) {
                first.subscribe(List.of(TOPIC), events);
                run.cluster(cluster -> {
                    cluster.log(TOPIC, 0).append(null, "a");
                    cluster.log(TOPIC, 1).append(null, "b");
                });
                List<String> values = new ArrayList<>();
                pollUntil(() -> {
                    first.poll(Duration.ofMillis(50)).forEach(record -> values.add(record.value()));
                    return values.size() == 2;
                });

                assertThat(pollUntil(() -> second.assignment().size() == 1 && first.assignment().size() == 1, first, second)).isEmpty();
                assertThat(run.pollFor(Duration.ofSeconds(5), first, second)).as("everything is read once").isEmpty();
                TopicPartition moved = second.assignment().iterator().next();
                assertThat(run.committed(moved.partition())).isOne();
            }
        });
    }

    @Test
    void stuckApplicationLeavesAndJoinsAgainWithTheNextPoll() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().maxPollInterval(Duration.ofSeconds(20)).build()) {
                consumer.subscribe(List.of(TOPIC), events);
                pollUntil(() -> !events.heard.isEmpty(), consumer);
                run.simulation().sleep(Duration.ofSeconds(15));
                assertThat(run.members()).as("it is not late yet, and its heartbeats go on").isOne();
                run.heartbeats();
                run.simulation().sleep(Duration.ofSeconds(6));

                assertThat(run.members()).isZero();
                List<ConsumerGroupHeartbeatRequest> told = run.heartbeats();
                assertThat(told.get(told.size() - 1).memberEpoch()).isEqualTo(-1);
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "lost[orders-0, orders-1]");

                pollUntil(() -> !events.heard.isEmpty(), consumer);
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");
            }
        });
    }

    @Test
    void staticMemberKeepsItsPartitionsWhileItIsRestarted() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> other = run.member(new Events())) {
                KafkaConsumer<String, String> first = run.builder().groupInstanceId("one").build();
                first.subscribe(List.of(TOPIC));
                pollUntil(() -> first.assignment().size() == 1 && other.assignment().size() == 1, first, other);
                run.pollFor(Duration.ofSeconds(2), first, other);
                Set<TopicPartition> had = first.assignment();
                Set<TopicPartition> others = other.assignment();
                assertThat(first.groupMetadata().groupInstanceId()).isEqualTo("one");
                run.heartbeats();

                first.close();

                assertThat(run.heartbeats()).anySatisfy(last -> {
                    assertThat(last.memberEpoch()).isEqualTo(-2);
                    assertThat(last.instanceId()).isEqualTo("one");
                });
                run.pollFor(Duration.ofSeconds(3), other);
                assertThat(other.assignment()).as("nothing moves while it is gone").isEqualTo(others);
                try (KafkaConsumer<String, String> again = run.builder().groupInstanceId("one").build()) {
                    again.subscribe(List.of(TOPIC));
                    pollUntil(() -> !again.assignment().isEmpty(), again, other);
                    assertThat(again.assignment()).isEqualTo(had);
                }
            }
        });
    }

    @Test
    void secondHolderOfAnInstanceIdIsRefusedAndTheFirstStays() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> first = run.builder().groupInstanceId("one").build();
                    KafkaConsumer<String, String> second = run.builder().groupInstanceId("one").build()) {
                first.subscribe(List.of(TOPIC), events);
                second.subscribe(List.of(TOPIC));
                pollUntil(() -> !events.heard.isEmpty(), first);

                assertThat(failureOf(() -> second.poll(Duration.ofSeconds(5))).errorCode()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
                run.pollFor(Duration.ofSeconds(5), first);
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");
            }
        });
    }

    @Test
    void topicWhoseIdIsNotKnownIsWaitedForAndTheOthersAreRead() {
        GroupRun.of(run -> {
            run.cluster(cluster -> {
                cluster.createTopic("returns", 1);
                cluster.log(TOPIC, 0).append(null, "a");
                cluster.on(MetadataRequest.class).always().change(response -> {
                    response.topics().removeIf(topic -> "returns".equals(topic.name()));
                    return response;
                });
            });
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(List.of(TOPIC, "returns"), events);
                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).containsExactly("a");
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");

                run.cluster(FakeKafka::clearRules);

                pollUntil(() -> !events.heard.isEmpty(), consumer);
                assertThat(events.take()).containsExactly("assigned[returns-0]");
            }
        });
    }

    @Test
    void topicThatMetadataLacksForAWhileIsKept() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> !events.heard.isEmpty(), consumer);
                run.cluster(cluster -> cluster.on(MetadataRequest.class).always().change(response -> {
                    response.topics().forEach(topic -> topic.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()).topicId(Uuid.ZERO).partitions(List.of()));
                    return response;
                }));
                run.pollFor(Duration.ofSeconds(10), consumer);
                run.cluster(cluster -> cluster.group(GROUP).rebalance());
                run.pollFor(Duration.ofSeconds(10), consumer);
                run.cluster(FakeKafka::clearRules);
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));

                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).containsExactly("a");
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]");
            }
        });
    }

    @Test
    void topicThatIsMadeAnewIsAnotherTopic() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "old"));
                assertThat(pollUntil(() -> !events.heard.isEmpty(), consumer)).isSubsetOf("old");
                run.pollFor(Duration.ofSeconds(2), consumer);
                run.cluster(cluster -> {
                    cluster.deleteTopic(TOPIC);
                    cluster.createTopic(TOPIC, 2);
                    cluster.log(TOPIC, 0).append(null, "new");
                });

                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).containsExactly("new");
                assertThat(events.take()).containsExactly(
                        "assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]", "assigned[orders-0, orders-1]");
            }
        });
    }

    @Test
    void positionInATopicThatIsMadeAnewIsNotCommittedForTheNewOne() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().autoCommit(true).config("auto.commit.interval.ms", 3_600_000).build()) {
                consumer.subscribe(List.of(TOPIC), events);
                run.cluster(cluster -> List.of("a", "b", "c").forEach(value -> cluster.log(TOPIC, 0).append(null, value)));
                assertThat(run.pollFor(Duration.ofSeconds(5), consumer)).containsExactly("a", "b", "c");
                run.cluster(cluster -> {
                    cluster.deleteTopic(TOPIC);
                    cluster.createTopic(TOPIC, 2);
                    List.of("1", "2", "3", "4", "5").forEach(value -> cluster.log(TOPIC, 0).append(null, value));
                });

                assertThat(run.pollFor(Duration.ofSeconds(10), consumer)).containsExactly("1", "2", "3", "4", "5");
            }
        });
    }

    @Test
    void subscriptionThatChangesIsToldAtOnceAndWhatIsNotWantedGoes() {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.createTopic("returns", 1));
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> !events.heard.isEmpty(), consumer);
                run.pollFor(Duration.ofSeconds(2), consumer);
                consumer.subscribe(List.of("returns"), events);
                run.heartbeats();
                run.pollFor(Duration.ofSeconds(3), consumer);

                assertThat(run.heartbeats().get(0).subscribedTopicNames()).containsExactly("returns");
                assertThat(consumer.assignment()).containsExactly(new TopicPartition("returns", 0));
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]", "assigned[returns-0]");
            }
        });
    }

    @Test
    void commitWithTheEpochBeforeIsMadeAgainWithTheNext() {
        GroupRun.of(run -> {
            List<Integer> epochs = new ArrayList<>();
            try (KafkaConsumer<String, String> consumer = run.member(new Events())) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.pollFor(Duration.ofSeconds(2), consumer);
                run.cluster(cluster -> {
                    cluster.on(OffsetCommitRequest.class).always().when(request -> {
                        epochs.add(request.generationIdOrMemberEpoch());
                        return false;
                    }).before(request -> { });
                    cluster.group(GROUP).rebalance(); // the next heartbeat raises the epoch, and its answer is lost
                    cluster.on(ConsumerGroupHeartbeatRequest.class).cutAfter();
                    cluster.on(OffsetCommitRequest.class).times(2).fail(ErrorCode.STALE_MEMBER_EPOCH);
                });

                consumer.commit();

                assertThat(run.committed(0)).isOne();
                assertThat(epochs).hasSizeGreaterThan(2).doesNotContain(-1);
                assertThat(epochs.get(epochs.size() - 1)).isEqualTo(epochs.get(0) + 1);
            }
        });
    }

    @Test
    void transactionCommitsOffsetsInTheMembersEpochAndNotWhenItIsNoneAnyMore() {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.member(new Events());
                    KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                            .connections(run.process().connections()).transactionalId("copier").build()) {
                producer.initTransactions();
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                ConsumerGroupMetadata member = consumer.groupMetadata();

                producer.inTransaction(transaction -> transaction.sendOffsets(Map.of(FIRST, new OffsetAndMetadata(1)), member));

                assertThat(run.committed(0)).isOne();
                run.cluster(cluster -> cluster.group(GROUP).expire(member.memberId()));
                assertThat(failureOf(() -> producer.inTransaction(
                        transaction -> transaction.sendOffsets(Map.of(FIRST, new OffsetAndMetadata(2)), member)))).isInstanceOf(CommitFailedException.class);
                assertThat(run.committed(0)).isOne();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_MEMBER_ID", "FENCED_MEMBER_EPOCH", "GROUP_ID_NOT_FOUND", "FENCED_INSTANCE_ID"})
    void commitOfWhoIsNoMemberFailsAsOne(ErrorCode error) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.member(new Events())) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.on(OffsetCommitRequest.class).fail(error));

                assertThat(failureOf(consumer::commit)).isInstanceOf(CommitFailedException.class);
            }
        });
    }

    @Test
    void whoIsDroppedUnnoticedFindsOutWithItsCommitAndReadsAgainWhatIsNotCommitted() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> cluster.group(GROUP).expire(consumer.groupMetadata().memberId()));

                assertThat(failureOf(consumer::commit)).isInstanceOf(CommitFailedException.class);

                assertThat(pollUntil(() -> events.heard.size() == 3, consumer)).isSubsetOf("a");
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "lost[orders-0, orders-1]", "assigned[orders-0, orders-1]");
            }
        });
    }

    /** Found with seed 1066 of {@link GroupUnderFaultsTest}: it closed as if it still had them, because its heartbeats came to nothing just then. */
    @Test
    void whoIsToldByACommitThatItWasDroppedHasLostItsPartitionsThoughItsHeartbeatsFail() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
                pollUntil(() -> !consumer.poll(Duration.ofMillis(300)).isEmpty());
                run.cluster(cluster -> {
                    cluster.group(GROUP).expire(consumer.groupMetadata().memberId());
                    cluster.on(ConsumerGroupHeartbeatRequest.class).always().fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
                });
                run.simulation().sleep(Duration.ofSeconds(3));

                assertThat(failureOf(consumer::commit)).isInstanceOf(CommitFailedException.class);
                consumer.close(Duration.ofSeconds(2));

                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "lost[orders-0, orders-1]");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"STALE_MEMBER_EPOCH", "UNKNOWN_MEMBER_ID"})
    void committedOffsetsAreAskedForAgainWithTheNextEpoch(ErrorCode error) {
        GroupRun.of(run -> {
            List<Integer> epochs = new ArrayList<>();
            run.cluster(cluster -> {
                cluster.log(TOPIC, 0).append(null, "a");
                cluster.log(TOPIC, 0).append(null, "b");
                cluster.group(GROUP).commit(TOPIC, 0, 1);
                cluster.on(OffsetFetchRequest.class).always().when(request -> {
                    epochs.add(request.groups().get(0).memberEpoch());
                    return false;
                }).before(request -> { });
                cluster.on(OffsetFetchRequest.class).fail(error);
            });
            try (KafkaConsumer<String, String> consumer = run.member(new Events())) {
                assertThat(run.pollFor(Duration.ofSeconds(5), consumer)).containsExactly("b");

                assertThat(epochs).hasSizeGreaterThan(1).allSatisfy(epoch -> assertThat(epoch).isPositive());
            }
        });
    }

    @Test
    void closingLeavesAtOnceAndUnsubscribingToo() {
        GroupRun.of(run -> {
            KafkaConsumer<String, String> consumer = run.member(new Events());
            pollUntil(() -> consumer.assignment().equals(BOTH), consumer);
            consumer.unsubscribe();
            assertThat(run.members()).isZero();
            assertThat(consumer.assignment()).isEmpty();
            consumer.subscribe(List.of(TOPIC));
            pollUntil(() -> consumer.assignment().equals(BOTH), consumer);

            consumer.close();

            assertThat(run.members()).isZero();
        });
    }

    @Test
    void closingWhileAJoinIsUnderWayLeavesNobodyBehind() {
        GroupRun.of(run -> {
            run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).delayReply(Duration.ofSeconds(1)));
            KafkaConsumer<String, String> consumer = run.member(new Events());
            consumer.poll(Duration.ofMillis(300));
            assertThat(run.members()).isOne();

            consumer.close();

            assertThat(run.members()).isZero();
        });
    }

    @Test
    void closingEndsWithinItsLimitThoughNoCoordinatorIsThere() {
        GroupRun.of(run -> {
            KafkaConsumer<String, String> consumer = run.member(new Events());
            pollUntil(() -> !consumer.assignment().isEmpty(), consumer);
            run.cluster(cluster -> cluster.brokers().forEach(broker -> broker.kill()));
            long start = run.simulation().nowNanos();

            consumer.close(Duration.ofSeconds(4));

            assertThat(Duration.ofNanos(run.simulation().nowNanos() - start)).isLessThan(Duration.ofSeconds(6));
        });
    }
}
