package dev.kafkaboot.autoconfigure.metrics;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaConsumerCustomizer;
import dev.kafkaboot.autoconfigure.KafkaListenerAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaProducerCustomizer;
import dev.kafkaboot.autoconfigure.KafkaShareConsumerCustomizer;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.spring.core.SharedConnections;
import dev.kafkaboot.spring.listener.ListenerObserver;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Meters of connections, producers, consumers and listeners, where there is a {@link MeterRegistry}. The names of its beans differ from those of Boot's own for
 * spring-kafka, which may be there too.
 */
@AutoConfiguration(
        before = {KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass({ConnectionManager.class, ListenerObserver.class, MeterRegistry.class})
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "kafka.enabled", matchIfMissing = true)
public final class KafkaMetricsAutoConfiguration {

    @Bean
    MeterBinder kafkaConnectionMetrics(ObjectProvider<SharedConnections> connections) {
        return registry -> connections.ifUnique(shared -> {
            ConnectionMetrics metrics = new ConnectionMetrics(shared::all, registry);
            shared.observe(manager -> manager.addListener(metrics));
        });
    }

    @Bean
    MeterBinder kafkaProducerBufferMetrics(ObjectProvider<KafkaProducer<?, ?>> producers) {
        return registry -> {
            List<KafkaProducer<?, ?>> all = producers.stream().toList();
            if (!all.isEmpty()) {
                Gauge.builder("kafka.producer.buffer.used", () -> all.stream().mapToLong(KafkaProducer::bufferedBytes).sum())
                        .description("Memory of records that wait to be sent or acknowledged").baseUnit("bytes").register(registry);
                Gauge.builder("kafka.producer.buffer.capacity", () -> all.stream().mapToLong(KafkaProducer::bufferCapacityBytes).sum())
                        .description("Memory that there is for them").baseUnit("bytes").register(registry);
            }
        };
    }

    @Bean
    KafkaProducerCustomizer kafkabootProducerMetrics(MeterRegistry registry) {
        ProducerMetrics metrics = new ProducerMetrics(registry);
        return builder -> builder.listener(metrics);
    }

    @Bean
    KafkaConsumerCustomizer kafkabootConsumerMetrics(MeterRegistry registry) {
        ConsumerMetrics metrics = new ConsumerMetrics(registry);
        return builder -> builder.listener(metrics);
    }

    @Bean
    KafkaShareConsumerCustomizer kafkabootShareConsumerMetrics(MeterRegistry registry) {
        ConsumerMetrics metrics = new ConsumerMetrics(registry);
        return builder -> builder.listener(metrics);
    }

    @Bean
    ListenerMetrics kafkaListenerMetrics(MeterRegistry registry) {
        return new ListenerMetrics(registry);
    }
}
