package dev.kafkaboot.autoconfigure.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.test.RealKafka;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedBrokersTests {

    @Test
    void topicThatIsThereAlreadyStaysAsItIsAndOthersAreCreated() {
        SharedBrokers brokers = SharedBrokers.ofSize(1);
        RealKafka kafka = brokers.withTopics(Set.of(), 3);
        kafka.createTopic("shared-there", 2);

        brokers.withTopics(Set.of("shared-there", "shared-new"), 3);
        brokers.withTopics(Set.of("shared-there", "shared-new"), 3);

        try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers(kafka.bootstrapServers()).build()) {
            assertThat(admin.topics().describe(List.of("shared-there", "shared-new")).join()).satisfies(
                    topics -> assertThat(topics.get("shared-there").partitions()).hasSize(2),
                    topics -> assertThat(topics.get("shared-new").partitions()).hasSize(3));
        }
    }
}
