package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeGroupMember;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Listeners that are static members of their groups (KIP-345). */
@Timeout(60)
class StaticListenersTests {

    private static FakeKafkaServer kafka;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withBean(KafkaConnectionDetails.class, () -> () -> List.of(kafka.bootstrapServers()));

    @BeforeAll
    static void start() {
        kafka = FakeKafkaServer.start();
        kafka.createTopic("orders", 4);
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    static class OfOneGroup {

        @KafkaListener(id = "one", groupId = "${group}", topics = "orders", concurrency = "2")
        void one(String order) {}

        @KafkaListener(id = "other", groupId = "${group}", topics = "orders", properties = "group.instance.id=of-its-own")
        void other(String order) {}
    }

    private static List<FakeGroupMember> members(String group) {
        return kafka.ask(cluster -> cluster.group(group).exists() ? cluster.group(group).members() : List.of());
    }

    private static Set<String> names(String group) {
        return members(group).stream().map(member -> String.valueOf(member.instanceId())).collect(Collectors.toSet());
    }

    private static boolean areShared(String group) {
        return members(group).stream().map(member -> member.partitions().getOrDefault("orders", List.of()).size()).toList().equals(List.of(2, 2));
    }

    /** With one name for both they would put each other out of the group, again and again. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void listenersOfOneFactoryHaveNamesOfTheirOwnAndShareTheGroup(String protocol) {
        String group = "shared-" + protocol;
        runner.withUserConfiguration(OfOneGroup.class)
                .withPropertyValues("kafka.consumer.group-instance-id=host-1", "kafka.consumer.group-protocol=" + protocol, "group=" + group)
                .run(context -> {
                    await().atMost(Duration.ofSeconds(30)).until(() -> areShared(group));

                    assertThat(names(group)).containsExactlyInAnyOrder("host-1-one", "of-its-own-other");
                });
    }

    static class Alone {

        @KafkaListener(id = "alone", topics = "orders")
        void listen(String order) {}
    }

    @Test
    void listenerWithoutANameIsNotStatic() {
        runner.withUserConfiguration(Alone.class).run(context -> {
            await().atMost(Duration.ofSeconds(30)).until(() -> !members("alone").isEmpty());

            assertThat(names("alone")).containsExactly("null");
        });
    }
}
