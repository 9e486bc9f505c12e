package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.health.KafkaHealthContributorAutoConfiguration;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.KafkaAdmin;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.test.FakeKafkaServer;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/** Applications that do what is easily done wrong, from their start to their end. */
@Timeout(60)
class ApplicationOnFakeKafkaTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static FakeKafkaServer kafka;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LifecycleAutoConfiguration.class, KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class,
                    KafkaHealthContributorAutoConfiguration.class))
            .withPropertyValues("kafka.consumer.auto-offset-reset=earliest")
            .withBean(KafkaConnectionDetails.class, () -> () -> List.of(kafka.bootstrapServers()));

    @BeforeAll
    static void start() {
        kafka = FakeKafkaServer.start();
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    record Order(String id) {}

    static class Received {

        private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();

        @KafkaListener(id = "received", topics = "elsewhere")
        void listen(Order order) {
            orders.add(order);
        }
    }

    /** Gets the clients by their type arguments, which the beans' definitions leave open. */
    record Sender(KafkaProducer<String, Order> producer, KafkaTemplate<String, Order> template) {}

    @Test
    void connectionDetailsGoBeforeAllServersOfTheProperties() {
        runner.withPropertyValues(
                        "kafka.bootstrap-servers=127.0.0.1:1", "spring.kafka.bootstrap-servers=127.0.0.1:1", "kafka.properties.bootstrap.servers=127.0.0.1:1",
                        "kafka.producer.bootstrap-servers=127.0.0.1:1", "kafka.consumer.bootstrap-servers=127.0.0.1:1",
                        "kafka.producer.properties.bootstrap.servers=127.0.0.1:1", "kafka.consumer.properties.bootstrap.servers=127.0.0.1:1",
                        "kafka.admin.properties.bootstrap.servers=127.0.0.1:1")
                .withBean(NewTopic.class, () -> NewTopic.of("elsewhere").partitions(2))
                .withBean(Received.class)
                .withBean(Sender.class)
                .run(context -> {
                    await().atMost(PATIENCE).until(() -> context.getBean(KafkaAdmin.class).isComplete());
                    Sender sender = context.getBean(Sender.class);

                    sender.producer().send("elsewhere", "1", new Order("1")).join();
                    sender.template().send("elsewhere", "1", new Order("2")).join();

                    BlockingQueue<Order> received = context.getBean(Received.class).orders;
                    await().atMost(PATIENCE).untilAsserted(() -> assertThat(received).containsExactly(new Order("1"), new Order("2")));
                    await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            Objects.requireNonNull(context.getBean("kafkaHealthContributor", HealthIndicator.class).health()).getStatus()).isEqualTo(Status.UP));
                });
    }

    /** Is at a record when the application is closed, and sends another before it has done with that. */
    static class Forwarding implements ApplicationListener<ContextClosedEvent> {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch closing = new CountDownLatch(1);
        private final String to;
        private final KafkaTemplate<Object, Object> template;

        /** The registry is asked for before anything else is made: so it goes after everything else. */
        Forwarding(KafkaListenerEndpointRegistry registry, String to, KafkaTemplate<Object, Object> template) {
            assertThat(registry).isNotNull();
            this.to = to;
            this.template = template;
        }

        @KafkaListener(id = "#{__listener.from()}", topics = "#{__listener.from()}")
        void listen(Order order) throws InterruptedException {
            begun.countDown();
            closing.await();
            template.send(to, "forwarded", order);
        }

        public String from() {
            return to + "-from";
        }

        @Override
        public void onApplicationEvent(ContextClosedEvent event) {
            closing.countDown();
        }

        @PreDestroy
        void sayGoodbye() {
            template.send(to, "goodbye", new Order("none"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "1ms"})
    void whatIsSentWhileTheApplicationIsClosedArrivesAndTheRecordBehindItIsCommitted(String timeoutOfThePhase) {
        String to = "to-" + timeoutOfThePhase;
        kafka.createTopic(to, 1);
        kafka.createTopic(to + "-from", 1);
        runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=" + timeoutOfThePhase)
                .withBean("forwarding", Forwarding.class, to)
                .run(context -> {
                    assertThat(context.getSourceApplicationContext().getBeanFactory().getDependentBeans("forwarding")).as("what goes before the listener")
                            .containsExactlyElementsOf(List.of(context.getBeanNamesForType(KafkaListenerEndpointRegistry.class)));
                    Forwarding listener = context.getBean(Forwarding.class);
                    listener.template.send(listener.from(), new Order("last")).get();
                    listener.begun.await();

                    context.getSourceApplicationContext().close();
                });

        assertThat(kafka.<List<String>>ask(cluster -> cluster.log(to, 0).records().stream().map(record -> record.keyText()).toList()))
                .containsExactlyInAnyOrder("forwarded", "goodbye");
        assertThat(kafka.<Long>ask(cluster -> cluster.group(to + "-from").committed(to + "-from", 0).orElse(-1))).isEqualTo(1);
    }
}
