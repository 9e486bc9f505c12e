package dev.kafkaboot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaListenerAutoConfiguration;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ListenerMetricsTests {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    static class Listener {

        @KafkaListener(id = "billing", topics = "orders")
        void bill(String order) {}
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    KafkaMetricsAutoConfiguration.class, KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withBean(SimpleMeterRegistry.class)
            .withBean(Listener.class)
            .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    @Test
    void metersOfAListenerGoWhenItWasUnregisteredAndHasStopped() {
        runner.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            KafkaListenerEndpointRegistry registry = context.getBean(KafkaListenerEndpointRegistry.class);
            assertThat(ofListeners(meters)).contains("kafka.listener.received", "kafka.listener.processing", "kafka.listener.inflight");

            MessageListenerContainer container = registry.unregisterListenerContainer("billing");
            assertThat(ofListeners(meters)).isNotEmpty();
            container.stop();

            assertThat(ofListeners(meters)).isEmpty();
        });
    }

    @Test
    void metersOfAListenerThatIsGoneDoNotComeBackWithItsLastRecord() {
        MeterRegistry meters = new SimpleMeterRegistry();
        ListenerMetrics metrics = new ListenerMetrics(meters);
        runner.run(context -> {
            MessageListenerContainer container = context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("billing");
            metrics.started(container);
            metrics.unregistered(container);
            metrics.stopped(container);

            metrics.processed(container, PARTITION, 5);
            metrics.revoked(container, List.of(PARTITION));
            assertThat(ofListeners(meters)).isEmpty();

            metrics.started(container);
            assertThat(ofListeners(meters)).as("started again").isNotEmpty();
        });
    }

    @Test
    void metersOfAStoppedListenerStayUntilItIsUnregistered() {
        runner.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            KafkaListenerEndpointRegistry registry = context.getBean(KafkaListenerEndpointRegistry.class);

            registry.getListenerContainer("billing").stop();
            assertThat(ofListeners(meters)).isNotEmpty();
            registry.unregisterListenerContainer("billing");

            assertThat(ofListeners(meters)).isEmpty();
        });
    }

    @Test
    void listenerThatTakesTheIdOfOneThatIsStoppingHasMetersOfItsOwn() {
        MeterRegistry meters = new SimpleMeterRegistry();
        ListenerMetrics metrics = new ListenerMetrics(meters);
        runner.run(oneContext -> runner.run(otherContext -> {
            MessageListenerContainer first = oneContext.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("billing");
            MessageListenerContainer second = otherContext.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("billing");
            metrics.started(first);
            metrics.received(first, PARTITION, 5);
            metrics.assigned(first, List.of(PARTITION));

            metrics.unregistered(first);
            metrics.started(second);
            metrics.received(second, PARTITION, 2);
            metrics.assigned(first, List.of(PARTITION));
            metrics.stopped(first);

            assertThat(meters.get("kafka.listener.received").counter().count()).isEqualTo(2);
            assertThat(ofListeners(meters)).contains("kafka.listener.inflight").doesNotContain("kafka.listener.lag");
        }));
    }

    private static List<String> ofListeners(MeterRegistry registry) {
        return registry.getMeters().stream().map(Meter::getId).map(Meter.Id::getName).filter(name -> name.startsWith("kafka.listener.")).toList();
    }
}
