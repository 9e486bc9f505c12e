package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kafka 2.8 on ZooKeeper: no topic ids in what clients send and fetch, and no KRaft. */
@Timeout(180)
class Kafka28Test implements RecordsContract, GroupsContract, TransactionsContract, AdminContract, SecurityContract, VersionsContract, AbsenceContract {

    private static OldBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = new OldBroker("2.8.2", "kafka.security.authorizer.AclAuthorizer");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    public OldBroker broker() {
        return broker;
    }

    @Override
    public String release() {
        return "2.8";
    }

    @Test
    void offsetOfTheLatestTimestampIsToldToBeMissing() {
        broker.kafka.createTopic("latest-time", 1);
        Map<TopicPartition, OffsetSpec> asked = Map.of(new TopicPartition("latest-time", 0), OffsetSpec.maxTimestamp());

        try (KafkaConsumer<String, String> consumer = broker.consumer().build()) {
            assertThatThrownBy(() -> consumer.offsets(asked)).isInstanceOfSatisfying(KafkaException.class,
                    reason -> assertThat(reason.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION)).hasMessageContaining("latest-time-0");
        }
    }

    @Test
    void messageThatTheBrokerDoesNotKnowIsRefusedBeforeItIsSent() {
        DescribeTopicPartitionsRequest request = new DescribeTopicPartitionsRequest()
                .topics(List.of(new DescribeTopicPartitionsRequest.TopicRequest().name("nothing")));

        assertThatThrownBy(() -> broker.net.send(request).join()).hasCauseInstanceOf(UnsupportedVersionException.class)
                .hasMessageContaining("DESCRIBE_TOPIC_PARTITIONS");
    }
}
