package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.AcknowledgeType.ACCEPT;
import static dev.kafkaboot.client.consumer.AcknowledgeType.RENEW;
import static dev.kafkaboot.client.consumer.ShareGroups.commit;
import static dev.kafkaboot.client.consumer.ShareGroups.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.ShareSessionLostException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Share consumers on scripted brokers: what is sent, and what becomes of it when things go wrong. */
@Timeout(60)
class ShareConsumerTest {

    private static final TopicIdPartition FIRST = new TopicIdPartition(ScriptedShare.TOPIC_ID, new TopicPartition(ScriptedBrokers.TOPIC, 0));

    private final ScriptedBrokers brokers = ScriptedBrokers.start(2, 1);
    private final ScriptedShare share = new ScriptedShare(brokers, 1);

    @AfterEach
    void stop() throws Exception {
        brokers.close();
    }

    private ShareConsumerBuilder<String, String> member(ShareAcknowledgementMode mode) {
        return KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(brokers.bootstrapServers()).groupId(ScriptedBrokers.GROUP).acknowledgementMode(mode)
                .config("retry.backoff.ms", 10).config("retry.backoff.max.ms", 50).config("fetch.max.wait.ms", 50);
    }

    private KafkaShareConsumer<String, String> explicit() {
        return ShareGroups.subscribed(member(ShareAcknowledgementMode.EXPLICIT), ScriptedBrokers.TOPIC);
    }

    private KafkaShareConsumer<String, String> implicit() {
        return ShareGroups.subscribed(member(ShareAcknowledgementMode.IMPLICIT), ScriptedBrokers.TOPIC);
    }

    private static void acceptAll(KafkaShareConsumer<String, String> consumer, List<ConsumerRecord<String, String>> records) {
        records.forEach(consumer::acknowledge);
    }

    private static Optional<ErrorCode> error(Map<TopicIdPartition, Optional<KafkaException>> outcome) {
        return outcome.get(FIRST).map(KafkaException::errorCode);
    }

    /** Takes no acknowledgement of the partition. */
    private ScriptedBrokers.Answer refusal(ErrorCode error) {
        return asked -> {
            share.answeredElsewhere(asked.node());
            return new ShareAcknowledgeResponse().responses(List.of(new ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse()
                    .topicId(ScriptedShare.TOPIC_ID).partitions(List.of(new ShareAcknowledgeResponse.PartitionData().errorCode(error.code())))));
        };
    }

    /** Acquires, and tells nothing but an error of the partition. */
    private ScriptedBrokers.Answer fetchRefusal(ErrorCode error) {
        return asked -> {
            share.fetch(asked);
            return new ShareFetchResponse().responses(List.of(new ShareFetchResponse.ShareFetchableTopicResponse().topicId(ScriptedShare.TOPIC_ID)
                    .partitions(List.of(new ShareFetchResponse.PartitionData().errorCode(error.code())))));
        };
    }

