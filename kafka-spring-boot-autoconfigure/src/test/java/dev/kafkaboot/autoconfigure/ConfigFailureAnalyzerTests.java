package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.spring.annotation.KafkaListener;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ConfigFailureAnalyzerTests {

    @Test
    void theKeyTheValueAndWhatWouldBeRightAreTold() {
        Throwable failure = new IllegalStateException("context", new ConfigException("max.poll.records", "0", "it must be a whole number, at least 1"));

        String description = Objects.requireNonNull(new ConfigFailureAnalyzer().analyze(failure)).getDescription();

        assertThat(description).contains("Key: max.poll.records").contains("Value: \"0\"").contains("Reason: it must be a whole number, at least 1");
    }

    static class Mistyped {

        @KafkaListener(id = "billing", topics = "orders", properties = "max.poll.recrods=5")
        void bill(String order) {}
    }

    @Test
    void theListenerIsNamedWhoseConsumerItIs() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
                .withBean("orders", Mistyped.class)
                .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1")
                .run(context -> {
                    FailureAnalysis analysis = new ConfigFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure()));

                    assertThat(Objects.requireNonNull(analysis).getDescription())
                            .startsWith("The Kafka consumer of the listener 'billing' (bean 'orders', method bill(String)) was given a wrong configuration:")
                            .contains("Key: max.poll.recrods").contains("did you mean 'max.poll.records'?");
                });
    }
}
