package dev.kafkaboot.autoconfigure.testcontainers;

import dev.kafkaboot.test.FakeKafkaServer;
import org.jspecify.annotations.Nullable;
import org.testcontainers.kafka.KafkaContainer;

/** A container without Docker: what runs in it is a fake Kafka in this JVM. As with others, its address is known when it has started, and not before. */
final class FakeKafkaContainer extends KafkaContainer {

    private static final String IMAGE = "apache/kafka-native";

    private @Nullable FakeKafkaServer kafka;

    FakeKafkaContainer() {
        super(IMAGE);
    }

    /** Would pull the image. */
    @Override
    public String getDockerImageName() {
        return IMAGE;
    }

    @Override
    public void start() {
        if (kafka == null) {
            kafka = FakeKafkaServer.start();
        }
    }

    @Override
    public void stop() {
        if (kafka != null) {
            kafka.close();
            kafka = null;
        }
    }

    @Override
    public boolean isRunning() {
        return kafka != null;
    }

    @Override
    public String getBootstrapServers() {
        if (kafka == null) {
            throw new IllegalStateException("The container has not started");
        }
        return kafka.bootstrapServers();
    }
}
