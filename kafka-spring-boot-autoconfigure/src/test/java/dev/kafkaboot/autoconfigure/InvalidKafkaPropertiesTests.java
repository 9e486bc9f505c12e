package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.annotation.UserConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class InvalidKafkaPropertiesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
            UserConfigurations.of(KafkaPropertiesConfiguration.class, KafkaPropertiesTests.BindingConfiguration.class));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.producer.acks=two                        | kafka.producer.acks                   | it must be
            kafka.producer.compression-type=zip            | kafka.producer.compression-type       | it must be one of
            kafka.producer.linger=-1ms                     | kafka.producer.linger                 | at least 0
            kafka.consumer.auto-offset-reset=first         | kafka.consumer.auto-offset-reset      | earliest
            kafka.consumer.max-poll-records=0              | kafka.consumer.max-poll-records       | at least 1
            kafka.producer.properties.linger.ms=soon       | kafka.producer.properties.linger.ms   | a time in milliseconds
            kafka.properties.request.timeout.ms=soon       | kafka.properties.request.timeout.ms   | a time in milliseconds
            kafka.properties.linger.msec=5                 | kafka.properties.linger.msec          | did you mean 'linger.ms'?
            kafka.consumer.properties[max.pol.records]=5   | kafka.consumer.properties[max.pol.records] | did you mean 'max.poll.records'?
            kafka.producer.ack=all                         | kafka.producer.ack                    | did you mean 'kafka.producer.acks'?
            kafka.security.protocol=SASL_SSL               | kafka.security.protocol               | TLS and SASL are not there yet
            spring.kafka.security.protocol=SASL_SSL        | spring.kafka.security.protocol        | TLS and SASL are not there yet
            spring.kafka.consumer.ssl.bundle=mine          | spring.kafka.consumer.ssl.bundle      | TLS and SASL are not there yet
            spring.kafka.producer.acks=two                 | spring.kafka.producer.acks            | it must be
            spring.kafka.properties.linger.msec=5          | spring.kafka.properties.linger.msec   | did you mean 'linger.ms'?
            """)
    void aWrongPropertyIsNamedAsItWasWritten(String property, String name, String reason) {
        runner.withPropertyValues(property).run(context -> {
            String description = description(context);

            assertThat(description)
                    .contains("Property: " + name + "\n")
                    .contains("Value: \"" + property.substring(property.indexOf('=') + 1) + "\"")
                    .contains("Origin: ")
                    .contains(reason);
        });
    }

    @Test
    void allFaultsAreToldAtOnceAndASharedOneOnce() {
        runner.withPropertyValues("kafka.producer.acks=two", "kafka.consumer.auto-offset-reset=first", "kafka.properties.request.timeout.ms=soon")
                .run(context -> {
                    String description = description(context);

                    assertThat(description)
                            .startsWith("3 Kafka properties are wrong:")
                            .containsOnlyOnce("Property: kafka.properties.request.timeout.ms");
                });
    }

    @Test
    void anEnvironmentVariableIsNamedAsSuch() {
        runner.withInitializer(context -> context.getEnvironment().getPropertySources().addFirst(
                        new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of("KAFKA_PRODUCER_ACKS", "two"))))
                .run(context -> {
                    String description = description(context);

                    assertThat(description).contains("Property: KAFKA_PRODUCER_ACKS\n");
                });
    }

    @Test
    void whatOthersPutIntoTheEnvironmentDoesNoHarm() {
        runner.withInitializer(context -> context.getEnvironment().getPropertySources().addFirst(new SystemEnvironmentPropertySource(
                        "systemEnvironment",
                        Map.of("KAFKA_HOME", "/opt/kafka", "KAFKA_PORT", "tcp://10.0.0.1:9092", "KAFKA_PRODUCER_CLIENT_ID", "b"))))
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values()).containsEntry("client.id", "b"));
    }

    @Test
    void anApplicationsOwnKeysBelowKafkaAreLeftAlone() {
        runner.withPropertyValues("kafka.topics.orders=orders-v2", "kafka.producer.clientId=b").run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aValueThatMayBeASecretIsNotShown() {
        runner.withPropertyValues("kafka.properties.sasl.jaas.config=user and password").run(context -> {
            String description = description(context);

            assertThat(description).contains("kafka.properties.sasl.jaas.config").doesNotContain("user and password");
        });
    }

    @Test
    void propertiesOfSpringKafkaWithoutACounterpartAreToldInTheLog(CapturedOutput output) {
        runner.withPropertyValues("spring.kafka.streams.application-id=a", "spring.kafka.listener.no-such-thing=b", "spring.kafka.client-id=c")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains("not read: [spring.kafka.listener.no-such-thing, spring.kafka.streams.application-id]");
                });
    }

    private static String description(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        FailureAnalysis analysis = new InvalidKafkaPropertiesFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure()));
        return Objects.requireNonNull(analysis).getDescription();
    }
}
