package dev.kafkaboot.autoconfigure.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.kafka.ConfluentKafkaContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.redpanda.RedpandaContainer;

/** Without Docker: the containers are never started, only asked where they are. */
class KafkaContainerConnectionDetailsTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class));

    @Test
    void anApacheContainerTellsWhereItsBrokerIs() {
        runner.withUserConfiguration(ApacheContainer.class).run(context ->
                assertThat(context.getBean(KafkaConnectionDetails.class).getBootstrapServers()).containsExactly("localhost:10001"));
    }

    @Test
    void aConfluentContainerTellsWhereItsBrokerIs() {
        runner.withUserConfiguration(ConfluentContainer.class).run(context ->
                assertThat(context.getBean(KafkaConnectionDetails.class).getBootstrapServers()).containsExactly("localhost:10002"));
    }

    @Test
    void aRedpandaContainerTellsWhereItsBrokerIs() {
        runner.withUserConfiguration(Redpanda.class).run(context ->
                assertThat(context.getBean(KafkaConnectionDetails.class).getBootstrapServers()).containsExactly("PLAINTEXT://localhost:10003"));
    }

    @Configuration(proxyBeanMethods = false)
    static class ApacheContainer {

        @Bean
        @ServiceConnection
        KafkaContainer kafka() {
            return new KafkaContainer("apache/kafka-native") {
                @Override
                public void start() {}

                @Override
                public String getBootstrapServers() {
                    return "localhost:10001";
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ConfluentContainer {

        @Bean
        @ServiceConnection
        ConfluentKafkaContainer kafka() {
            return new ConfluentKafkaContainer("confluentinc/cp-kafka") {
                @Override
                public void start() {}

                @Override
                public String getBootstrapServers() {
                    return "localhost:10002";
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Redpanda {

        @Bean
        @ServiceConnection
        RedpandaContainer kafka() {
            return new RedpandaContainer("redpandadata/redpanda:v25.2.1") {
                @Override
                public void start() {}

                @Override
                public String getBootstrapServers() {
                    return "PLAINTEXT://localhost:10003";
                }
            };
        }
    }
}
