package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.spring.annotation.KafkaListener;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class InvalidKafkaListenerFailureAnalyzerTests {

    static class Wrong {

        @KafkaListener(id = "x", topics = "orders", concurrency = "many")
        void listen(String order) {}
    }

    @Test
    void placeAttributeAndReasonAreTold() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
                .withBean("wrong", Wrong.class)
                .run(context -> {
                    FailureAnalysis analysis =
                            new InvalidKafkaListenerFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure()));

                    assertThat(Objects.requireNonNull(analysis).getDescription()).contains(
                            "Place: bean 'wrong', method listen(String)\n", "Attribute: concurrency\n", "Reason: must be a whole number, not 'many'\n");
                });
    }
}
