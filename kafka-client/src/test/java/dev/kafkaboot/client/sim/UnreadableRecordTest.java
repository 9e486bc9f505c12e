package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A record that cannot be deserialised, of an application that goes on polling: the other partitions are read all the same. */
class UnreadableRecordTest {

    private static final TopicPartition BAD = new TopicPartition(TOPIC, 0);
    private static final TopicPartition GOOD = new TopicPartition(TOPIC, 1);
    private static final String KILOBYTE = "x".repeat(1_000);
    private static final int ROUNDS = 60;
    private static final int EACH = 10;

    private static final class Picky implements Serializer<String> {

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String data) {
            return Serializers.string().serialize(topic, headers, data);
        }

        @Override
        public @Nullable String deserialize(String topic, Headers headers, byte @Nullable [] data) {
            String value = Serializers.string().deserialize(topic, headers, data);
            if ("bad".equals(value)) {
                throw new IllegalArgumentException("thrown by a test, on purpose");
            }
            return value;
        }
    }

    private static KafkaConsumer<String, String> consumer(GroupRun run) {
        KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), new Picky())
                .connections(run.process().connections())
                .autoOffsetReset(OffsetResetPolicy.EARLIEST)
                .config(Map.of("buffer.memory", 65_536, "max.partition.fetch.bytes", 16_384, "fetch.max.bytes", 65_536))
                .build();
        consumer.assign(List.of(BAD, GOOD));
        return consumer;
    }

    private static void poll(GroupRun run, KafkaConsumer<String, String> consumer, AtomicInteger good, AtomicInteger failures) {
        try {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) {
                assertThat(record.partition()).isOne();
                good.incrementAndGet();
            }
        } catch (RecordDeserializationException told) {
            assertThat(told.topicPartition()).isEqualTo(BAD);
            failures.incrementAndGet();
            run.simulation().sleep(Duration.ofMillis(20));
        }
    }

    @Test
    void othersAreReadThoughItIsPolledOnWithoutEverPassingIt() {
        GroupRun.of(cluster -> cluster.brokers(1), run -> { // so that what is fetched of both comes in one answer
            AtomicInteger good = new AtomicInteger();
            AtomicInteger failures = new AtomicInteger();
            run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "bad"));
            try (KafkaConsumer<String, String> consumer = consumer(run)) {
                for (int round = 0; round < ROUNDS; round++) {
                    run.cluster(cluster -> {
                        cluster.log(TOPIC, 0).append(null, "behind");
                        for (int i = 0; i < EACH; i++) {
                            cluster.log(TOPIC, 1).append(null, KILOBYTE);
                        }
                    });
                    for (int polls = 0; polls < 4; polls++) {
                        poll(run, consumer, good, failures);
                    }
                }
                for (int polls = 0; polls < 500 && good.get() < ROUNDS * EACH; polls++) {
                    poll(run, consumer, good, failures);
                }

                assertThat(good).hasValue(ROUNDS * EACH);
                assertThat(failures.get()).as("the record is told of again and again").isGreaterThan(ROUNDS);
                consumer.seek(BAD, 1);
                AtomicInteger behind = new AtomicInteger();
                for (int polls = 0; polls < 100 && behind.get() < ROUNDS; polls++) {
                    behind.addAndGet(consumer.poll(Duration.ofMillis(50)).count());
                }
                assertThat(behind).hasValue(ROUNDS);
            }
        });
    }
}
