package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.autoconfigure.health.KafkaHealthContributorAutoConfiguration;
import dev.kafkaboot.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import dev.kafkaboot.client.cluster.ConnectionManager;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;

/** An application may have Boot's own module for spring-kafka as well, and its beans. */
class BeanNamesTests {

    /** What {@code spring-boot-kafka} 4.1 and {@code @EnableKafka} of spring-kafka 4.1 call their beans. */
    private static final List<String> NAMES_OF_SPRING_KAFKA = List.of(
            "kafkaConnectionDetails", "kafkaTemplate", "kafkaProducerListener", "kafkaConsumerFactory", "kafkaProducerFactory", "kafkaTransactionManager",
            "kafkaJaasInitializer", "kafkaAdmin", "kafkaRetryTopicConfiguration", "kafkaListenerContainerFactoryConfigurer",
            "kafkaListenerContainerFactoryConfigurerVirtualThreads", "kafkaListenerContainerFactory", "kafkaProducerMetrics", "kafkaConsumerMetrics",
            "kafkaStreamsMetrics", "defaultKafkaStreamsConfig", "org.springframework.kafka.config.internalKafkaListenerAnnotationProcessor",
            "org.springframework.kafka.config.internalKafkaListenerEndpointRegistry");

    @Test
    void noBeanHasTheNameOfOneOfSpringKafka() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        KafkaAutoConfiguration.class,
                        KafkaListenerAutoConfiguration.class,
                        KafkaMetricsAutoConfiguration.class,
                        KafkaHealthContributorAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .withInitializer(context -> NAMES_OF_SPRING_KAFKA.forEach(
                        name -> ((GenericApplicationContext) context).registerBean(name, StringBuilder.class, () -> new StringBuilder(name))))
                .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1", "spring.main.allow-bean-definition-overriding=false")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(ConnectionManager.class).hasSingleBean(KafkaConnectionDetails.class);
                    assertThat(NAMES_OF_SPRING_KAFKA).allSatisfy(name -> assertThat(context.getBean(name)).isInstanceOf(StringBuilder.class));
                });
    }
}
