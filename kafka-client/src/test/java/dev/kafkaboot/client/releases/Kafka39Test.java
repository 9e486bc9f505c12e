package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kafka 3.9 with KRaft: topic ids in fetches, groups of KIP-848 as a preview that is off, and neither share groups nor transactions of KIP-890. */
@Timeout(180)
class Kafka39Test implements RecordsContract, GroupsContract, TransactionsContract, AdminContract, SecurityContract, VersionsContract, AbsenceContract {

    private static OldBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = new OldBroker("3.9.1", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
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
        return "3.9";
    }

    @Test
    void offsetOfTheLatestTimestampIsFound() {
        TopicPartition partition = new TopicPartition("latest-time", 0);
        broker.kafka.createTopic(partition.topic(), 1);
        try (KafkaProducer<String, String> producer = broker.producer().build();
                KafkaConsumer<String, String> consumer = broker.consumer().build()) {
            producer.send(new ProducerRecord<>(partition.topic(), 0, 2_000L, null, "later")).join();
            producer.send(new ProducerRecord<>(partition.topic(), 0, 1_000L, null, "earlier")).join();

            assertThat(consumer.offsets(Map.of(partition, OffsetSpec.maxTimestamp())).get(partition)).extracting(OffsetAndTimestamp::offset).isEqualTo(0L);
        }
    }

    @Test
    void topicIsDescribedByPartitions() {
        broker.kafka.createTopic("described", 2);

        assertThat(broker.net.send(new DescribeTopicPartitionsRequest()
                .topics(List.of(new DescribeTopicPartitionsRequest.TopicRequest().name("described")))).join().topics())
                .singleElement().satisfies(topic -> assertThat(topic.partitions()).hasSize(2));
    }
}
