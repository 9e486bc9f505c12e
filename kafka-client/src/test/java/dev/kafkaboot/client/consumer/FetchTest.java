package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.await;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.LogTruncationException;
import dev.kafkaboot.client.OffsetOutOfRangeException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import dev.kafkaboot.protocol.message.FetchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the consumer does about every kind of answer to a fetch. */
@Timeout(60)
class FetchTest {

    private static final Uuid TOPIC_ID = new Uuid(7, 9);
    private static final Uuid NEW_TOPIC_ID = new Uuid(7, 10);

    private static ScriptedBrokers.Answer refuse(int partition, ErrorCode error) {
        return request -> answer(new PartitionData().partitionIndex(partition).errorCode(error.code()).highWatermark(-1));
    }

    private static FetchResponse answer(PartitionData data) {
        return new FetchResponse().responses(List.of(new FetchableTopicResponse().topicId(TOPIC_ID).partitions(List.of(data))));
    }

    private static FetchRequest.FetchPartition asked(ScriptedBrokers.Asked request) {
        return request.as(FetchRequest.class).topics().get(0).partitions().get(0);
    }

    private static ScriptedBrokers.Asked nextAt(ScriptedBrokers brokers, long offset) throws InterruptedException {
        while (true) {
            ScriptedBrokers.Asked request = brokers.next(ApiKey.FETCH);
            if (asked(request).fetchOffset() == offset) {
                return request;
            }
        }
    }

