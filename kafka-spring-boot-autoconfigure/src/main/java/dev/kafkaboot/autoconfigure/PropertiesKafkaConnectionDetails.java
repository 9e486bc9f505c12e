package dev.kafkaboot.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connection details that are what the properties say. */
final class PropertiesKafkaConnectionDetails implements KafkaConnectionDetails {

    private static final String KEY = "bootstrap.servers";

    private final KafkaProperties properties;

    PropertiesKafkaConnectionDetails(KafkaProperties properties) {
        this.properties = properties;
    }

    @Override
    public List<String> getBootstrapServers() {
        return orElse(given(properties.getProperties()), properties.getBootstrapServers());
    }

    @Override
    public List<String> getProducerBootstrapServers() {
        KafkaProducerProperties producer = properties.getProducer();
        return orElse(given(producer.getProperties()), orElse(producer.getBootstrapServers(), getBootstrapServers()));
    }

    @Override
    public List<String> getConsumerBootstrapServers() {
        KafkaConsumerProperties consumer = properties.getConsumer();
        return orElse(given(consumer.getProperties()), orElse(consumer.getBootstrapServers(), getBootstrapServers()));
    }

    @Override
    public List<String> getAdminBootstrapServers() {
        return orElse(given(properties.getAdmin().getProperties()), getBootstrapServers());
    }

    private static @Nullable List<String> given(Map<String, String> properties) {
        String servers = properties.get(KEY);
        return servers == null ? null : Arrays.stream(servers.split(",", -1)).map(String::strip).filter(server -> !server.isEmpty()).toList();
    }

    private static List<String> orElse(@Nullable List<String> servers, List<String> otherwise) {
        return servers == null || servers.isEmpty() ? otherwise : servers;
    }
}
