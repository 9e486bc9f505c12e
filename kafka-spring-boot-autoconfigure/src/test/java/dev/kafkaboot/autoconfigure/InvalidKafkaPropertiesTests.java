package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
            kafka.producer.partitioner-rack-aware=true     | kafka.producer.partitioner-rack-aware | client.rack
            kafka.producer.linger=-1ms                     | kafka.producer.linger                 | at least 0
            kafka.consumer.auto-offset-reset=first         | kafka.consumer.auto-offset-reset      | earliest
            kafka.consumer.max-poll-records=0              | kafka.consumer.max-poll-records       | at least 1
            kafka.producer.properties.linger.ms=soon       | kafka.producer.properties.linger.ms   | a time in milliseconds
            kafka.properties.request.timeout.ms=soon       | kafka.properties.request.timeout.ms   | a time in milliseconds
            kafka.properties.linger.msec=5                 | kafka.properties.linger.msec          | did you mean 'linger.ms'?
            kafka.consumer.properties[max.pol.records]=5   | kafka.consumer.properties[max.pol.records] | did you mean 'max.poll.records'?
            kafka.producer.topics.orders.linger=-1ms       | kafka.producer.topics.orders.linger   | at least 0
            kafka.producer.topics[my.orders].compression-type=zip | kafka.producer.topics[my.orders].compression-type | it must be one of
            kafka.producer.topics.orders.lingr=5ms         | kafka.producer.topics.orders.lingr    | did you mean 'linger'?
            kafka.producer.topics.my.orders.linger=5ms     | kafka.producer.topics.my.orders.linger | kafka.producer.topics[<name>].<property>
            kafka.producer.topics.orders.compression-level=5 | kafka.producer.topics.orders.compression-level | compression-type beside it
            kafka.producer.properties[topics.orders.lingr.ms]=5 | kafka.producer.properties[topics.orders.lingr.ms] | did you mean 'topics.orders.linger.ms'?
            kafka.consumer.properties[topics.orders.linger.ms]=5 | kafka.consumer.properties[topics.orders.linger.ms] | not known
            kafka.producer.properties.partitioner.rack.aware=true | kafka.producer.properties.partitioner.rack.aware | client.rack
            kafka.producer.properties.partitioner.class=com.example.Mine | kafka.producer.properties.partitioner.class | it must be a Partitioner
            kafka.producer.transaction-two-phase-commit-enable=true | kafka.producer.transaction-two-phase-commit-enable | without transactional.id
            kafka.producer.transaction-timeout=9s          | kafka.producer.transaction-timeout    | without transactional.id
            kafka.consumer.max-unmarked-records=5          | kafka.consumer.max-unmarked-records   | it needs commit.marks
            kafka.share-consumer.max-poll-records=0        | kafka.share-consumer.max-poll-records | at least 1
            kafka.share-consumer.group-ids=shipping        | kafka.share-consumer.group-ids        | did you mean 'kafka.share-consumer.group-id'?
            kafka.producer.ack=all                         | kafka.producer.ack                    | did you mean 'kafka.producer.acks'?
            kafka.security.protocol=TLS                    | kafka.security.protocol               | it must be one of
            spring.kafka.consumer.security.protocol=TLS    | spring.kafka.consumer.security.protocol | it must be one of
            kafka.bootstrap-servers=localhost              | kafka.bootstrap-servers               | it must be host:port
            kafka.consumer.bootstrap-servers=a:1,b:x       | kafka.consumer.bootstrap-servers      | it must be host:port
            kafka.properties.bootstrap.servers=a:0         | kafka.properties.bootstrap.servers    | the port must be from 1 to 65535
            kafka.consumer.heartbeat-interval=1m           | kafka.consumer.heartbeat-interval     | it must be less than session.timeout.ms
            kafka.consumer.properties.partition.assignment.strategy=best | kafka.consumer.properties.partition.assignment.strategy | sticky or cooperative-sticky
            spring.kafka.producer.acks=two                 | spring.kafka.producer.acks            | it must be
            kafka.listener.concurrency=0                   | kafka.listener.concurrency            | at least 1
            spring.kafka.listener.concurrency=0            | spring.kafka.listener.concurrency     | at least 1
            kafka.listener.max-queued-records=0            | kafka.listener.max-queued-records     | at least 1
            kafka.listener.poll-timeout=-1s                | kafka.listener.poll-timeout           | not negative
            kafka.listener.shutdown-timeout=-1s            | kafka.listener.shutdown-timeout       | not negative
            kafka.listener.revocation-timeout=-1s          | kafka.listener.revocation-timeout     | not negative
            kafka.listener.client-id=                      | kafka.listener.client-id              | not blank
            kafka.template.close-timeout=-1s               | kafka.template.close-timeout          | not negative
            kafka.template.default-topic=                  | kafka.template.default-topic          | not blank
            """)
    void aWrongPropertyIsNamedAsItWasWritten(String property, String name, String reason) {
        runner.withPropertyValues(property).run(context -> {
            String description = description(context);
            boolean mayBeASecret = reason.equals("not known"); // whose key nobody here has declared

            assertThat(description)
                    .contains("Property: " + name + "\n")
                    .contains("Value: \"" + (mayBeASecret ? "****" : property.substring(property.indexOf('=') + 1)) + "\"")
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
    void serversThatAllClientsUseAreToldOnce() {
        runner.withPropertyValues("kafka.bootstrap-servers=localhost")
                .run(context -> assertThat(description(context)).startsWith("A Kafka property is wrong:"));
    }

    @Test
    void aClientIdThatAllClientsUseIsToldOnce() {
        runner.withPropertyValues("kafka.client-id=")
                .run(context -> assertThat(description(context)).startsWith("A Kafka property is wrong:").contains("Property: kafka.client-id\n"));
    }

    @Test
    void aListThatIsWrittenElementByElementIsNamedAsAWhole() {
        runner.withPropertyValues("kafka.bootstrap-servers=a:1", "kafka.consumer.bootstrap-servers[0]=b:2", "kafka.consumer.bootstrap-servers[1]=c")
                .run(context -> assertThat(description(context))
                        .startsWith("A Kafka property is wrong:")
                        .contains("Property: kafka.consumer.bootstrap-servers\n", "Value: \"b:2,c\"", "Origin: "));
    }

    @Test
    void serversOfABeanAreNotTakenForAProperty() {
        runner.withBean(KafkaConnectionDetails.class, () -> () -> List.of("localhost")).run(context -> assertThat(description(context))
                .contains("Property: bootstrap.servers\n").contains("Value: \"localhost\"").doesNotContain("kafka.bootstrap-servers"));
    }

    @Test
    void autoCommitNeedsNoGroupHereBecauseListenersCommit() {
        runner.withPropertyValues("kafka.consumer.enable-auto-commit=true").run(context -> assertThat(context).hasNotFailed());
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

    @ParameterizedTest
    @ValueSource(strings = {"spring.kafka.security.protocol=PLAINTEXT", "kafka.security.protocol=PLAINTEXT", "kafka.consumer.security.protocol=plaintext",
        "kafka.properties.security.protocol=PLAINTEXT", "spring.kafka.jaas.enabled=false"})
    void whatAsksForPlainTextIsAccepted(String property) {
        runner.withPropertyValues(property).run(context -> assertThat(context).hasNotFailed());
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
    void anUnknownKeyBelowKafkaThatLooksLikeOneOfOursIsToldInTheLog(CapturedOutput output) {
        runner.withPropertyValues("kafka.bootstrap-server=a:1", "kafka.produser.acks=1", "kafka.topics.orders=orders-v2").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).contains("not read: [kafka.bootstrap-server (did you mean 'kafka.bootstrap-servers'?), "
                    + "kafka.produser.acks (did you mean 'kafka.producer.acks'?)]").doesNotContain("kafka.topics");
        });
    }

    @Test
    void whatIsNotThereYetBelowKafkaIsToldInTheLog(CapturedOutput output) {
        runner.withPropertyValues("kafka.clusters.east.bootstrap-servers=a:1", "kafka.listeners.billing.concurrency=3").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).contains("kafka.clusters.east.bootstrap-servers (named clusters are not there yet)")
                    .contains("kafka.listeners.billing.concurrency (settings by listener are not there yet)");
        });
    }

    @Test
    void whatSpringKafkasPropertiesSayAndMeansNothingHereIsToldInTheLogAndLeftOut(CapturedOutput output) {
        runner.withPropertyValues(
                        "spring.kafka.listener.ack-mode=manual_immediate",
                        "spring.kafka.listener.concurrency=3",
                        "spring.kafka.properties.linger.msec=5",
                        "spring.kafka.consumer.properties.schema.registry.url=http://a",
                        "spring.kafka.producer.properties[partitioner.class]=a.B",
                        "spring.kafka.producer.properties.linger.ms=7")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    KafkaProperties properties = context.getBean(KafkaProperties.class);
                    assertThat(properties.getListener().getAckMode()).isNull();
                    assertThat(properties.getListener().getConcurrency()).isEqualTo(3);
                    assertThat(properties.getProducer().getProperties()).containsOnlyKeys("linger.ms");
                    assertThat(properties.getConsumer().getProperties()).isEmpty();
                    assertThat(output).contains("cannot be used here and are left out", "spring.kafka.listener.ack-mode=manual_immediate (it must be one of [RECORD, BATCH, MANUAL])",
                            "[linger.msec]", "[schema.registry.url]", "[partitioner.class]");
                });
    }

    @Test
    void ofOurOwnPropertiesNothingIsLeftOut() {
        runner.withPropertyValues("spring.kafka.producer.properties.linger.msec=5", "kafka.producer.properties.linger.msec=5")
                .run(context -> assertThat(description(context)).contains("Property: kafka.producer.properties.linger.msec\n"));
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

    @Test
    void aMistypedPropertyOfSpringKafkaIsToldWithTheNameThatWasMeant(CapturedOutput output) {
        runner.withPropertyValues("spring.kafka.consumer.auto-ofset-reset=earliest").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).contains("[spring.kafka.consumer.auto-ofset-reset (there is no such property; did you mean "
                    + "'spring.kafka.consumer.auto-offset-reset'?)]");
        });
    }

    private static String description(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        FailureAnalysis analysis = new InvalidKafkaPropertiesFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure()));
        return Objects.requireNonNull(analysis).getDescription();
    }
}
