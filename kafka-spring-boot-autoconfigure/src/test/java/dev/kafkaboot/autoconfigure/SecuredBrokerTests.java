package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaboot.autoconfigure.health.KafkaHealthContributorAutoConfiguration;
import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.test.RealKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** An application and Apache's broker, with TLS and a password between them. */
@Timeout(120)
class SecuredBrokerTests {

    @TempDir
    private static Path directory;

    private static SelfSigned certificate;
    private static SelfSigned stranger;
    private static RealKafka kafka;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class,
                    KafkaHealthContributorAutoConfiguration.class))
            .withPropertyValues(
                    "kafka.bootstrap-servers=" + kafka.bootstrapServers("SECURE"), "kafka.security.protocol=SASL_SSL", "kafka.ssl.bundle=brokers",
                    "kafka.sasl.mechanism=PLAIN", "kafka.sasl.username=orders", "kafka.consumer.auto-offset-reset=earliest");

    @BeforeAll
    static void start() throws Exception {
        certificate = SelfSigned.in(directory, "broker");
        stranger = SelfSigned.in(directory, "stranger");
        kafka = RealKafka.builder().listener("SECURE", "SASL_SSL", Map.of(
                "ssl.keystore.location", certificate.keyStore().toString(), "ssl.keystore.password", SelfSigned.PASSWORD, "ssl.keystore.type", "PKCS12",
                "ssl.key.password", SelfSigned.PASSWORD, "sasl.enabled.mechanisms", "PLAIN", "plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_orders=\"right\";")).start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    static class Orders {

        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @KafkaListener(topics = "orders", groupId = "billing")
        void order(String id) {
            received.add(id);
        }
    }

    private static String trust(SelfSigned trusted) {
        return "spring.ssl.bundle.pem.brokers.truststore.certificate=" + trusted.certificate().toUri();
    }

    @SuppressWarnings("unchecked") // the bean fits whatever is asked for
    private static KafkaProducer<String, String> producer(ApplicationContext context) {
        return context.getBean(KafkaProducer.class);
    }

    @SuppressWarnings("unchecked") // as above
    private static KafkaTemplate<String, String> template(ApplicationContext context) {
        return context.getBean(KafkaTemplate.class);
    }

    private static Health health(HealthIndicator indicator) {
        return Objects.requireNonNull(indicator.health());
    }

    @Test
    void listenersAndTheTemplateWorkAndHealthIsUp() {
        kafka.createTopic("orders", 1);
        runner.withPropertyValues(trust(certificate), "kafka.sasl.password=right").withBean(Orders.class).run(context -> {
            template(context).send("orders", "order-1").join();

            assertThat(context.getBean(Orders.class).received.poll(60, TimeUnit.SECONDS)).isEqualTo("order-1");
            assertThat(health(context.getBean(HealthIndicator.class)).getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void aWrongPasswordIsToldByTheProducerAndByHealth() {
        runner.withPropertyValues(trust(certificate), "kafka.sasl.password=wrong").run(context -> {
            Throwable failure = catchThrowable(() -> producer(context).send("orders", "1", "a").get(60, TimeUnit.SECONDS));

            assertThat(failure).hasRootCauseInstanceOf(AuthenticationException.class).hasStackTraceContaining("PLAIN").hasStackTraceContaining("orders");
            Health health = health(context.getBean(HealthIndicator.class));
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().toString()).contains("Authentication failed").doesNotContain("wrong");
        });
    }

    @Test
    void aStrangersCertificateIsNotBelievedUntilTheBundleIsReloaded() {
        runner.withPropertyValues(trust(stranger), "kafka.sasl.password=right", "kafka.properties.reconnect.backoff.max.ms=100").run(context -> {
            KafkaProducer<String, String> producer = producer(context);
            assertThat(catchThrowable(() -> producer.send("reloaded", "1", "a").get(60, TimeUnit.SECONDS)))
                    .hasRootCauseInstanceOf(Exception.class).hasStackTraceContaining("CN=broker");

            ((SslBundleRegistry) context.getBean(SslBundles.class)).updateBundle("brokers",
                    SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(certificate.pem()))));

            while (true) {
                try {
                    producer.send("reloaded", "1", "a").get(60, TimeUnit.SECONDS);
                    return;
                } catch (ExecutionException refused) {
                    assertThat(refused).hasStackTraceContaining("CN=broker"); // until its next attempt
                }
            }
        });
    }
}