    @Test
    void aPartitionThatIsRefusedDoesNotSlowItsNeighboursDown() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = consumer(brokers)
                        .config("retry.backoff.ms", 60_000).config("retry.backoff.max.ms", 60_000).build()) {
            brokers.always(ApiKey.FETCH, request -> {
                FetchResponse response = (FetchResponse) brokers.properAnswer(request);
                response.responses().forEach(topic -> topic.partitions().stream().filter(data -> data.partitionIndex() == 0)
                        .forEach(data -> data.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code()).records(null)));
                return response;
            });
            brokers.logs().append(1, "a");
            consumer.assign(List.of(FIRST, SECOND));
            consumer.seek(FIRST, 0);
            consumer.seek(SECOND, 0);

            assertThat(read(consumer, 1)).containsExactly("a");
            brokers.logs().append(1, "b");
            assertThat(read(consumer, 1)).containsExactly("b");
        }
    }

    @Test
    void aRefusalThatTimeDoesNotMendIsToldAsLongAsItLasts() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a");
            brokers.once(ApiKey.FETCH, refuse(0, ErrorCode.TOPIC_AUTHORIZATION_FAILED), refuse(0, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            consumer.assign(List.of(FIRST));

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(BrokerException.class)
                        .hasMessageContaining("TOPIC_AUTHORIZATION_FAILED").hasMessageContaining("orders-0");
            }
            assertThat(read(consumer, 1)).containsExactly("a");
        }
    }

    @Test
    void whatWasFetchedIsReadAlthoughWhatFollowsIsOutOfRange() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).build()) {
            brokers.logs().append(0, "a", "b");
            brokers.once(ApiKey.FETCH, brokers::properAnswer, refuse(0, ErrorCode.OFFSET_OUT_OF_RANGE));
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);
            nextAt(brokers, 2);
            nextAt(brokers, 2);
            brokers.logs().append(0, "c");

            assertThat(read(consumer, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginning() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.assign(List.of(FIRST));
            read(consumer, 2);
            nextAt(brokers, 2);

            brokers.logs().create(TOPIC, NEW_TOPIC_ID, 1);
            brokers.logs().append(0, "x", "y", "z");

            assertThat(read(consumer, 3)).containsExactly("x", "y", "z");
        }
    }

    @Test
    void withoutAResetPolicyATopicThatWasMadeAnewIsTold() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).autoOffsetReset(OffsetResetPolicy.NONE).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);
            read(consumer, 2);
            nextAt(brokers, 2);

            brokers.logs().create(TOPIC, NEW_TOPIC_ID, 1);
            brokers.logs().append(0, "x", "y", "z");

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> read(consumer, 1)).isInstanceOf(OffsetOutOfRangeException.class).hasMessageContaining("made again");
            }
            consumer.seek(FIRST, 1);
            assertThat(read(consumer, 2)).containsExactly("y", "z");
        }
    }

    /** Three records were read under two leaders; then the last is lost, and others are written in its place. */
    private static void readAndTruncate(ScriptedBrokers brokers, KafkaConsumer<String, String> consumer) throws InterruptedException {
        write(brokers);
        consumer.assign(List.of(FIRST));
        consumer.seek(FIRST, 0);
        read(consumer, 3);
        nextAt(brokers, 3);
        truncate(brokers);
    }

    private static void write(ScriptedBrokers brokers) {
        brokers.logs().append(0, "a", "b");
        brokers.logs().change(0, log -> log.lead(1));
        brokers.logs().append(0, "c");
    }

    private static void truncate(ScriptedBrokers brokers) {
        brokers.logs().change(0, log -> {
            log.truncateTo(2);
            log.lead(1);
            log.append("d", "e");
        });
    }

    @Test
    void aLogThatWasTruncatedIsReadOnFromWhereItParts() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            readAndTruncate(brokers, consumer);

            assertThat(read(consumer, 2)).containsExactly("d", "e");
        }
    }

    @Test
    void aTruncationIsToldWithWhatWasLost() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        ConsumerListener listener = new ConsumerListener() {
            @Override
            public void positionLost(TopicPartition partition, long position, long resumedAt) {
                told.add(partition + " " + position + " -> " + resumedAt);
            }
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).listener(listener).build()) {
            readAndTruncate(brokers, consumer);
            read(consumer, 2);

            assertThat(told).containsExactly("orders-0 3 -> 2");
        }
    }

    @Test
    void withoutAResetPolicyATruncationIsToldWithWhereTheLogParts() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).autoOffsetReset(OffsetResetPolicy.NONE).build()) {
            readAndTruncate(brokers, consumer);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> read(consumer, 1)).isInstanceOfSatisfying(LogTruncationException.class, told -> {
                    assertThat(told.offsets()).containsEntry(FIRST, 3L);
                    assertThat(told.divergentOffsets().get(FIRST).offset()).isEqualTo(2);
                    assertThat(told.divergentOffsets().get(FIRST).leaderEpoch()).isEqualTo(1);
                });
            }
            consumer.seek(FIRST, 2);
            assertThat(read(consumer, 2)).containsExactly("d", "e");
        }
    }

    @Test
    void whatWasFetchedAheadOfATruncationIsFetchedAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            write(brokers);
            consumer.assign(List.of(FIRST));
            nextAt(brokers, 3);

            truncate(brokers);
            nextAt(brokers, 0);

            assertThat(read(consumer, 4)).containsExactly("a", "b", "d", "e");
        }
    }

    @Test
    void anOldBrokerIsNotToldWhatItDoesNotKnow() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.always(ApiKey.API_VERSIONS, request -> {
                ApiVersionsResponse versions = (ApiVersionsResponse) brokers.properAnswer(request);
                versions.apiKeys().stream().filter(each -> each.apiKey() == ApiKey.FETCH.id()).forEach(each -> each.maxVersion((short) 11));
                return versions;
            });
            brokers.logs().append(0, "a");
            brokers.logs().append(0, "b");
            consumer.assign(List.of(FIRST));

            assertThat(read(consumer, 2)).containsExactly("a", "b");
            assertThat(brokers.next(ApiKey.FETCH).version()).isEqualTo((short) 11);
        }
    }

    @Test
    void aPollMayWaitForEver() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a");
            consumer.assign(List.of(FIRST));

            assertThat(consumer.poll(Duration.ofMillis(Long.MAX_VALUE)).count()).isEqualTo(1);
        }
    }

    @Test
    void aLeaderThatAnAnswerNamesIsReadFromBeforeMetadataTellsIt() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a");
            consumer.assign(List.of(FIRST));
            read(consumer, 1);
            brokers.always(ApiKey.METADATA, request -> null);
            brokers.once(ApiKey.FETCH, request -> answer(new PartitionData().partitionIndex(0).errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code())
                    .currentLeader(new FetchResponse.LeaderIdAndEpoch().leaderId(2).leaderEpoch(2)).highWatermark(-1)));
            brokers.logs().change(0, log -> log.lead(2));
            brokers.logs().append(0, "b");

            assertThat(read(consumer, 1)).containsExactly("b");
        }
    }

    @Test
    void aReplicaThatTheLeaderPrefersIsReadFromAndWhatItRefusesIsAskedOfTheLeader() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).autoOffsetReset(OffsetResetPolicy.LATEST).config("client.rack", "east").build()) {
            brokers.logs().append(0, "a");
            brokers.logs().append(0, "b");
            List<String> nodes = new ArrayList<>();
            brokers.always(ApiKey.FETCH, request -> {
                FetchRequest fetch = request.as(FetchRequest.class);
                long offset = asked(request).fetchOffset();
                synchronized (nodes) {
                    nodes.add(request.node() + "@" + offset + " " + fetch.rackId());
                }
                if (request.node() == 1 && offset == 0) {
                    return answer(new PartitionData().partitionIndex(0).highWatermark(2).lastStableOffset(2).preferredReadReplica(2));
                }
                return request.node() == 2 && offset == 1
                        ? refuse(0, ErrorCode.OFFSET_OUT_OF_RANGE).to(request)
                        : brokers.properAnswer(new ScriptedBrokers.Asked(1, request.version(), request.message()));
            });
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);

            assertThat(read(consumer, 2)).containsExactly("a", "b");
            synchronized (nodes) {
                assertThat(nodes).startsWith("1@0 east", "2@0 east", "2@1 east", "1@1 ");
            }
        }
    }

    @Test
    void whatWasFetchedOfPausedPartitionsMakesWayWhenTheOthersHaveNoRoom() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = consumer(brokers).config("buffer.memory", 65_536).build()) {
            brokers.logs().append(0, "a", "b".repeat(60_000));
            consumer.assign(List.of(FIRST));
            nextAt(brokers, 0);
            await(() -> consumer.currentLag(FIRST).isPresent());
            consumer.pause(List.of(FIRST));

            brokers.logs().append(1, "c");
            consumer.assign(List.of(FIRST, SECOND));

            assertThat(read(consumer, 1)).containsExactly("c");
            consumer.resume(List.of(FIRST));
            assertThat(read(consumer, 2)).extracting(value -> value.substring(0, 1)).containsExactly("a", "b");
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsNoticedThoughNothingWasToldOfThePartitionSinceASeek() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).config("fetch.max.wait.ms", 20).build()) {
            // As in a fetch session: a partition of which there is nothing new to tell is left out.
            brokers.always(ApiKey.FETCH, request -> {
                FetchResponse response = (FetchResponse) brokers.properAnswer(request);
                response.responses().forEach(topic -> topic.partitions().removeIf(data -> data.errorCode() == 0 && data.records() == null));
                return response;
            });
            brokers.logs().append(0, "a", "b");
            consumer.assign(List.of(FIRST));
            read(consumer, 2);
            consumer.seekToEnd(List.of(FIRST));
            assertThat(consumer.position(FIRST)).isEqualTo(2);
            brokers.drain(ApiKey.FETCH);
            for (int i = 0; i < 3; i++) {
                nextAt(brokers, 2);
            }

            brokers.logs().create(TOPIC, NEW_TOPIC_ID, 1);
            brokers.logs().append(0, "x", "y", "z");

            assertThat(read(consumer, 3)).containsExactly("x", "y", "z");
        }
    }
}
