package dev.kafkaboot.spring.support.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Header;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.KafkaNull;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.support.MessageBuilder;

class MessagingMessageConverterTests {

    private final MessagingMessageConverter converter = new MessagingMessageConverter();

    @Test
    void headersOfOursSayWhereTheRecordGoes() {
        ProducerRecord<?, ?> record = converter.fromMessage(
                MessageBuilder.withPayload("text")
                        .setHeader(KafkaHeaders.TOPIC, "orders")
                        .setHeader(KafkaHeaders.PARTITION, 3)
                        .setHeader(KafkaHeaders.KEY, "key")
                        .setHeader(KafkaHeaders.TIMESTAMP, 12L)
                        .build(),
                "other");

        assertThat(record).isEqualTo(new ProducerRecord<Object, Object>("orders", 3, 12L, "key", "text", new Headers()));
    }

    @Test
    void otherHeadersGoWithTheRecordAsBytesOrText() {
        ProducerRecord<?, ?> record = converter.fromMessage(
                MessageBuilder.withPayload("text")
                        .setHeader("bytes", new byte[] {1, 2})
                        .setHeader("text", "ü")
                        .setHeader("number", 7)
                        .setHeader("object", new Object())
                        .build(),
                "orders");

        assertThat(record.headers()).containsExactlyInAnyOrder(
                new Header("bytes", new byte[] {1, 2}), Header.of("text", "ü"), Header.of("number", "7"));
    }

    @Test
    void messageWithoutAPayloadIsARecordWithoutAValue() {
        assertThat(converter.fromMessage(MessageBuilder.withPayload(KafkaNull.INSTANCE).build(), "orders").value()).isNull();
    }

    @Test
    void messageWithoutATopicIsRefused() {
        assertThatThrownBy(() -> converter.fromMessage(MessageBuilder.withPayload("text").build(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kafka_topic");
    }

    @Test
    void headerOfTheWrongTypeIsRefusedByName() {
        assertThatThrownBy(() -> converter.fromMessage(
                        MessageBuilder.withPayload("text").setHeader(KafkaHeaders.PARTITION, "3").build(), "orders"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kafka_partitionId")
                .hasMessageContaining("Integer");
    }

    @Test
    void lastOfSeveralRecordHeadersOfOneNameCounts() {
        Map<String, Object> target = new LinkedHashMap<>();

        new HeaderMapper().toMessage(new Headers().add("a", "1").add("a", "2").add("none", (byte[]) null), target);

        assertThat(target).containsExactly(Map.entry("a", "2".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
