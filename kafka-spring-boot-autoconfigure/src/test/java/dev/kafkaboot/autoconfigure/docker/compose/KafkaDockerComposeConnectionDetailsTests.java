package dev.kafkaboot.autoconfigure.docker.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.test.FakeKafkaServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Without Docker: Boot is told of services as if it had started them. */
class KafkaDockerComposeConnectionDetailsTests {

    private static final String BOOTS_LISTENER =
            "org.springframework.boot.docker.compose.service.connection.DockerComposeServiceConnectionsApplicationListener";

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    /** What {@code docker compose ps} and {@code inspect} tell of a service. */
    private record Service(ImageReference image, String host, Map<Integer, Integer> mapped, Map<String, String> labels)
            implements RunningService, ConnectionPorts {

        static Service of(String image, String host, int port) {
            return new Service(ImageReference.of(image), host, Map.of(9092, port), Map.of());
        }

        @Override
        public String name() {
            return "broker";
        }

        @Override
        public ConnectionPorts ports() {
            return this;
        }

        @Override
        public Map<String, String> env() {
            return Map.of();
        }

        @Override
        public int get(int containerPort) {
            return mapped.getOrDefault(containerPort, -1);
        }

        @Override
        public List<Integer> getAll() {
            return List.copyOf(mapped.values());
        }

        @Override
        public List<Integer> getAll(String protocol) {
            return getAll();
        }
    }

    private ApplicationContextRunner with(Service service) {
        return runner.withInitializer(context -> bootsListener().onApplicationEvent(ready(context, service)));
    }

    @SuppressWarnings("unchecked")
    private static ApplicationListener<DockerComposeServicesReadyEvent> bootsListener() {
        return (ApplicationListener<DockerComposeServicesReadyEvent>) BeanUtils.instantiateClass(ClassUtils.resolveClassName(BOOTS_LISTENER, null));
    }

    private static DockerComposeServicesReadyEvent ready(ApplicationContext context, Service service) {
        try {
            return BeanUtils.instantiateClass(
                    ReflectionUtils.accessibleConstructor(DockerComposeServicesReadyEvent.class, ApplicationContext.class, List.class),
                    context, List.of(service));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "apache/kafka:4.3.1", "apache/kafka-native", "bitnami/kafka:4", "confluentinc/cp-kafka:8.0.0", "confluentinc/confluent-local",
        "redpandadata/redpanda:v25.2.1", "docker.redpanda.com/redpandadata/redpanda:v25.2.1"})
    void aServiceOfAKnownImageTellsWhereItsBrokerIs(String image) {
        with(Service.of(image, "docker-host", 10001)).run(context ->
                assertThat(context.getBean(KafkaConnectionDetails.class).getBootstrapServers()).containsExactly("docker-host:10001"));
    }

    @Test
    void aServiceOfAnImageOfOnesOwnSaysByALabelThatItIsKafka() {
        Service own = new Service(
                ImageReference.of("example/broker"), "docker-host", Map.of(9092, 10002), Map.of("org.springframework.boot.service-connection", "apache/kafka"));

        with(own).run(context ->
                assertThat(context.getBean(KafkaConnectionDetails.class).getBootstrapServers()).containsExactly("docker-host:10002"));
    }

    @Test
    void anotherServiceIsNoBroker() {
        with(Service.of("postgres:18", "docker-host", 10003)).run(context -> assertThat(context).doesNotHaveBean(KafkaConnectionDetails.class));
    }

    private record Sender(KafkaTemplate<String, String> template) {}

    @Test
    void whatIsSentArrivesAtTheService() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("composed", 1);
            String[] address = kafka.bootstrapServers().split(":", 2);

            with(Service.of("apache/kafka", address[0], Integer.parseInt(address[1])))
                    .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                    .withBean(Sender.class)
                    .run(context -> context.getBean(Sender.class).template().send("composed", "hello").join());

            assertThat(kafka.<Integer>ask(cluster -> cluster.log("composed", 0).records().size())).isEqualTo(1);
        }
    }
}
