package dev.kafkaboot.spring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.spring.config.TopicBuilder;
import dev.kafkaboot.spring.core.KafkaAdmin.NewTopics;
import dev.kafkaboot.spring.core.KafkaAdmin.TopicState;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

@KafkaCluster
@Timeout(120)
class KafkaAdminTests {

    @Test
    void topicsOfBeansAreCreatedAndThoseThatExistAreLeftAsTheyAre(RealKafka kafka) throws Exception {
        kafka.createTopic("admin-there", 2);
        kafka.createTopic("admin-small", 1);
        try (AnnotationConfigApplicationContext context = start(kafka.bootstrapServers(), false,
                TopicBuilder.name("admin-new").partitions(3).compact().build(), NewTopic.of("admin-there").partitions(2),
                new NewTopics(NewTopic.of("admin-small").partitions(4), NewTopic.of("admin-default")))) {
            KafkaAdmin admin = context.getBean(KafkaAdmin.class);

            admin.whenTried(List.of("admin-new", "admin-there", "admin-small", "admin-default")).get(60, TimeUnit.SECONDS);

            assertThat(admin.getTopics()).isEqualTo(Map.of(
                    "admin-new", TopicState.CREATED,
                    "admin-there", TopicState.EXISTED,
                    "admin-small", TopicState.EXISTED_WITH_FEWER_PARTITIONS,
                    "admin-default", TopicState.CREATED));
            assertThat(admin.isComplete()).isTrue();
            assertThat(admin.getClient().topics().describe(List.of("admin-new")).get(30, TimeUnit.SECONDS).get("admin-new").partitions()).hasSize(3);
            assertThat(admin.getClient().topics().describe(List.of("admin-small")).get(30, TimeUnit.SECONDS).get("admin-small").partitions()).hasSize(1);
        }
    }

    @Test
    void topicThatIsRefusedKeepsNoOtherFromBeingCreated(RealKafka kafka) throws Exception {
        try (AnnotationConfigApplicationContext context = start(kafka.bootstrapServers(), false,
                NewTopic.of("admin-refused").config("no.such.setting", "x"), NewTopic.of("admin-beside").partitions(1))) {
            KafkaAdmin admin = context.getBean(KafkaAdmin.class);

            admin.whenTried(List.of("admin-refused", "admin-beside")).get(60, TimeUnit.SECONDS);

            assertThat(admin.getTopics()).isEqualTo(Map.of("admin-refused", TopicState.REFUSED, "admin-beside", TopicState.CREATED));
            assertThat(admin.isComplete()).isFalse();
        }
    }

    @Test
    void topicThatABrokerRefusesToShowKeepsNoOtherFromBeingCreated(RealKafka kafka) throws Exception {
        try (AnnotationConfigApplicationContext context = start(kafka.bootstrapServers(), false,
                NewTopic.of("not a topic!"), NewTopic.of("admin-beside-illegal").partitions(1))) {
            KafkaAdmin admin = context.getBean(KafkaAdmin.class);

            admin.whenTried(List.of("not a topic!", "admin-beside-illegal")).get(60, TimeUnit.SECONDS);

            assertThat(admin.getTopics()).isEqualTo(Map.of("not a topic!", TopicState.REFUSED, "admin-beside-illegal", TopicState.CREATED));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                    assertThat(admin.getLastError()).hasMessageContaining("not a topic!").hasMessageContaining("INVALID_TOPIC_EXCEPTION"));
        }
    }

    @Test
    @KafkaCluster(shared = false)
    void applicationStartsWithoutABrokerAndItsTopicsAreCreatedLater(RealKafka kafka) throws Exception {
        kafka.broker(1).kill();
        try (AnnotationConfigApplicationContext context = start(kafka.bootstrapServers(), false, NewTopic.of("admin-late").partitions(2))) {
            KafkaAdmin admin = context.getBean(KafkaAdmin.class);
            assertThat(admin.getTopics()).isEqualTo(Map.of("admin-late", TopicState.PENDING));

            kafka.broker(1).start();
            admin.whenTried(List.of("admin-late")).get(90, TimeUnit.SECONDS);

            assertThat(admin.getTopics()).isEqualTo(Map.of("admin-late", TopicState.CREATED));
        }
    }

    @Test
    void startFailsWithoutABrokerIfItIsToldTo() {
        assertThatThrownBy(() -> start("localhost:1", true, NewTopic.of("admin-never")).close())
                .isInstanceOf(ApplicationContextException.class)
                .rootCause()
                .hasMessageContaining("localhost:1");
    }

    @Test
    void twoDescriptionsOfOneTopicAreRefused() {
        assertThatThrownBy(() -> start("localhost:1", false, NewTopic.of("admin-two"), NewTopic.of("admin-two").partitions(2)).close())
                .hasStackTraceContaining("Two beans describe the topic 'admin-two'");
    }

    private static AnnotationConfigApplicationContext start(String servers, boolean fatal, Object... topics) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(KafkaAdminClient.class, () -> KafkaAdminClient.builder().bootstrapServers(servers).build());
        context.registerBean(KafkaAdmin.class, () -> {
            KafkaAdmin admin = new KafkaAdmin(context.getBean(KafkaAdminClient.class));
            admin.setFatalIfBrokerNotAvailable(fatal);
            admin.setOperationTimeout(Duration.ofSeconds(fatal ? 3 : 30));
            return admin;
        });
        for (int i = 0; i < topics.length; i++) {
            Object topic = topics[i];
            if (topic instanceof NewTopic one) {
                context.registerBean("topic" + i, NewTopic.class, () -> one);
            } else {
                context.registerBean("topics" + i, NewTopics.class, () -> (NewTopics) topic);
            }
        }
        context.refresh();
        return context;
    }
}
