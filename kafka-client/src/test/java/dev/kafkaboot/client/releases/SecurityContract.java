package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that come by TLS or log in. */
interface SecurityContract extends OnOldBroker {

    @Test
    default void recordsTravelByTls() {
        assertThat(thereAndBack("by-tls", broker().byTls())).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
    default void recordsOfAUserTravel(String mechanism) {
        assertThat(thereAndBack("by-" + mechanism, broker().bySasl(mechanism, OldBroker.PASSWORD))).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
    default void wrongPasswordIsToldAsSuch(String mechanism) {
        Map<String, Object> config = broker().bySasl(mechanism, "wr0ng");

        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).config(config).build()) {
            assertThatThrownBy(() -> producer.send("refused", "a").join()).hasRootCauseInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("refused " + mechanism + " for user '" + OldBroker.USER + "'");
        }
    }

    private List<String> thereAndBack(String topic, Map<String, Object> config) {
        broker().kafka.createTopic(topic, 1);
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).config(config).build()) {
            producer.send(topic, "a").join();
        }
        Map<String, Object> reading = new HashMap<>(config);
        reading.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string()).config(reading).build()) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            return OldBroker.read(consumer, 1);
        }
    }
}
