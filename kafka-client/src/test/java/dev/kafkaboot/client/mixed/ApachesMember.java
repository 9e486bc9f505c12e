package dev.kafkaboot.client.mixed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A member that runs Apache's client. */
final class ApachesMember implements Member {

    private final KafkaConsumer<String, String> consumer;

    ApachesMember(Map<String, Object> config, Collection<String> topics) {
        consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(topics);
    }

    @Override
    public Client client() {
        return Client.APACHES;
    }

    @Override
    public List<String> poll() {
        List<String> values = new ArrayList<>();
        consumer.poll(Duration.ofMillis(10)).forEach(record -> values.add(record.value()));
        return values;
    }

    @Override
    public Set<String> partitions() {
        return consumer.assignment().stream().map(TopicPartition::toString).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
