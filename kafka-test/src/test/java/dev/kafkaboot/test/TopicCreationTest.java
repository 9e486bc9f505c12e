package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kafkaboot.test.junit.KafkaCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@KafkaCluster
class TopicCreationTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @Test
    void createdTopicHasLeadersForAllPartitions(RealKafka kafka) throws IOException {
        kafka.createTopic("orders", 12);

        MetadataView view = viewOf(kafka.broker(1), "orders");
        assertThat(view.isLed(12)).isTrue();
        assertThat(view.leaders().values()).containsOnly(1);
    }

    @Test
    void configurationIsApplied(RealKafka kafka) {
        kafka.createTopic("compacted", 1, 1, Map.of("cleanup.policy", "compact"));

        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> kafka.createTopic("wrong", 1, 1, Map.of("cleanup.policy", "shred")))
                .withMessageContaining("cannot create topic wrong")
                .withMessageContaining("shred");
    }

    @Test
    void existingTopicIsRefusedWithTheReasonOfTheCluster(RealKafka kafka) {
        kafka.createTopic("twice", 1);

        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> kafka.createTopic("twice", 1))
                .withMessageContaining("cannot create topic twice")
                .withMessageContaining("already exists")
                .withMessageContaining("error code 36");
    }

    @Test
    void moreReplicasThanBrokersAreRefused(RealKafka kafka) {
        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> kafka.createTopic("replicated", 1, 3, Map.of()))
                .withMessageContaining("error code 38");
    }

    @Test
    void askingForATopicDoesNotCreateIt(RealKafka kafka) throws IOException {
        viewOf(kafka.broker(1), "ghost");

        assertThat(viewOf(kafka.broker(1), "ghost").topicError()).isEqualTo(3);
    }

    @Test
    @KafkaCluster(shared = false)
    void clusterWithoutARunningBrokerCreatesNothing(RealKafka kafka) {
        kafka.broker(1).pause();

        assertThatIllegalStateException()
                .isThrownBy(() -> kafka.createTopic("late", 1))
                .withMessageContaining("no broker can create topic late");
    }

    private static MetadataView viewOf(RealBroker broker, String topic) throws IOException {
        try (BlockingBroker connection = new BlockingBroker(broker, LONG_ENOUGH)) {
            return MetadataView.of(connection, topic);
        }
    }
}
