package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.consumer.CommitMarks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.annotation.UserConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

class KafkaPropertiesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(UserConfigurations.of(KafkaPropertiesConfiguration.class, BindingConfiguration.class));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.producer.acks=1                           | acks                    | 1
            kafka.producer.batch-size=32KB                  | batch.size              | 32768
            kafka.producer.buffer-memory=64MB               | buffer.memory           | 67108864
            kafka.producer.client-id=billing                | client.id               | billing
            kafka.producer.compression-type=zstd            | compression.type        | zstd
            kafka.producer.delivery-timeout=30s             | delivery.timeout.ms     | PT30S
            kafka.producer.linger=20ms                      | linger.ms               | PT0.02S
            kafka.producer.max-block=2s                     | max.block.ms            | PT2S
            kafka.producer.max-request-size=2MB             | max.request.size        | 2097152
            kafka.producer.partitioner-adaptive=false       | partitioner.adaptive.partitioning.enable | false
            kafka.producer.partitioner-availability-timeout=2s | partitioner.availability.timeout.ms | PT2S
            kafka.producer.partitioner-ignore-keys=true     | partitioner.ignore.keys | true
            kafka.producer.retries=7                        | retries                 | 7
            kafka.producer.properties[request.timeout.ms]=7 | request.timeout.ms      | 7
            kafka.producer.properties.linger.ms=7           | linger.ms               | 7
            kafka.producer.topics.orders.batch-size=32KB    | topics.orders.batch.size | 32768
            kafka.producer.topics.orders.linger=20ms        | topics.orders.linger.ms | PT0.02S
            kafka.producer.topics[my.orders].compression-type=zstd | topics.my.orders.compression.type | zstd
            kafka.producer.properties[topics.my.orders.linger.ms]=7 | topics.my.orders.linger.ms | 7
            kafka.properties[topics.my.orders.linger.ms]=7  | topics.my.orders.linger.ms | 7
            kafka.producer.properties.partitioner.class=round-robin | partitioner.class | round-robin
            kafka.producer.bootstrap-servers=a:1,b:2        | bootstrap.servers       | [a:1, b:2]
            kafka.client-id=shop                            | client.id               | shop
            spring.application.name=orders                  | client.id               | orders
            kafka.properties[linger.ms]=7                   | linger.ms               | 7
            kafka.bootstrap-servers=c:3                     | bootstrap.servers       | [c:3]
            kafka.properties[bootstrap.servers]=c:3,d:4     | bootstrap.servers       | [c:3, d:4]
            """)
    void aPropertyReachesTheProducer(String property, String key, String value) {
        runner.withPropertyValues(property).run(context ->
                assertThat(context.getBean(KafkaSettings.class).producer().values()).hasEntrySatisfying(key, given -> assertThat(given).hasToString(value)));
    }

    @Test
    void rackAwarenessReachesTheProducerWithTheRackThatItNeeds() {
        runner.withPropertyValues("kafka.producer.partitioner-rack-aware=true", "kafka.properties.client.rack=near")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values())
                        .containsEntry("partitioner.rack.aware", true).containsEntry("client.rack", "near"));
    }

    @Test
    void whatTransactionsNeedReachesTheProducerTogether() {
        runner.withPropertyValues("kafka.producer.transactional-id=billing-1", "kafka.producer.transaction-timeout=9s")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values())
                        .containsEntry("transactional.id", "billing-1").containsEntry("transaction.timeout.ms", Duration.ofSeconds(9)));
        runner.withPropertyValues("kafka.producer.transactional-id=billing-1", "kafka.producer.transaction-two-phase-commit-enable=true")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values())
                        .containsEntry("transaction.two.phase.commit.enable", true));
    }

    @Test
    void theLevelOfATopicIsThatOfItsCompression() {
        runner.withPropertyValues("kafka.producer.topics.orders.compression-type=ZSTD", "kafka.producer.topics.orders.compression-level=7")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values())
                        .containsEntry("topics.orders.compression.zstd.level", 7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.consumer.enable-auto-commit=false         | enable.auto.commit      | false
            kafka.consumer.auto-commit-interval=2s          | auto.commit.interval.ms | PT2S
            kafka.consumer.commit-marks=off                 | commit.marks            | OFF
            kafka.consumer.auto-offset-reset=earliest       | auto.offset.reset       | earliest
            kafka.consumer.bootstrap-servers=a:1,b:2        | bootstrap.servers       | [a:1, b:2]
            kafka.consumer.client-id=billing                | client.id               | billing
            kafka.consumer.fetch-max-wait=2s                | fetch.max.wait.ms       | PT2S
            kafka.consumer.fetch-min-size=2KB               | fetch.min.bytes         | 2048
            kafka.consumer.group-id=billing                 | group.id                | billing
            kafka.consumer.group-instance-id=host-1         | group.instance.id       | host-1
            kafka.consumer.heartbeat-interval=1s            | heartbeat.interval.ms   | PT1S
            kafka.consumer.session-timeout=20s              | session.timeout.ms      | PT20S
            kafka.consumer.isolation-level=read-committed   | isolation.level         | READ_COMMITTED
            kafka.consumer.max-poll-records=9               | max.poll.records        | 9
            kafka.consumer.max-poll-interval=1m             | max.poll.interval.ms    | PT1M
            kafka.consumer.properties.max.poll.records=9    | max.poll.records        | 9
            kafka.properties.max.poll.records=9             | max.poll.records        | 9
            """)
    void aPropertyReachesTheConsumer(String property, String key, String value) {
        runner.withPropertyValues(property).run(context ->
                assertThat(context.getBean(KafkaSettings.class).consumer().values()).hasEntrySatisfying(key, given -> assertThat(given).hasToString(value)));
    }

    @Test
    void marksReachTheConsumerWithTheirBound() {
        runner.withPropertyValues("kafka.consumer.commit-marks=auto", "kafka.consumer.max-unmarked-records=50")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).consumer().values())
                        .containsEntry("commit.marks", CommitMarks.AUTO).containsEntry("max.unmarked.records", 50));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.share-consumer.acknowledgement-mode=explicit | share.acknowledgement.mode | EXPLICIT
            kafka.share-consumer.acquire-mode=record-limit  | share.acquire.mode      | RECORD_LIMIT
            kafka.share-consumer.client-id=shipping         | client.id               | shipping
            kafka.consumer.client-id=billing                | client.id               | billing
            kafka.share-consumer.fetch-max-wait=2s          | fetch.max.wait.ms       | PT2S
            kafka.share-consumer.fetch-min-size=2KB         | fetch.min.bytes         | 2048
            kafka.share-consumer.group-id=shipping          | group.id                | shipping
            kafka.share-consumer.max-poll-records=9         | max.poll.records        | 9
            kafka.share-consumer.max-poll-interval=1m       | max.poll.interval.ms    | PT1M
            kafka.share-consumer.properties.max.poll.records=9 | max.poll.records     | 9
            kafka.properties.share.acquire.mode=record_limit | share.acquire.mode     | record_limit
            kafka.consumer.bootstrap-servers=a:1,b:2        | bootstrap.servers       | [a:1, b:2]
            kafka.consumer.properties.reconnect.backoff.ms=7 | reconnect.backoff.ms   | 7
            """)
    void aPropertyReachesTheShareConsumer(String property, String key, String value) {
        runner.withPropertyValues(property).run(context ->
                assertThat(context.getBean(KafkaSettings.class).shareConsumer().values()).hasEntrySatisfying(key, given -> assertThat(given).hasToString(value)));
    }

    @Test
    void whatConsumersDoWithOffsetsIsNoAffairOfShareConsumers() {
        runner.withPropertyValues("kafka.consumer.auto-offset-reset=earliest", "kafka.consumer.properties.session.timeout.ms=9000", "kafka.consumer.group-id=billing")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).shareConsumer().values()).containsOnlyKeys("bootstrap.servers"));
    }

    @ParameterizedTest
    @CsvSource({"kafka.admin.client-id=ops, client.id, ops", "kafka.admin.properties.request.timeout.ms=9, request.timeout.ms, 9",
        "kafka.admin.operation-timeout=9s, default.api.timeout.ms, PT9S"})
    void aPropertyReachesTheAdminClient(String property, String key, String value) {
        runner.withPropertyValues(property).run(context ->
                assertThat(context.getBean(KafkaSettings.class).admin().values()).hasEntrySatisfying(key, given -> assertThat(given).hasToString(value)));
    }

    @Test
    void nothingIsSetThatWasNotGiven() {
        runner.run(context -> {
            KafkaSettings settings = context.getBean(KafkaSettings.class);

            assertThat(settings.producer().values()).containsOnly(entry("bootstrap.servers", List.of("localhost:9092")));
            assertThat(settings.consumer().values()).containsOnly(entry("bootstrap.servers", List.of("localhost:9092")));
            assertThat(settings.shareConsumer().values()).containsOnly(entry("bootstrap.servers", List.of("localhost:9092")));
            assertThat(settings.admin().values()).containsOnly(entry("bootstrap.servers", List.of("localhost:9092")));
        });
    }

    @Test
    void aSharedPropertyThatConcernsProducersAloneDoesNotReachConsumers() {
        runner.withPropertyValues("kafka.properties.linger.ms=7", "kafka.properties.max.poll.records=9").run(context -> {
            KafkaSettings settings = context.getBean(KafkaSettings.class);

            assertThat(settings.producer().values()).containsKey("linger.ms").doesNotContainKey("max.poll.records");
            assertThat(settings.consumer().values()).containsKey("max.poll.records").doesNotContainKey("linger.ms");
        });
    }

    @Test
    void theClientsOwnPropertyWinsOverTheSharedOne() {
        runner.withPropertyValues(
                        "kafka.properties.linger.ms=1", "kafka.producer.linger=2ms", "kafka.client-id=shared", "kafka.producer.client-id=own")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values())
                        .containsEntry("linger.ms", Duration.ofMillis(2))
                        .containsEntry("client.id", "own"));
    }

    @Test
    void theClientsOwnMapWinsOverItsOwnProperty() {
        runner.withPropertyValues("kafka.producer.linger=2ms", "kafka.producer.properties.linger.ms=3")
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values()).containsEntry("linger.ms", "3"));
    }

    @Test
    void keysOfSpringKafkaAreReadWhereOursAreAbsent() {
        bound(properties -> {
            assertThat(properties.getBootstrapServers()).containsExactly("ours:1");
            assertThat(properties.getConsumer().getGroupId()).isEqualTo("theirs");
            assertThat(properties.getConsumer().getAutoOffsetReset()).isEqualTo("latest");
            assertThat(properties.getConsumer().getIsolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
            assertThat(properties.getProducer().getBatchSize()).isEqualTo(DataSize.ofKilobytes(8));
            assertThat(properties.getProperties()).isEqualTo(Map.of("linger.ms", "1", "retry.backoff.ms", "2", "request.timeout.ms", "3"));
            assertThat(properties.getTemplate().getDefaultTopic()).isEqualTo("theirs");
        },
                "spring.kafka.bootstrap-servers=theirs:1,theirs:2", "kafka.bootstrap-servers=ours:1",
                "spring.kafka.consumer.group-id=theirs",
                "spring.kafka.consumer.auto-offset-reset=earliest", "kafka.consumer.auto-offset-reset=latest",
                "spring.kafka.consumer.isolation-level=read_committed",
                "spring.kafka.producer.batch-size=8KB",
                "spring.kafka.properties.retry.backoff.ms=2", "spring.kafka.properties.linger.ms=9",
                "kafka.properties.linger.ms=1", "kafka.properties[request.timeout.ms]=3",
                "spring.kafka.template.default-topic=theirs");
    }

    @Test
    void connectionDetailsOfTheUserReplaceTheServersOfTheProperties() {
        runner.withPropertyValues("kafka.bootstrap-servers=a:1", "kafka.producer.bootstrap-servers=b:1")
                .withBean(KafkaConnectionDetails.class, () -> () -> List.of("given:9"))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(PropertiesKafkaConnectionDetails.class);
                    KafkaSettings settings = context.getBean(KafkaSettings.class);
                    assertThat(settings.producer().values()).containsEntry("bootstrap.servers", List.of("given:9"));
                    assertThat(settings.connections().values()).containsEntry("bootstrap.servers", List.of("given:9"));
                });
    }

    @Test
    void keysOfSpringKafkaAreReadAlthoughTheApplicationRegistersThePropertiesItself() {
        new ApplicationContextRunner()
                .withConfiguration(UserConfigurations.of(RegisteredByTheApplication.class, KafkaPropertiesConfiguration.class))
                .withPropertyValues("spring.kafka.bootstrap-servers=theirs:1", "spring.kafka.client-id=theirs", "kafka.client-id=ours")
                .run(context -> {
                    KafkaProperties properties = context.getBean(KafkaProperties.class);
                    assertThat(properties.getBootstrapServers()).containsExactly("theirs:1");
                    assertThat(properties.getClientId()).isEqualTo("ours");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_BOOTSTRAPSERVERS", "KAFKA_BOOTSTRAP_SERVERS", "SPRING_KAFKA_BOOTSTRAPSERVERS", "SPRING_KAFKA_BOOTSTRAP_SERVERS",
        "KAFKA_PROPERTIES_BOOTSTRAP_SERVERS",
    })
    void serversMayBeInAVariable(String variable) {
        runner.withInitializer(context -> context.getEnvironment().getPropertySources().addFirst(
                        new SystemEnvironmentPropertySource("systemEnvironment", Map.of(variable, "a:1, b:2"))))
                .run(context -> assertThat(context.getBean(KafkaSettings.class).producer().values())
                        .containsEntry("bootstrap.servers", List.of("a:1", "b:2")));
    }

    private void bound(Consumer<KafkaProperties> assertions, String... properties) {
        runner.withPropertyValues(properties).run(context -> assertions.accept(context.getBean(KafkaProperties.class)));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties
    static class BindingConfiguration {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(KafkaProperties.class)
    static class RegisteredByTheApplication {}
}
