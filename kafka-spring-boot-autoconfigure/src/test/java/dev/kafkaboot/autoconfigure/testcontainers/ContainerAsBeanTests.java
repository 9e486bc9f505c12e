package dev.kafkaboot.autoconfigure.testcontainers;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@Import(ContainerAsBeanTests.Containers.class)
class ContainerAsBeanTests extends ServiceConnectionScenario {

    @ImportAutoConfiguration(ServiceConnectionAutoConfiguration.class)
    static class Containers {

        @Bean
        @ServiceConnection
        FakeKafkaContainer kafka() {
            return new FakeKafkaContainer();
        }
    }
}
