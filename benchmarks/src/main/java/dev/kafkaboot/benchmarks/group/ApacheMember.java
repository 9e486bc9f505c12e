package dev.kafkaboot.benchmarks.group;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer of kafka-clients. */
final class ApacheMember implements MemberClient {

    private final KafkaConsumer<byte[], byte[]> consumer;

    ApacheMember(Map<String, Object> settings, String protocol) {
        if (protocol.equals("classic")) {
            settings.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        }
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void subscribe(String topic) {
        consumer.subscribe(List.of(topic));
    }

    @Override
    public void poll(Duration limit, Reader reader) {
        consumer.poll(limit).forEach(record -> reader.read(record.partition(), record.timestamp()));
    }

    @Override
    public Set<Integer> assigned() {
        return consumer.assignment().stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
