package dev.kafkaboot.autoconfigure.testcontainers;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.kafka.KafkaContainer;

/** Takes the broker's address from a {@link KafkaContainer}. */
final class ApacheKafkaContainerConnectionDetailsFactory extends ContainerConnectionDetailsFactory<KafkaContainer, KafkaConnectionDetails> {

    @Override
    protected KafkaConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<KafkaContainer> source) {
        return new Details(source);
    }

    private static final class Details extends ContainerConnectionDetails<KafkaContainer> implements KafkaConnectionDetails {

        Details(ContainerConnectionSource<KafkaContainer> source) {
            super(source);
        }

        @Override
        public List<String> getBootstrapServers() {
            return List.of(getContainer().getBootstrapServers());
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return super.getSslBundle();
        }

        @Override
        public String getSecurityProtocol() {
            return getSslBundle() == null ? "PLAINTEXT" : "SSL"; // whatever the application has elsewhere
        }
    }
}
