package dev.kafkaboot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaListenerAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaProducerCustomizer;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.JsonSerializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.core.DefaultKafkaProducerFactory;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.spring.core.ProducerFactory;
import dev.kafkaboot.spring.core.SharedConnections;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class KafkaMetricsAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    KafkaMetricsAutoConfiguration.class,
                    KafkaAutoConfiguration.class,
                    KafkaListenerAutoConfiguration.class))
            .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    @Test
    void theBufferIsMeasured() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);

            assertThat(registry.get("kafka.producer.buffer.capacity").gauge().value()).isEqualTo(32 * 1024 * 1024);
            assertThat(registry.get("kafka.producer.buffer.used").gauge().value()).isZero();
        });
    }

    @Test
    void buffersOfSeveralProducersAreMeasuredTogether() {
        runner.withBean(SimpleMeterRegistry.class)
                .withBean("one", KafkaProducer.class, () -> producer(2_000_000))
                .withBean("two", KafkaProducer.class, () -> producer(3_000_000))
                .run(context -> assertThat(context.getBean(MeterRegistry.class).get("kafka.producer.buffer.capacity").gauge().value()).isEqualTo(5_000_000));
    }

    @Test
    void factoryOfTheApplicationsOwnSharesTheConnections() {
        runner.withBean(SimpleMeterRegistry.class).withUserConfiguration(OwnFactory.class).run(context -> {
            assertThat(context).hasSingleBean(ProducerFactory.class);
            assertThat(context.getBean(KafkaTemplate.class).getProducerFactory()).isSameAs(context.getBean(ProducerFactory.class));
            assertThat(context.getBean(SharedConnections.class).all()).containsExactly(context.getBean(ConnectionManager.class));
        });
    }

    record Order(String id) {}

    /** As docs/spring-boot.md shows it. */
    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        ProducerFactory<String, Order> orders(SharedConnections connections, ObjectProvider<KafkaProducerCustomizer> customizers) {
            DefaultKafkaProducerFactory<String, Order> factory =
                    new DefaultKafkaProducerFactory<>(connections, Map.of("linger.ms", "20"), Serializers.string(), new JsonSerializer<>(Order.class));
            customizers.orderedStream().forEach(customizer -> factory.addBuilderCustomizer(customizer::customize));
            return factory;
        }
    }

    private static KafkaProducer<String, String> producer(long bufferMemory) {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers("127.0.0.1:1").bufferMemory(bufferMemory).build();
    }

    @Test
    void connectionsOfClientsThatConnectElsewhereAreMeasuredToo() {
        runner.withBean(SimpleMeterRegistry.class).withPropertyValues("kafka.producer.bootstrap-servers=127.0.0.1:2").run(context -> {
            SharedConnections connections = context.getBean(SharedConnections.class);

            connections.all().forEach(each -> each.loop().execute(each.metadata()::requestRefresh));

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(registry.find("kafka.client.disconnects").tag("error", "failure").counters())
                    .extracting(counter -> counter.getId().getTag("broker")).contains("127.0.0.1:1", "127.0.0.1:2"));
        });
    }

    @Test
    void nothingIsMeasuredWithoutARegistry() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ListenerMetrics.class));
    }

    @Test
    void nothingIsMeasuredWithoutMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ConnectionManager.class).doesNotHaveBean(ListenerMetrics.class));
    }

    @Test
    void nothingIsMeasuredWithoutKafka() {
        runner.withBean(SimpleMeterRegistry.class).withPropertyValues("kafka.enabled=false").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(MeterRegistry.class).getMeters()).noneMatch(meter -> meter.getId().getName().startsWith("kafka"));
        });
    }
}
