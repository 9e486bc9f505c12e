package dev.kafkaboot.benchmarks.group;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A consumer of this project. */
final class OurMember implements MemberClient {

    private final KafkaConsumer<byte[], byte[]> consumer;

    OurMember(Map<String, Object> settings, String protocol) {
        if (protocol.equals("classic")) {
            settings.put("partition.assignment.strategy", "cooperative-sticky");
        }
        consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).config(settings).build();
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
