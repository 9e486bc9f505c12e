package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeClusterRequest;
import dev.kafkaboot.protocol.message.DescribeClusterResponse;
import dev.kafkaboot.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest.Cursor;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsResponse;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of the cluster and of its topics. */
class DescriptionTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();
    private final TestClient client = new TestClient(cluster, 2, "admin");

    @Test
    void brokersThatDoNotRunAreToldOfOnlyToWhomeverAsks() {
        cluster.broker(3).stop();

        DescribeClusterResponse usual = client.ask(new DescribeClusterRequest());
        DescribeClusterResponse all = client.ask(new DescribeClusterRequest().includeFencedBrokers(true), 2);

        assertThat(usual.clusterId()).isEqualTo(cluster.clusterId());
        assertThat(usual.controllerId()).isEqualTo(1);
        assertThat(usual.brokers()).extracting(DescribeClusterBroker::brokerId).containsExactly(1, 2);
        assertThat(all.brokers()).extracting(DescribeClusterBroker::isFenced).containsExactly(false, false, true);
    }

    @Test
    void aBrokerTellsNothingOfControllers() {
        DescribeClusterResponse controllers = client.ask(new DescribeClusterRequest().endpointType((byte) 2), 1);
        DescribeClusterResponse unknown = client.ask(new DescribeClusterRequest().endpointType((byte) 7), 1);

        assertThat(controllers.errorCode()).isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(unknown.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    private DescribeTopicPartitionsResponse describe(int limit, @Nullable Cursor cursor, String... names) {
        List<TopicRequest> topics = new ArrayList<>();
        for (String name : names) {
            topics.add(new TopicRequest().name(name));
        }
        return client.ask(new DescribeTopicPartitionsRequest().topics(topics).responsePartitionLimit(limit).cursor(cursor));
    }

    private static List<String> told(DescribeTopicPartitionsResponse response) {
        List<String> told = new ArrayList<>();
        for (DescribeTopicPartitionsResponseTopic topic : response.topics()) {
            topic.partitions().forEach(partition -> told.add(topic.name() + "-" + partition.partitionIndex()));
        }
        return told;
    }

    @Test
    void topicsAreToldPageByPage() {
        cluster.createTopic("a", 2);
        cluster.createTopic("b", 3);
        cluster.createTopic("c", 1);
        List<List<String>> pages = new ArrayList<>();

        Cursor cursor = null;
        do {
            DescribeTopicPartitionsResponse page = describe(2, cursor);
            pages.add(told(page));
            DescribeTopicPartitionsResponse.Cursor next = page.nextCursor();
            cursor = next == null ? null : new Cursor().topicName(next.topicName()).partitionIndex(next.partitionIndex());
        } while (cursor != null);

        assertThat(pages).containsExactly(List.of("a-0", "a-1"), List.of("b-0", "b-1"), List.of("b-2", "c-0"));
    }

    @Test
    void aTopicThatIsNotThereIsToldSo() {
        cluster.createTopic("a");

        DescribeTopicPartitionsResponse response = describe(10, null, "nothing", "a");

        assertThat(response.topics()).extracting(DescribeTopicPartitionsResponseTopic::name).containsExactly("a", "nothing");
        assertThat(response.topics().get(1).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void leadersAndReplicasAreTold() {
        cluster.createTopic("a", 1, 2, Map.of());
        cluster.broker(cluster.leaderOf("a", 0)).stop();

        var partition = describe(10, null, "a").topics().get(0).partitions().get(0);

        assertThat(partition.leaderId()).isEqualTo(cluster.leaderOf("a", 0));
        assertThat(partition.leaderEpoch()).isEqualTo(1);
        assertThat(partition.replicaNodes()).hasSize(2);
        assertThat(partition.isrNodes()).containsExactly(partition.leaderId());
        assertThat(partition.offlineReplicas()).hasSize(1).doesNotContain(partition.leaderId());
    }

    @Test
    void aCursorPointsAtAPartition() {
        DescribeTopicPartitionsResponse response = describe(10, new Cursor().topicName("a").partitionIndex(-1), "a");

        assertThat(response.topics().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }
}
