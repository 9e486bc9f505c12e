package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Apache's share consumer reads from the fake broker (KIP-932). */
class ShareConsumerInteropTest {

    private static final String GROUP = "billing";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whatIsReleasedComesAgainAndWhatIsAcceptedDoesNot() throws Exception {
        try (FakeKafkaServer fake = FakeKafkaServer.start(FakeKafka.builder().shareGroupTimes(Duration.ofMillis(200), Duration.ofSeconds(45)))) {
            fake.createTopic("orders", 1, 1, Map.of());
            readFromTheBeginning(fake);
            produce(fake, "a", "b", "c");

            List<String> seen = new ArrayList<>();
            try (KafkaShareConsumer<String, String> consumer = consumer(fake)) {
                consumer.subscribe(List.of("orders"));
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (seen.size() < 4 && System.nanoTime() - deadline < 0) {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                        short delivery = record.deliveryCount().orElseThrow();
                        seen.add(record.value() + " x " + delivery);
                        boolean first = delivery == 1 && record.value().equals("b");
                        consumer.acknowledge(record, first ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT);
                    }
                    assertThat(consumer.commitSync()).allSatisfy((partition, failure) -> assertThat(failure).isEmpty());
                }
            }

            assertThat(seen).containsExactly("a x 1", "b x 1", "c x 1", "b x 2");
        }
    }

    private static void readFromTheBeginning(FakeKafkaServer fake) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", fake.bootstrapServers()))) {
            var group = new ConfigResource(ConfigResource.Type.GROUP, GROUP);
            var earliest = new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(group, List.of(earliest))).all().get();
        }
    }

    private static void produce(FakeKafkaServer fake, String... values) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", fake.bootstrapServers());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>("orders", value)).get();
            }
        }
    }

    private static KafkaShareConsumer<String, String> consumer(FakeKafkaServer fake) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", fake.bootstrapServers(), "group.id", GROUP, "share.acknowledgement.mode", "explicit");
        return new KafkaShareConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }
}
