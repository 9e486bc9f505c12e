package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What all of the older brokers lack is told as such. */
interface AbsenceContract extends OnOldBroker {

    @Test
    default void shareGroupsAreToldToBeMissing() {
        try (KafkaShareConsumer<String, String> consumer = KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(broker().kafka.bootstrapServers()).groupId("shared").build()) {
            consumer.subscribe(List.of("nothing"));

            assertThatThrownBy(() -> consumer.poll(OldBroker.LIMIT)).isInstanceOfSatisfying(KafkaException.class,
                    reason -> assertThat(reason.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION)).hasMessageContaining("from Kafka 4.2 on");
        }
    }

    /** Brokers do not say that they will never take metrics; they may be replaced by some that do. */
    @Test
    default void clientHasNoInstanceIdWhereNobodyTakesMetrics() {
        try (KafkaProducer<String, String> producer = broker().producer().build()) {
            assertThatThrownBy(() -> producer.clientInstanceId(Duration.ofMillis(10))).isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("no broker that takes metrics");
        }
    }
}
