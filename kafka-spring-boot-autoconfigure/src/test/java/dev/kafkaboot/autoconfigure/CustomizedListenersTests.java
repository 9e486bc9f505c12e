package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.consumer.CommitMarks;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.test.FakeKafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Customizers are for all consumers of the factory, and take nothing from listeners that their containers depend on. */
@Timeout(60)
class CustomizedListenersTests {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int RECORDS = 10;

    private static FakeKafkaServer kafka;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withBean(KafkaConnectionDetails.class, () -> () -> List.of(kafka.bootstrapServers()))
            .withPropertyValues("kafka.consumer.auto-offset-reset=earliest", "kafka.consumer.value-deserializer=string");

    @BeforeAll
    static void start() {
        kafka = FakeKafkaServer.start();
        kafka.createTopic("orders", 1);
        kafka.tell(cluster -> {
            for (int i = 0; i < RECORDS; i++) {
                cluster.log("orders", 0).append("key", "value " + i);
            }
        });
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    private static OptionalLong committed(String group) {
        return kafka.ask(cluster -> cluster.group(group).exists() ? cluster.group(group).committed("orders", 0) : OptionalLong.empty());
    }

    static class Staying {

        private final CountDownLatch mayEnd = new CountDownLatch(1);

        @KafkaListener(id = "staying", topics = "orders")
        void listen(String order) throws InterruptedException {
            mayEnd.await();
        }
    }

    @Test
    void consumerOfAListenerCommitsNothingThatTheListenerHasNotDone() {
        KafkaConsumerCustomizer forOthers = builder -> builder.autoCommit(true);

        runner.withBean(Staying.class).withBean(KafkaConsumerCustomizer.class, () -> forOthers)
                .withPropertyValues("kafka.listener.shutdown-timeout=0s")
                .run(context -> {
                    KafkaListenerEndpointRegistry registry = context.getBean(KafkaListenerEndpointRegistry.class);
                    await().atMost(SOON).until(() -> registry.getListenerContainer("staying").getInFlight() == RECORDS);

                    registry.stop();

                    assertThat(committed("staying")).isEmpty();
                    context.getBean(Staying.class).mayEnd.countDown();
                });
    }

    static class Reading {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "reading", topics = "orders")
        void listen(String order) {
            got.add(order);
        }
    }

    @Test
    void listenerMarksNothingAndIsNotHeldForThat() {
        KafkaConsumerCustomizer forOthers = builder -> builder.commitMarks(CommitMarks.MANUAL).maxPollRecords(1).config("max.unmarked.records", 2);

        runner.withBean(Reading.class).withBean(KafkaConsumerCustomizer.class, () -> forOthers)
                .run(context -> {
                    await().atMost(SOON).until(() -> committed("reading").equals(OptionalLong.of(RECORDS)));

                    assertThat(context.getBean(Reading.class).got).hasSize(RECORDS);
                });
    }

    static class OfOneGroup {

        @KafkaListener(id = "one", groupId = "static", topics = "orders")
        void one(String order) {}

        @KafkaListener(id = "other", groupId = "static", topics = "orders")
        void other(String order) {}
    }

    @Test
    void listenersKeepTheNamesThatTheirContainersGiveThem() {
        KafkaConsumerCustomizer forOthers = builder -> builder.groupInstanceId("host-2").groupId("of-others");

        runner.withUserConfiguration(OfOneGroup.class).withBean(KafkaConsumerCustomizer.class, () -> forOthers)
                .withPropertyValues("kafka.consumer.group-instance-id=host-1")
                .run(context -> await().atMost(SOON).until(() -> names("static").equals(Set.of("host-1-one", "host-1-other"))));
    }

    private static Set<String> names(String group) {
        return kafka.ask(cluster -> cluster.group(group).exists()
                ? cluster.group(group).members().stream().map(member -> String.valueOf(member.instanceId())).collect(Collectors.toSet())
                : Set.of());
    }
}
