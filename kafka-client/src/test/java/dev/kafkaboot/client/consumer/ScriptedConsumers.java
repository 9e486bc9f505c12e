package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Consumers of {@link ScriptedBrokers}, and what tests do with them. */
final class ScriptedConsumers {

    static final TopicPartition FIRST = new TopicPartition(ScriptedBrokers.TOPIC, 0);
    static final TopicPartition SECOND = new TopicPartition(ScriptedBrokers.TOPIC, 1);

    private ScriptedConsumers() {}

    /** Reads from the beginning, without a group. */
    static ConsumerBuilder<String, String> consumer(ScriptedBrokers brokers) {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(brokers.bootstrapServers())
                .config("retry.backoff.ms", 10)
                .config("retry.backoff.max.ms", 50)
                .autoOffsetReset(OffsetResetPolicy.EARLIEST);
    }

    /** Reads as a member of {@link ScriptedBrokers#GROUP}, with quick heartbeats. */
    static ConsumerBuilder<String, String> member(ScriptedBrokers brokers) {
        return consumer(brokers).groupId(ScriptedBrokers.GROUP).config("heartbeat.interval.ms", 20).config("auto.commit.interval.ms", 600_000);
    }

    /** Polls until so many records were read. */
    static List<String> read(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(20));
            assertThat(records.isEmpty()).as("nothing came; read so far: " + values).isFalse();
            records.forEach(record -> values.add(record.value()));
        }
        return values;
    }

    /** Polls until something is true. */
    static void pollUntil(KafkaConsumer<String, String> consumer, BooleanSupplier until) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime()).as("polled long enough").isLessThan(deadline);
            consumer.poll(Duration.ofMillis(20));
        }
    }

    /** Waits, without polling, until something is true. */
    static void await(BooleanSupplier until) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited long enough").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** Asks the broker something else, so that what it answered before has been dealt with. */
    static void awaitLoop(KafkaConsumer<String, String> consumer) {
        consumer.endOffsets(List.of(FIRST));
    }
}
