package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.awaitLoop;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A leader names a replica to read from, and the replica is not as it should be. */
@Timeout(60)
class PreferredReplicaTest {

    private static final int LEADER = 1;
    private static final int REPLICA = 2;

    private final List<String> asked = new CopyOnWriteArrayList<>();

    private static FetchResponse answer(PartitionData data) {
        return new FetchResponse().responses(List.of(new FetchableTopicResponse().topicId(new Uuid(7, 9)).partitions(List.of(data))));
    }

    private static FetchResponse named() {
        return answer(new PartitionData().partitionIndex(0).highWatermark(2).lastStableOffset(2).preferredReadReplica(REPLICA));
    }

    private static ScriptedBrokers.Answer refusal() {
        return request -> answer(new PartitionData().partitionIndex(0).errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code()).highWatermark(-1));
    }

    /** The leader names the replica to those who tell a rack, and if they tell none, too, if it is so stubborn. */
    private void script(ScriptedBrokers brokers, boolean isStubborn, ScriptedBrokers.Answer replica) {
        brokers.always(ApiKey.FETCH, request -> {
            String rack = request.as(FetchRequest.class).rackId();
            asked.add(request.node() + " " + rack);
            if (request.node() == REPLICA) {
                return replica.to(request);
            }
            return isStubborn || !rack.isEmpty() ? named() : brokers.properAnswer(request);
        });
    }

    /** A failure costs a pause that no test lives to see the end of. */
    private static ConsumerBuilder<String, String> patient(ScriptedBrokers brokers) {
        return consumer(brokers).config("client.rack", "east").config("retry.backoff.ms", 60_000).config("retry.backoff.max.ms", 60_000);
    }

    @Test
    void aReplicaThatLagsBehindDoesNotMoveThePosition() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        ConsumerListener listener = new ConsumerListener() {
            @Override
            public void positionLost(TopicPartition partition, long position, long resumedAt) {
                told.add(partition + " " + position + " -> " + resumedAt);
            }
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1); KafkaConsumer<String, String> consumer = patient(brokers).listener(listener).build()) {
            brokers.logs().append(0, "a");
            brokers.logs().append(0, "b");
            script(brokers, /* isStubborn= */ false, request -> answer(new PartitionData().partitionIndex(0).highWatermark(2)
                    .divergingEpoch(new FetchResponse.EpochEndOffset().epoch(1).endOffset(1))));
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, new OffsetAndMetadata(2, 1, ""));
            brokers.logs().append(0, "c");

            assertThat(read(consumer, 1)).containsExactly("c");
            assertThat(told).isEmpty();
            assertThat(asked).startsWith("1 east", "2 east", "1 ");
        }
    }

    @Test
    void whatAReplicaRefusesForAWhileIsReadFromTheLeaderMeanwhile() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1); KafkaConsumer<String, String> consumer = patient(brokers).build()) {
            brokers.logs().append(0, "a");
            script(brokers, /* isStubborn= */ false, refusal());
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);

            assertThat(read(consumer, 1)).containsExactly("a");
            brokers.logs().append(0, "b");
            assertThat(read(consumer, 1)).containsExactly("b");
            assertThat(asked).startsWith("1 east", "2 east", "1 ").filteredOn(each -> each.startsWith("2")).hasSize(1);
        }
    }

    @Test
    void aReplicaThatHasRecoveredIsReadFromAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).config("client.rack", "east").build()) {
            brokers.logs().append(0, "a");
            List<ScriptedBrokers.Answer> refusals = new CopyOnWriteArrayList<>(List.of(refusal(), refusal()));
            script(brokers, /* isStubborn= */ false, request -> refusals.isEmpty()
                    ? brokers.properAnswer(new ScriptedBrokers.Asked(LEADER, request.version(), request.message()))
                    : refusals.remove(0).to(request));
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);
            assertThat(read(consumer, 1)).containsExactly("a");
            ScriptedConsumers.await(() -> asked.stream().filter(each -> each.startsWith("2")).count() > 3);
            brokers.logs().append(0, "b");

            assertThat(read(consumer, 1)).containsExactly("b");
        }
    }

    @Test
    void aReplicaThatCannotBeReachedIsGivenUp() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1); KafkaConsumer<String, String> consumer = patient(brokers).build()) {
            brokers.logs().append(0, "a");
            script(brokers, /* isStubborn= */ false, request -> {
                throw new IOException("the replica is down");
            });
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);

            assertThat(read(consumer, 1)).containsExactly("a");
        }
    }

    @Test
    void aLeaderThatGoesOnNamingAReplicaThatRefusesIsNotAskedWithoutAPause() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1); KafkaConsumer<String, String> consumer = patient(brokers).build()) {
            brokers.logs().append(0, "a");
            script(brokers, /* isStubborn= */ true, refusal());
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);
            for (int i = 0; i < 3; i++) {
                brokers.next(ApiKey.FETCH);
            }
            awaitLoop(consumer);

            assertThat(consumer.poll(Duration.ofMillis(200)).isEmpty()).isTrue();
            assertThat(asked).containsExactly("1 east", "2 east", "1 ");
        }
    }
}
