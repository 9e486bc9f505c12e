package dev.kafkaboot.autoconfigure.test;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import dev.kafkaboot.test.TestKafka;
import java.util.List;

/** The way to brokers that a test started. */
record TestKafkaConnectionDetails(TestKafka kafka) implements KafkaConnectionDetails {

    @Override
    public List<String> getBootstrapServers() {
        return List.of(kafka.bootstrapServers().split(","));
    }

    @Override
    public String getSecurityProtocol() {
        return "PLAINTEXT"; // whatever the application has elsewhere
    }
}
