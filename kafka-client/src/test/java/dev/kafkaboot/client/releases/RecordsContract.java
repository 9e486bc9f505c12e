package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.record.compress.CompressionType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records go to the broker and come back, whichever client wrote them. */
interface RecordsContract extends OnOldBroker {

    /** For the broker to come back. */
    Duration AS_LONG_AS_IT_TAKES = Duration.ofMinutes(10);

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    default void recordsOfEitherClientAreReadByBoth(CompressionType compression) {
        String topic = "records-" + compression;
        List<String> ours = values("ours");
        List<String> theirs = values("theirs");
        broker().kafka.createTopic(topic, 1);

        try (KafkaProducer<String, String> producer = broker().producer().compression(compression).build()) {
            CompletableFuture.allOf(ours.stream().map(value -> producer.send(topic, "key", value)).toArray(CompletableFuture<?>[]::new)).join();
        }
        try (var producer = broker().apachesProducer(Map.of("compression.type", compression.name().toLowerCase(Locale.ROOT)))) {
            theirs.forEach(value -> producer.send(new ProducerRecord<>(topic, "key", value)));
        }

        List<String> all = Stream.concat(ours.stream(), theirs.stream()).toList();
        assertThat(broker().weRead(topic, all.size())).isEqualTo(all);
        assertThat(broker().apacheReads(topic, all.size())).isEqualTo(all);
    }

    private static List<String> values(String writer) {
        return IntStream.range(0, 20).mapToObj(number -> writer + ", record " + number + " of a batch that is worth compressing").toList();
    }

    @Test
    default void offsetsAreFoundByTheEndsAndByTime() {
        TopicPartition partition = new TopicPartition("found", 0);
        broker().kafka.createTopic(partition.topic(), 1);
        try (KafkaProducer<String, String> producer = broker().producer().build();
                KafkaConsumer<String, String> consumer = broker().consumer().build()) {
            producer.send(new dev.kafkaboot.client.producer.ProducerRecord<>(partition.topic(), 0, 1_000L, null, "at 1")).join();
            producer.send(new dev.kafkaboot.client.producer.ProducerRecord<>(partition.topic(), 0, 2_000L, null, "at 2")).join();

            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 2L);
            assertThat(consumer.offsets(Map.of(partition, OffsetSpec.forTimestamp(1_500))).get(partition)).extracting(OffsetAndTimestamp::offset).isEqualTo(1L);
        }
    }

    /** The producer keeps its connections, its id and its sequences; the consumer its position. */
    @Test
    default void clientsGoOnWithABrokerThatWasKilledAndCameBack() {
        TopicPartition partition = new TopicPartition("outlived", 0);
        broker().kafka.createTopic(partition.topic(), 1);
        try (KafkaProducer<String, String> producer = broker().producer().deliveryTimeout(AS_LONG_AS_IT_TAKES).build();
                KafkaConsumer<String, String> consumer = broker().consumer().build()) {
            consumer.assign(List.of(partition));
            producer.send(partition.topic(), "before").join();
            assertThat(OldBroker.read(consumer, 1)).containsExactly("before");

            broker().kafka.broker(1).kill();
            CompletableFuture<RecordMetadata> meanwhile = producer.send(partition.topic(), "meanwhile");
            broker().kafka.broker(1).start();

            assertThat(meanwhile.join().offset()).isEqualTo(1);
            assertThat(producer.send(partition.topic(), "after").join().offset()).isEqualTo(2);
            assertThat(OldBroker.read(consumer, 2)).containsExactly("meanwhile", "after");
        }
    }
}