    @Test
    void acknowledgementsRideOnTheNextFetch() throws Exception {
        brokers.logs().append(0, "a", "b");

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("a", "b");
            brokers.drain(ApiKey.SHARE_FETCH);
            consumer.poll(Duration.ofMillis(20));

            ShareFetchRequest second = brokers.next(ApiKey.SHARE_FETCH).as(ShareFetchRequest.class);
            assertThat(second.topics().get(0).partitions().get(0).acknowledgementBatches()).singleElement().satisfies(batch -> {
                assertThat(batch.firstOffset()).isZero();
                assertThat(batch.lastOffset()).isEqualTo(1);
                assertThat(batch.acknowledgeTypes()).containsExactly(ACCEPT.id());
            });
            assertThat(brokers.drain(ApiKey.SHARE_ACKNOWLEDGE)).isEmpty();
        }
    }

    @Test
    void recordWhoseLockTimedOutComesAgainAndItsLateAcknowledgementIsRefused() throws Exception {
        brokers.logs().append(0, "a");
        Queue<Optional<KafkaException>> told = new ConcurrentLinkedQueue<>();

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            consumer.acknowledgementCommitCallback((offsets, failure) -> told.add(Optional.ofNullable(failure)));
            acceptAll(consumer, poll(consumer));
            share.expire();

            Map<TopicIdPartition, Optional<KafkaException>> outcome = consumer.commit();
            ScriptedConsumers.await(() -> !told.isEmpty());

            assertThat(error(outcome)).contains(ErrorCode.INVALID_RECORD_STATE);
            assertThat(told.peek()).get().isInstanceOfSatisfying(BrokerException.class, failure -> {
                assertThat(failure.errorCode()).isEqualTo(ErrorCode.INVALID_RECORD_STATE);
                assertThat(failure).hasMessageContaining("orders-0");
            });
            assertThat(poll(consumer)).singleElement().satisfies(record -> assertThat(record.deliveryCount()).contains((short) 2));
        }
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"})
    void acknowledgementThatCameToNothingForNowIsSentAgain(ErrorCode passing) throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            acceptAll(consumer, poll(consumer));
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, refusal(passing));
            commit(consumer);

            assertThat(share.history()).contains("0:0=1");
        }
    }

    @Test
    void acknowledgementOfAPartitionWhoseLeaderMovedIsNotTakenForDone() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            brokers.logs().change(0, log -> log.lead(2));
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, refusal(ErrorCode.NOT_LEADER_OR_FOLLOWER));
            acceptAll(consumer, records);

            assertThat(error(consumer.commit())).contains(ErrorCode.NOT_LEADER_OR_FOLLOWER);
            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertThat(again).as("the new leader delivers it again").singleElement()
                    .satisfies(record -> assertThat(record.deliveryCount()).contains((short) 2));
            acceptAll(consumer, again);
            commit(consumer);
        }
    }

    @Test
    void lostSessionFailsWhatWasAcquiredInItAndAnotherBegins() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            acceptAll(consumer, records);
            share.forgetSessions();
            share.expire();

            assertThat(consumer.commit().get(FIRST)).get().asString().contains("SHARE_SESSION_NOT_FOUND"); // that a fetch was told before may have ended the session
            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertThat(ShareGroups.values(again)).containsExactly("a");
            acceptAll(consumer, again);
            commit(consumer);
            assertThat(share.history()).containsSubsequence("session 1", "session 1", "0:0=1");
        }
    }

    @Test
    void acknowledgementWhoseConnectionDiesIsNotTakenForDone() throws Exception {
        brokers.logs().append(0, "a", "b");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            consumer.acknowledge(records.get(0));
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, asked -> {
                throw new IOException("the connection dies");
            });

            assertThat(consumer.commit().get(FIRST)).isPresent();
            consumer.acknowledge(records.get(1));
            assertThat(consumer.commit().get(FIRST)).get().isInstanceOf(ShareSessionLostException.class);
        }
    }

    @Test
    void memberThatIsDroppedJoinsAgainAndItsRecordsStayItsOwn() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            brokers.once(ApiKey.SHARE_GROUP_HEARTBEAT, asked -> new ShareGroupHeartbeatResponse().errorCode(ErrorCode.UNKNOWN_MEMBER_ID.code()));
            ScriptedConsumers.await(() -> share.history().stream().filter("join"::equals).count() == 2);
            acceptAll(consumer, records);
            commit(consumer);
            brokers.logs().append(0, "b");

            assertThat(ShareGroups.values(poll(consumer))).containsExactly("b");
        }
    }

    @Test
    void refusedMemberTellsWhyAndJoinsAgainLater() throws Exception {
        brokers.logs().append(0, "a");
        brokers.once(ApiKey.SHARE_GROUP_HEARTBEAT, asked -> new ShareGroupHeartbeatResponse().errorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code()));

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOf(BrokerException.class).hasMessageContaining("GROUP_AUTHORIZATION_FAILED").hasMessageContaining("billing");
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("a");
        }
    }

    @Test
    void renewalsAreMarkedAndWhatIsSaidLaterIsSentLater() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            consumer.acknowledge(records.get(0), RENEW);
            CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> renewed = consumer.commitAsync();
            consumer.acknowledge(records.get(0));
            commit(consumer);

            assertThat(renewed.join()).containsExactly(Map.entry(FIRST, Optional.empty()));
            assertThat(brokers.next(ApiKey.SHARE_ACKNOWLEDGE).as(ShareAcknowledgeRequest.class).isRenewAck()).isTrue();
            assertThat(brokers.next(ApiKey.SHARE_ACKNOWLEDGE).as(ShareAcknowledgeRequest.class).isRenewAck()).isFalse();
            assertThat(share.history()).containsSubsequence("0:0=4", "0:0=1");
        }
    }

    @Test
    void renewalThatComesToNothingTakesNothingFromALaterDeliveryOfTheRecord() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = ShareGroups.subscribed(member(ShareAcknowledgementMode.EXPLICIT)
                .config("retry.backoff.ms", 300).config("retry.backoff.max.ms", 300), ScriptedBrokers.TOPIC)) {
            consumer.acknowledge(poll(consumer).get(0), RENEW);
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)); // and it is not said again of what was delivered anew
            CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> renewed = consumer.commitAsync();
            brokers.next(ApiKey.SHARE_ACKNOWLEDGE);
            share.expire();
            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertThat(error(renewed.join())).contains(ErrorCode.INVALID_RECORD_STATE);

            acceptAll(consumer, again);
            commit(consumer);
        }
    }

    @Test
    void recordThatIsAcknowledgedTooLateTakesNoOtherWithIt() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> late = poll(consumer);
            brokers.logs().append(0, "b");
            List<ConsumerRecord<String, String>> inTime = CompletableFuture.supplyAsync(() -> poll(consumer)).join();
            share.giveToAnother(0, 0);
            acceptAll(consumer, late);
            acceptAll(consumer, inTime);

            assertThat(error(consumer.commit())).contains(ErrorCode.INVALID_RECORD_STATE);
            assertThat(share.history()).contains("0:1=1").doesNotContain("0:0=1");
        }
    }

    @Test
    void recordThatABrokerKnowsNothingOfTakesNoOtherWithIt() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> unknown = poll(consumer);
            brokers.logs().append(0, "b");
            List<ConsumerRecord<String, String>> known = CompletableFuture.supplyAsync(() -> poll(consumer)).join();
            share.giveToAnother(0, 0);
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, refusal(ErrorCode.INVALID_REQUEST)); // a leader that has loaded the partition anew says so
            acceptAll(consumer, unknown);
            acceptAll(consumer, known);

            assertThat(error(consumer.commit())).isPresent();
            assertThat(share.history()).contains("0:1=1").doesNotContain("0:0=1");
        }
    }

    @Test
    void recordWhoseLockWasRenewedIsAcknowledgedAlthoughThoseThatCameWithItAreTooLate() throws Exception {
        brokers.logs().append(0, "a", "b");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            assertThat(records).as("acquired together").hasSize(2);
            consumer.acknowledge(records.get(1), RENEW);
            commit(consumer);
            share.giveToAnother(0, 0);
            acceptAll(consumer, records);

            assertThat(error(consumer.commit())).contains(ErrorCode.INVALID_RECORD_STATE);
            assertThat(share.history()).contains("0:1=1").doesNotContain("0:0=1");
        }
    }

    @Test
    void corruptBatchIsToldAndReleased() throws Exception {
        brokers.logs().append(0, "a");
        brokers.logs().append(0, "b");
        brokers.logs().change(0, log -> log.damage(1));

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            acceptAll(consumer, poll(consumer));
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(CorruptBatchException.class, failure -> {
                        assertThat(failure.offset()).isEqualTo(1);
                        assertThat(failure.acquired()).isEqualTo(Map.of(1L, 1));
                    });
            consumer.commit();

            assertThat(share.history()).contains("0:0=1", "0:1=2");
        }
    }

    @Test
    void errorOfAPartitionIsTold() throws Exception {
        brokers.once(ApiKey.SHARE_FETCH, fetchRefusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED));

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOf(BrokerException.class).hasMessageContaining("orders-0").hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
            brokers.logs().append(0, "a");
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("a");
        }
    }

    @Test
    void troubleThatABrokerCannotNameIsNotThrownFromPollsWhichFetchAgain() throws Exception {
        brokers.once(ApiKey.SHARE_FETCH, fetchRefusal(ErrorCode.UNKNOWN_SERVER_ERROR), asked -> {
            brokers.logs().append(0, "a");
            return new ShareFetchResponse().errorCode(ErrorCode.UNKNOWN_SERVER_ERROR.code());
        });

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("a");
        }
    }

    @Test
    void commitThatIsNotAnsweredInTimeSaysSo() throws Exception {
        brokers.logs().append(0, "a", "b");
        CountDownLatch answer = new CountDownLatch(1);

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            consumer.acknowledge(records.get(0));
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, ScriptedBrokers.after(answer, share::acknowledge));

            assertThat(consumer.commit(Duration.ofMillis(20)).get(FIRST)).get()
                    .isInstanceOf(TimeoutException.class).asString().contains("20 ms", "broker 1", "orders-0");

            consumer.acknowledge(records.get(1));
            CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> later = consumer.commitAsync();
            answer.countDown();
            assertThat(later.join()).containsExactly(Map.entry(FIRST, Optional.empty()));
            assertThat(share.history()).containsSubsequence("0:0=1", "0:1=1");
        }
    }

    @Test
    void whatWasToBeReleasedInASessionThatEndsBeforeIsNotWaitedForByLaterCommits() throws Exception {
        brokers.logs().append(0, "a", "b");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            consumer.acknowledge(poll(consumer).get(0));
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, asked -> {
                ScriptedConsumers.await(() -> consumer.subscription().isEmpty());
                consumer.subscribe(List.of(ScriptedBrokers.TOPIC)); // the loop hears of it after it has begun to leave
                throw new IOException("the connection dies");
            });
            CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> accepted = consumer.commitAsync();

            consumer.unsubscribe();

            assertThat(accepted.join().get(FIRST)).isPresent();
            assertThat(consumer.commit(Duration.ofSeconds(2))).isEmpty();
        }
    }

    @Test
    void subscriptionThatIsMadeWhileTheOneBeforeIsGivenUpIsRead() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            poll(consumer);
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, asked -> {
                consumer.subscribe(List.of(ScriptedBrokers.TOPIC));
                return share.acknowledge(asked);
            });
            consumer.unsubscribe();

            assertThat(consumer.subscription()).containsExactly(ScriptedBrokers.TOPIC);
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("a");
        }
    }

    @Test
    void secondUnsubscribeKeepsTheFirstFromNothing() throws Exception {
        brokers.logs().append(0, "a");
        Duration longerThanTheTest = Duration.ofMinutes(10);

        try (KafkaShareConsumer<String, String> consumer = ShareGroups.subscribed(
                member(ShareAcknowledgementMode.EXPLICIT).config("default.api.timeout.ms", longerThanTheTest), ScriptedBrokers.TOPIC)) {
            poll(consumer);
            brokers.once(ApiKey.SHARE_ACKNOWLEDGE, asked -> {
                Thread.currentThread().interrupt(); // so that the second call is made, and not waited for
                assertThatThrownBy(consumer::unsubscribe).isInstanceOf(InterruptException.class);
                assertThat(Thread.interrupted()).isTrue();
                return share.acknowledge(asked);
            });
            consumer.unsubscribe();

            assertThat(share.history()).containsSubsequence("closed 1", "leave");
        }
    }

    @Test
    void closingSendsWhatIsAcknowledgedReleasesTheRestAndLeaves() throws Exception {
        brokers.logs().append(0, "a", "b", "c");

        try (KafkaShareConsumer<String, String> consumer = explicit()) {
            consumer.acknowledge(poll(consumer).get(1));
        }

        assertThat(share.history()).containsExactly("join", "session 1", "0:1=1", "closed 1", "0:0=2", "0:2=2", "leave");
    }

    @Test
    void closingBeforeAnythingAndAgainDoesNothing() {
        KafkaShareConsumer<String, String> consumer = explicit();

        consumer.close();
        consumer.close();

        assertThat(share.history()).isEmpty();
        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void closingEndsAPollThatWaitsAndIsBoundedWhenABrokerIsSilent() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        brokers.always(ApiKey.SHARE_FETCH, ScriptedBrokers.after(answer, share::fetch));
        KafkaShareConsumer<String, String> consumer = explicit();
        CompletableFuture<Void> polling = CompletableFuture.runAsync(() -> consumer.poll(Duration.ofSeconds(30)));
        brokers.next(ApiKey.SHARE_FETCH);

        consumer.close(Duration.ofMillis(200));

        assertThatThrownBy(polling::join).hasCauseInstanceOf(ClientClosedException.class);
        ScriptedConsumers.await(() -> share.history().contains("leave"));
        answer.countDown();
    }

    @Test
    void implicitModeRefusesToAcknowledgeOneByOne() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            List<ConsumerRecord<String, String>> records = poll(consumer);

            assertThatThrownBy(() -> consumer.acknowledge(records.get(0)))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("share.acknowledgement.mode=explicit");
        }
    }

    @Test
    void keysOfOtherConsumersAreRefusedAllAtOnce() {
        ShareConsumerBuilder<String, String> builder = KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                .config("auto.offset.reset", "earliest").config("group.protocol", "consumer");

        assertThatThrownBy(builder::build).isInstanceOf(ConfigException.class)
                .hasMessageContaining("share.auto.offset.reset").hasMessageContaining("group.protocol").hasMessageContaining("group.id")
                .hasMessageContaining("bootstrap.servers");
    }
}
