package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreeBrokersTest {

    @Test
    void clusterOfThreeSurvivesTheEndOfEachBrokerInTurn() throws Exception {
        try (RealKafka kafka = RealKafka.builder().brokers(3).start()) {
            assertThat(kafka.brokers()).extracting(RealBroker::id).containsExactly(1, 2, 3);
            assertThat(kafka.brokers()).extracting(RealBroker::port).doesNotHaveDuplicates();
            assertThat(kafka.bootstrapServers().split(",", -1)).hasSize(3);

            kafka.createTopic("orders", 6);

            kafka.broker(1).stop();
            assertThat(Files.readString(kafka.broker(1).log())).contains("[BrokerServer id=1] shut down completed");
            kafka.createTopic("while-one-is-stopped", 2, 2, Map.of());
            kafka.broker(1).start();
            kafka.broker(2).kill();
            kafka.broker(2).start();
            kafka.broker(3).pause();
            kafka.broker(3).restart();

            for (RealBroker broker : kafka.brokers()) {
                try (BlockingBroker connection = new BlockingBroker(broker, Duration.ofSeconds(30))) {
                    MetadataView view = MetadataView.of(connection, "orders");
                    assertThat(view.brokerIds()).containsExactlyInAnyOrder(1, 2, 3);
                    assertThat(view.isLed(6)).isTrue();
                }
            }
        }
    }
}
