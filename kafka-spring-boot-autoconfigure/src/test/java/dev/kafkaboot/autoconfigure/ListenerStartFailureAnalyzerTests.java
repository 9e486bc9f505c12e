package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.spring.annotation.KafkaListener;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ListenerStartFailureAnalyzerTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    static class WithoutGroup {

        @KafkaListener(topics = "orders")
        void bill(String order) {}
    }

    @Test
    void aListenerWithoutAGroupIsNamedAndWhereToGiveIt() {
        runner.withBean("billing", WithoutGroup.class).run(context -> {
            FailureAnalysis analysis =
                    Objects.requireNonNull(new ListenerStartFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())));

            assertThat(analysis.getDescription())
                    .startsWith("The listener 'billing.bill' (bean 'billing', method bill(String)) cannot start: it has no group");
            assertThat(analysis.getAction()).contains("an id", "a groupId", "kafka.consumer.group-id");
        });
    }

    static class WrongKey {

        @KafkaListener(id = "billing", topics = "orders", properties = "max.poll.recrods=5")
        void bill(String order) {}
    }

    @Test
    void aWrongConfigurationIsLeftToTheAnalyzerThatKnowsMore() {
        runner.withBean(WrongKey.class).run(context ->
                assertThat(new ListenerStartFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure()))).isNull());
    }
}
