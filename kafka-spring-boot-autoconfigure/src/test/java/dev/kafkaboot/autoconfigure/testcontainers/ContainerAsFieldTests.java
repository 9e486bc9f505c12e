package dev.kafkaboot.autoconfigure.testcontainers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;

class ContainerAsFieldTests extends ServiceConnectionScenario {

    @ServiceConnection
    static final FakeKafkaContainer kafka = new FakeKafkaContainer();

    /** What Testcontainers' own extension does for a field with {@code @Container}. */
    @BeforeAll
    static void start() {
        kafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.stop();
    }
}
