package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeKafka;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to say which offset is asked for, on brokers that know it and on such that do not. */
@Timeout(60)
class OffsetSpecTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private static KafkaConsumer<byte[], byte[]> consumer(FakeKafkaServer kafka) {
        return KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).bootstrapServers(kafka.bootstrapServers()).build();
    }

    private static void write(FakeKafkaServer kafka, long... timestamps) {
        kafka.tell(cluster -> {
            for (long timestamp : timestamps) {
                cluster.log("orders", 0).append(null, new byte[1], HeaderList.EMPTY, timestamp);
            }
        });
    }

    private static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of(OffsetSpec.earliest(), 1L),
                Arguments.of(OffsetSpec.latest(), 4L),
                Arguments.of(OffsetSpec.maxTimestamp(), 2L),
                Arguments.of(OffsetSpec.forTimestamp(150), 2L),
                Arguments.of(OffsetSpec.earliestLocal(), 1L));
    }

    @ParameterizedTest
    @MethodSource("places")
    void offsetIsFoundByItsPlace(OffsetSpec spec, long offset) {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(); KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            kafka.createTopic("orders", 1);
            write(kafka, 50, 100, 300, 200);
            kafka.tell(cluster -> cluster.log("orders", 0).deleteBefore(1));

            assertThat(consumer.offsets(Map.of(PARTITION, spec)).get(PARTITION)).extracting(OffsetAndTimestamp::offset).isEqualTo(offset);
        }
    }

    @Test
    void recordWithTheLargestTimestampIsToldWithIt() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(); KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            kafka.createTopic("orders", 1);
            write(kafka, 100, 300, 200);

            assertThat(consumer.offsets(Map.of(PARTITION, OffsetSpec.maxTimestamp())).get(PARTITION).timestamp()).isEqualTo(300);
        }
    }

    @Test
    void whereNothingIsInRemoteStorageThereIsNoOffsetOfIt() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(); KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            kafka.createTopic("orders", 1);

            assertThat(consumer.offsets(Map.of(PARTITION, OffsetSpec.latestTiered()))).isEmpty();
            assertThat(consumer.offsets(Map.of(PARTITION, OffsetSpec.earliestPendingUpload()))).isEmpty();
        }
    }

    @Test
    void partitionsAreAskedForDifferentPlacesAtOnce() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(); KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            kafka.createTopic("orders", 3);
            Map<TopicPartition, OffsetSpec> specs = new LinkedHashMap<>();
            specs.put(PARTITION, OffsetSpec.maxTimestamp());
            specs.put(new TopicPartition("orders", 1), OffsetSpec.earliest());
            specs.put(new TopicPartition("orders", 2), OffsetSpec.latest());
            write(kafka, 100);

            assertThat(consumer.offsets(specs)).containsOnlyKeys(specs.keySet());
        }
    }

    private static Stream<Arguments> newerThanTheBroker() {
        return Stream.of(
                Arguments.of(OffsetSpec.maxTimestamp(), "2.8", "it takes version 7, and 6 is"),
                Arguments.of(OffsetSpec.earliestLocal(), "2.8", "it takes version 8, and 6 is"),
                Arguments.of(OffsetSpec.latestTiered(), "2.8", "it takes version 9, and 6 is"),
                Arguments.of(OffsetSpec.earliestPendingUpload(), "2.8", "it takes version 11, and 6 is"));
    }

    @ParameterizedTest
    @MethodSource("newerThanTheBroker")
    void brokerThatDoesNotKnowAPlaceIsNamed(OffsetSpec spec, String release, String reason) {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().release(release)); KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            kafka.createTopic("orders", 1);

            assertThatThrownBy(() -> consumer.offsets(Map.of(PARTITION, spec)))
                    .isInstanceOfSatisfying(BrokerException.class, refusal -> {
                        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
                        assertThat(refusal.broker()).isNotNull();
                    })
                    .hasMessageContaining("orders-0").hasMessageContaining(reason);
            assertThat(consumer.beginningOffsets(List.of(PARTITION))).as("what it knows is found").containsEntry(PARTITION, 0L);
        }
    }
}
