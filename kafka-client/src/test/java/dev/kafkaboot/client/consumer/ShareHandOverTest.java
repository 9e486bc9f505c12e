package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ShareGroups.poll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Share consumers that never acquire more than one record at a time, on scripted brokers: what passes between polls, other threads' calls and the loop. */
@Timeout(60)
class ShareHandOverTest {

    private static final TopicIdPartition FIRST = new TopicIdPartition(ScriptedShare.TOPIC_ID, new TopicPartition(ScriptedBrokers.TOPIC, 0));

    private final ScriptedBrokers brokers = ScriptedBrokers.start(3, 3);
    private final ScriptedShare share = new ScriptedShare(brokers, 3);
    private final CountDownLatch deserializing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        brokers.close();
    }

    private KafkaShareConsumer<String, String> implicit() {
        Serializer<String> values = Serializers.of((String value) -> value.getBytes(UTF_8), this::read);
        return ShareGroups.subscribed(KafkaShareConsumer.builder(Serializers.string(), values)
                .bootstrapServers(brokers.bootstrapServers()).groupId(ScriptedBrokers.GROUP)
                .acquireMode(ShareAcquireMode.RECORD_LIMIT).maxPollRecords(1)
                .config("retry.backoff.ms", 10).config("retry.backoff.max.ms", 50).config("fetch.max.wait.ms", 50), ScriptedBrokers.TOPIC);
    }

    private String read(byte[] data) {
        String value = new String(data, UTF_8);
        if (value.equals("slow")) {
            deserializing.countDown();
            try {
                if (!goOn.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("The test did not let it go on");
                }
            } catch (InterruptedException early) {
                throw new IllegalStateException(early);
            }
        }
        return value;
    }

    /** Polls a record, and then for another one, in whose deserialiser the poll stays. */
    private CompletableFuture<?> pollTwice(KafkaShareConsumer<String, String> consumer) throws Exception {
        brokers.logs().append(0, "a", "slow"); // these brokers know no limit: the second record is buffered
        CompletableFuture<?> polling = CompletableFuture.runAsync(() -> {
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("a");
            consumer.poll(Duration.ofSeconds(30));
        });
        assertThat(deserializing.await(30, TimeUnit.SECONDS)).isTrue();
        return polling;
    }

    @Test
    void commitKnowsOfWhatAPollHasTakenThatIsStillUnderWay() throws Exception {
        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            CompletableFuture<?> polling = pollTwice(consumer);

            assertThat(consumer.commit()).containsExactly(Map.entry(FIRST, Optional.empty()));
            assertThat(share.history()).contains("0:0=1");

            goOn.countDown();
            polling.join();
        }
    }

    @Test
    void whatAPollHasTakenThatIsStillUnderWayIsSentBeforeTheConsumerCloses() throws Exception {
        KafkaShareConsumer<String, String> consumer = implicit();
        CompletableFuture<?> polling = pollTwice(consumer);

        consumer.close();

        assertThat(share.history()).containsSubsequence("0:0=1", "closed 1", "leave");
        goOn.countDown();
        assertThatThrownBy(polling::join).hasCauseInstanceOf(ClientClosedException.class);
    }

    @Test
    void whatAPollHasTakenThatIsStillUnderWayIsSentBeforeTheGroupIsLeft() throws Exception {
        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            CompletableFuture<?> polling = pollTwice(consumer);

            consumer.unsubscribe();

            assertThat(share.history()).containsSubsequence("0:0=1", "closed 1", "leave");
            goOn.countDown();
            polling.handle((done, failure) -> null).join();
        }
    }

    @Test
    void brokersAreReadInTurn() throws Exception {
        for (int partition = 0; partition < 3; partition++) {
            int leader = partition + 1;
            brokers.logs().change(partition, log -> log.lead(leader));
        }
        List<String> values = new ArrayList<>();

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            for (int round = 0; round < 2; round++) {
                for (int partition = 0; partition < 3; partition++) {
                    brokers.logs().append(partition, partition + "/" + round);
                }
                values.addAll(ShareGroups.read(consumer, 3));
            }
        }

        assertThat(values).containsExactlyInAnyOrder("0/0", "1/0", "2/0", "0/1", "1/1", "2/1");
    }

    @Test
    void answerThatNamesANewLeaderIsTakenToItsEndBeforeAnythingIsFetchedAgain() throws Exception {
        brokers.logs().append(1, "a");
        brokers.once(ApiKey.SHARE_FETCH, asked -> {
            brokers.logs().change(0, log -> log.lead(2));
            ShareFetchResponse response = (ShareFetchResponse) share.fetch(asked);
            List<ShareFetchResponse.PartitionData> partitions = new ArrayList<>(response.responses().get(0).partitions());
            partitions.removeIf(each -> each.partitionIndex() == 0);
            partitions.add(0, new ShareFetchResponse.PartitionData().partitionIndex(0).errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code())
                    .currentLeader(new ShareFetchResponse.LeaderIdAndEpoch().leaderId(2).leaderEpoch(100)));
            response.responses().get(0).partitions(partitions);
            return response;
        });

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("a");
        } // which waits for fetches that are under way

        assertThat(brokers.drain(ApiKey.SHARE_FETCH)).hasSize(1);
    }
}
