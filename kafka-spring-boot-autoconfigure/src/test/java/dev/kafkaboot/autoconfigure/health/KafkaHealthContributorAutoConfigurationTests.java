package dev.kafkaboot.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaListenerAutoConfiguration;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.spring.annotation.KafkaListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class KafkaHealthContributorAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class, KafkaHealthContributorAutoConfiguration.class))
            .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    @Test
    void healthIsUnknownBeforeABrokerWasTried() {
        runner.withPropertyValues("kafka.admin.auto-create=false").run(context -> {
            Health health = context.getBean("kafkaHealthContributor", KafkaHealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
            assertThat(health.getDetails()).containsKeys("brokers", "listeners");
        });
    }

    @Test
    void brokersOfClientsThatConnectElsewhereAreShownAndCount() {
        runner.withPropertyValues("kafka.admin.auto-create=false", "kafka.producer.bootstrap-servers=127.0.0.1:2").run(context -> {
            KafkaHealthIndicator indicator = context.getBean("kafkaHealthContributor", KafkaHealthIndicator.class);

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                Health health = indicator.health();
                assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                assertThat(health.getDetails().get("otherConnections").toString()).contains("127.0.0.1:2", "lastError");
            });
        });
    }

    static class Listeners {

        @KafkaListener(id = "orders", topics = "orders")
        void listen(String order) {}

        @KafkaListener(id = "shared", topics = "orders", containerFactory = "shareKafkaListenerContainerFactory")
        void share(String order) {}
    }

    /** What clients do is done on their loop, which is kept busy here. */
    @Test
    @Timeout(60)
    void aCheckWaitsForNothingThatClientsDo() {
        runner.withBean(Listeners.class).run(context -> {
            KafkaHealthIndicator indicator = context.getBean("kafkaHealthContributor", KafkaHealthIndicator.class);
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            context.getBean(ConnectionManager.class).loop().execute(() -> {
                busy.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            });
            busy.await();

            Health health = indicator.health();

            goOn.countDown();
            assertThat(health.getDetails().get("listeners")).asString().contains("orders={state=running", "shared={state=running");
        });
    }

    @Test
    void aBrokerThatAnswersNothingIsDownWithTheReason() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            runner.withPropertyValues(
                    "kafka.bootstrap-servers=127.0.0.1:" + silent.getLocalPort(), "kafka.properties.socket.connection.setup.timeout.ms=200",
                    "kafka.properties.request.timeout.ms=200").run(context -> {
                KafkaHealthIndicator indicator = context.getBean("kafkaHealthContributor", KafkaHealthIndicator.class);

                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    Health health = indicator.health();
                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health.getDetails().get("brokers")).asString().contains("lastError=");
                });
            });
        }
    }

    @Test
    void itIsSwitchedOffByItsProperty() {
        runner.withPropertyValues("management.health.kafka.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(KafkaHealthIndicator.class));
    }

    @Test
    void thereIsNoneWithoutKafka() {
        runner.withPropertyValues("kafka.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(KafkaHealthIndicator.class));
    }

    @Test
    void thereIsNoneWithoutBootsHealth() {
        runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("kafkaHealthContributor"));
    }

    @Test
    void theApplicationsOwnTakesItsPlace() {
        runner.withBean("kafkaHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
                .run(context -> assertThat(context).hasSingleBean(HealthIndicator.class));
    }
}
