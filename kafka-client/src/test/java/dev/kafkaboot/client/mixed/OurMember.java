package dev.kafkaboot.client.mixed;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A member that runs this client. */
final class OurMember implements Member {

    private final KafkaConsumer<String, String> consumer;

    OurMember(Map<String, ?> config, Collection<String> topics) {
        consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string()).config(config).build();
        consumer.subscribe(topics);
    }

    @Override
    public Client client() {
        return Client.OURS;
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
