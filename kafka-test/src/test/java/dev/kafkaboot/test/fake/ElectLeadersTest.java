package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ElectLeadersRequest;
import dev.kafkaboot.protocol.message.ElectLeadersRequest.TopicPartitions;
import dev.kafkaboot.protocol.message.ElectLeadersResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Leaders that are elected on an administrator's wish. */
class ElectLeadersTest {

    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();

    private ElectLeadersResponse elect(byte type) {
        TopicPartitions orders = new TopicPartitions().topic("orders").partitions(List.of(0));
        int running = cluster.controllerId();
        return new TestClient(cluster, running, "admin")
                .ask(new ElectLeadersRequest().electionType(type).topicPartitions(List.of(orders)));
    }

    private static ErrorCode errorOf(ElectLeadersResponse response) {
        return ErrorCode.forCode(response.replicaElectionResults().get(0).partitionResult().get(0).errorCode());
    }

    @Test
    void thePreferredLeaderLeadsAgain() {
        cluster.createTopic("orders", 1, 2, Map.of());
        int preferred = cluster.leaderOf("orders", 0);
        cluster.broker(preferred).stop();
        ErrorCode away = errorOf(elect(PREFERRED));
        cluster.broker(preferred).start();

        ErrorCode back = errorOf(elect(PREFERRED));
        ErrorCode again = errorOf(elect(PREFERRED));

        assertThat(away).isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(back).isEqualTo(ErrorCode.NONE);
        assertThat(again).isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(preferred);
    }

    @Test
    void whoLacksRecordsLeadsOnlyOnExpressWish() {
        cluster.createTopic("orders", 1, 2, Map.of());
        int first = cluster.leaderOf("orders", 0);
        cluster.broker(first).stop();
        int second = cluster.leaderOf("orders", 0);
        cluster.broker(second).stop();
        cluster.broker(first).start();
        int without = cluster.leaderOf("orders", 0);

        ErrorCode error = errorOf(elect(UNCLEAN));

        assertThat(without).isEqualTo(-1);
        assertThat(error).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(first);
    }

    @Test
    void whoAsksForEverythingIsToldOfWhatWasDone() {
        cluster.createTopic("a", 1, 2, Map.of());
        cluster.createTopic("b", 1, 2, Map.of());
        int preferred = cluster.leaderOf("a", 0);
        cluster.broker(preferred).stop();
        cluster.broker(preferred).start();

        ElectLeadersResponse response = new TestClient(cluster, 1, "admin").ask(new ElectLeadersRequest().topicPartitions(null));

        assertThat(response.replicaElectionResults()).singleElement().satisfies(result -> assertThat(result.topic()).isEqualTo("a"));
    }
}
