package dev.kafkaboot.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializers;

/** The consumer of this project. */
final class OurConsumeClient implements ConsumeClient {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private long checksum;

    OurConsumeClient(Run run) {
        consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).config(Settings.consumer(run)).build();
        partitions = consumer.partitionsFor(run.topic()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
    }

    @Override
    public void begin() {
        consumer.seekToBeginning(partitions);
        checksum = 0;
    }

    @Override
    public int poll() {
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
            byte[] value = Objects.requireNonNull(record.value(), "the benchmark's records have values");
            checksum += value.length + value[value.length >> 1];
            count++;
        }
        return count;
    }

    @Override
    public long checksum() {
        return checksum;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
