package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.mixed.MixedGroups;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kafka 3.9 with the preview of groups whose coordinator assigns (KIP-848) switched on. */
@Timeout(180)
class Kafka39PreviewTest {

    @Test
    void newerGroupsDoWhatClassicOnesDo() throws Exception {
        try (RealKafka kafka = RealKafka.builder().release("3.9.1")
                .property("group.coordinator.rebalance.protocols", "classic,consumer")
                .property("unstable.api.versions.enable", "true")
                .start()) {
            kafka.createTopic("previewed", 1);
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                            .bootstrapServers(kafka.bootstrapServers()).build();
                    KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                            .bootstrapServers(kafka.bootstrapServers()).groupId("previewing").groupProtocol(GroupProtocol.CONSUMER)
                            .autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
                producer.send("previewed", "a").join();
                consumer.subscribe(List.of("previewed"));

                assertThat(OldBroker.read(consumer, 1)).containsExactly("a");
                consumer.commit();
            }

            MixedGroups.comeAndGo(kafka.bootstrapServers(), "group-uniform", "COORDINATORS_UNIFORM");
        }
    }
}
