package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.health.KafkaHealthContributorAutoConfiguration;
import dev.kafkaboot.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.spring.annotation.KafkaHandler;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A template, a listener, health and meters together; on which Kafka, the classes below say in one word. */
@SpringBootTest(
        classes = EndToEndScenario.Application.class,
        properties = {"spring.kafka.consumer.auto-offset-reset=earliest", "kafka.client-id=end-to-end"})
abstract class EndToEndScenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private KafkaTemplate<String, Object> template;

    @Autowired
    private Received received;

    @Autowired
    private Shared shared;

    @Autowired
    private ConnectionManager connections;

    @Autowired
    private KafkaListenerEndpointRegistry registry;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    @Qualifier("kafkaHealthContributor")
    private HealthIndicator health;

    /** Also: the topic is there as its bean says. Who sends first has it created by the broker, as the broker likes. */
    @BeforeEach
    void listenerHasItsPartitions() {
        await().atMost(PATIENCE).until(() -> container().getAssignedPartitions().size() == 2);
    }

    @AfterEach
    void listenerRunsAgain() {
        container().start();
        shared.got.clear();
        shared.slow.clear();
    }

    @Test
    void whatIsSentArrivesAndIsMeasured() {
        template.send("end-to-end", "k", new Greeting("hello")).join();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(received.greetings).contains(new Greeting("hello")));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(meters.get("kafka.listener.processing").tags("listener", "greetings", "result", "success").timer().count()).isPositive();
            assertThat(meters.get("kafka.listener.received").tag("listener", "greetings").counter().count()).isPositive();
            assertThat(meters.get("kafka.listener.partitions").tag("listener", "greetings").gauge().value()).isEqualTo(2);
            assertThat(meters.get("kafka.listener.lag").tags("listener", "greetings", "topic", "end-to-end", "partition", "0").gauge().value())
                    .isZero();
            assertThat(meters.get("kafka.consumer.records").tag("topic", "end-to-end").counter().count()).isPositive();
            assertThat(meters.get("kafka.consumer.fetches").timer().count()).isPositive();
            assertThat(meters.get("kafka.listener.commits").tags("listener", "greetings", "result", "success").counter().count()).isPositive();
        });
        assertThat(meters.get("kafka.producer.records").tags("topic", "end-to-end", "result", "success").counter().count()).isPositive();
        assertThat(meters.get("kafka.producer.latency").tag("topic", "end-to-end").timer().count()).isPositive();
    }

    @Test
    void aRecordThatNoMethodTakesIsSkippedAndCounted() {
        template.send("end-to-end", "k", 42).join();

        await().atMost(PATIENCE).until(() -> meters.find("kafka.listener.skipped").tag("listener", "greetings").counters().stream()
                .anyMatch(counter -> counter.count() > 0));
    }

    @Test
    void healthShowsTheListenerAndItsPartitions() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(check().getStatus()).isEqualTo(Status.UP);
            assertThat(listener()).containsEntry("state", "running").containsEntry("group", "greetings")
                    .containsEntry("partitions", List.of("end-to-end-0", "end-to-end-1"));
        });
    }

    @Test
    void aListenerThatWasStoppedOnPurposeIsWellAndHasNoLag() {
        await().atMost(PATIENCE).until(() -> container().getAssignedPartitions().size() == 2);

        container().stop();

        assertThat(check().getStatus()).isEqualTo(Status.UP);
        assertThat(listener()).containsEntry("state", "stopped").containsEntry("partitions", List.of());
        assertThat(meters.find("kafka.listener.lag").meters()).isEmpty();
    }

    /** The record that is not done is renewed, or the consumer would hand out no other; and its acknowledgment is taken, or it would come again. */
    @Test
    void aListenerOfAShareGroupAcknowledgesOneByOne() throws Exception {
        beginAtTheFirstRecord("shared");
        template.send("shared", new Greeting("slow")).join();
        MessageListenerContainer container = Objects.requireNonNull(registry.getListenerContainer("shared"));
        container.start();
        await().atMost(PATIENCE).until(() -> shared.got.equals(List.of("slow 1")));

        template.send("shared", new Greeting("again")).join();

        await().atMost(PATIENCE).until(() -> shared.got.equals(List.of("slow 1", "again 1", "again 2")));
        assertThat(container.getInFlight()).isEqualTo(1);
        shared.slow.get(0).acknowledge();
        container.stop();
        assertThat(meters.get("kafka.listener.commits").tags("listener", "shared", "result", "failure").counter().count()).isZero();
        template.send("shared", new Greeting("next")).join();
        container.start();
        await().atMost(PATIENCE).until(() -> shared.got.equals(List.of("slow 1", "again 1", "again 2", "next 1")));
        container.stop();
    }

    private void beginAtTheFirstRecord(String group) {
        byte groups = 32; // a type of resource
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest().resources(List.of(
                new IncrementalAlterConfigsRequest.AlterConfigsResource().resourceType(groups).resourceName(group).configs(List.of(
                        new IncrementalAlterConfigsRequest.AlterableConfig().name("share.auto.offset.reset").value("earliest")))));
        assertThat(connections.send(request).join().responses()).allSatisfy(answer -> assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE.code()));
    }

    private MessageListenerContainer container() {
        return Objects.requireNonNull(registry.getListenerContainer("greetings"));
    }

    private Health check() {
        return Objects.requireNonNull(health.health());
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> listener() {
        Map<String, Object> listeners = (Map<String, Object>) Objects.requireNonNull(check().getDetails().get("listeners"));
        return (Map<String, Object>) Objects.requireNonNull(listeners.get("greetings"));
    }

    record Greeting(String text) {}

    @KafkaListener(id = "greetings", topics = "end-to-end")
    static class Received {

        private final List<Greeting> greetings = new CopyOnWriteArrayList<>();

        @KafkaHandler
        void greeting(Greeting greeting) {
            greetings.add(greeting);
        }
    }

    /** Says of what is slow nothing, and has what is to come again do so once. */
    static class Shared {

        private final List<String> got = new CopyOnWriteArrayList<>();
        private final List<ShareAcknowledgment> slow = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "shared", topics = "shared", containerFactory = "shareKafkaListenerContainerFactory", ackMode = "MANUAL", autoStartup = "false")
        void listen(ConsumerRecord<String, Greeting> record, ShareAcknowledgment acknowledgment) {
            String text = Objects.requireNonNull(record.value()).text();
            int delivery = record.deliveryCount().orElseThrow();
            switch (text) {
                case "slow" -> slow.add(acknowledgment);
                case "again" -> {
                    if (delivery == 1) {
                        acknowledgment.release();
                    } else {
                        acknowledgment.acknowledge();
                    }
                }
                default -> acknowledgment.acknowledge();
            }
            got.add(text + " " + delivery);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        MetricsAutoConfiguration.class,
        KafkaMetricsAutoConfiguration.class,
        KafkaAutoConfiguration.class,
        KafkaListenerAutoConfiguration.class,
        KafkaHealthContributorAutoConfiguration.class
    })
    @Import({Received.class, Shared.class})
    static class Application {

        @Bean
        NewTopic topic() {
            return NewTopic.of("end-to-end").partitions(2);
        }

        @Bean
        NewTopic sharedTopic() {
            return NewTopic.of("shared").partitions(1);
        }

        @Bean
        SimpleMeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }
}
