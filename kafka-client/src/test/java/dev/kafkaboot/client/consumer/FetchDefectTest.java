package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.awaitLoop;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong while an answer is applied ends no fetching. */
@Timeout(60)
class FetchDefectTest {

    @Test
    void anErrorWhileAnAnswerIsAppliedDoesNotEndFetchingFromThatBroker() throws Exception {
        AtomicBoolean hasFailed = new AtomicBoolean();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 2);
                ConnectionManager connections = ConnectionManager.connect(brokers.bootstrapServers());
                KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string()).connections(connections)
                        .autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
            brokers.logs().append(0, "a");
            consumer.assign(List.of(FIRST, SECOND));
            assertThat(read(consumer, 1)).containsExactly("a");
            connections.metadata().addListener((before, after) -> {
                if (after.leaderEpoch(FIRST) == 2 && hasFailed.compareAndSet(false, true)) {
                    throw new OutOfMemoryError("Java heap space (a test's)");
                }
            });
            awaitLoop(consumer);
            brokers.always(ApiKey.METADATA, request -> null);
            brokers.always(ApiKey.FETCH, request -> {
                FetchResponse response = (FetchResponse) brokers.properAnswer(request);
                response.responses().forEach(topic -> topic.partitions().stream()
                        .filter(data -> data.errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER.code())
                        .forEach(data -> data.currentLeader(new FetchResponse.LeaderIdAndEpoch().leaderId(2).leaderEpoch(2))));
                return response;
            });
            brokers.logs().change(0, log -> log.lead(2));
            ScriptedConsumers.await(hasFailed::get);

            brokers.logs().append(1, "b");

            assertThat(read(consumer, 1)).containsExactly("b");
        }
    }
}
