package dev.kafkaboot.benchmarks;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumer of kafka-clients. */
final class ApacheConsumeClient implements ConsumeClient {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private long checksum;

    ApacheConsumeClient(Run run) {
        consumer = new KafkaConsumer<>(Settings.consumer(run), new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
            byte[] value = record.value();
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
