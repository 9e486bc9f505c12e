package dev.kafkaboot.autoconfigure.docker.compose;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

/** Takes the address of a broker that runs as a service of Docker Compose: wherever the container's port 9092 is on this machine. */
final class KafkaDockerComposeConnectionDetailsFactory extends DockerComposeConnectionDetailsFactory<KafkaConnectionDetails> {

    private static final int PORT = 9092;

    private static final String[] IMAGES = {
        "apache/kafka", "apache/kafka-native", "bitnami/kafka", "confluentinc/cp-kafka", "confluentinc/confluent-local",
        "redpandadata/redpanda", "docker.redpanda.com/redpandadata/redpanda"
    };

    KafkaDockerComposeConnectionDetailsFactory() {
        super(IMAGES);
    }

    @Override
    protected KafkaConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        return new Details(source.getRunningService());
    }

    private static final class Details extends DockerComposeConnectionDetails implements KafkaConnectionDetails {

        private final List<String> servers;
        private final @Nullable SslBundle sslBundle;

        Details(RunningService service) {
            super(service);
            this.servers = List.of(service.host() + ":" + service.ports().get(PORT));
            this.sslBundle = getSslBundle(service);
        }

        @Override
        public List<String> getBootstrapServers() {
            return servers;
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return sslBundle;
        }

        @Override
        public String getSecurityProtocol() {
            return sslBundle == null ? "PLAINTEXT" : "SSL"; // whatever the application has elsewhere
        }
    }
}
