package dev.kafkaboot.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Where the brokers are.
 *
 * <p>A bean of this type takes the place of {@code kafka.bootstrap-servers} and of its variants for producers, consumers and admin. A container of
 * a test, or the test annotation of this module, contributes one. Thread-safe; asked once, when the clients are made.
 */
public interface KafkaConnectionDetails extends ConnectionDetails {

    /** Brokers to ask first, each as {@code host:port}; never empty. */
    List<String> getBootstrapServers();

    /** Trust and keys for TLS, or null to leave them to the properties. A bundle takes the place of {@code kafka.ssl.*} and of its variants. */
    default @Nullable SslBundle getSslBundle() {
        return null;
    }

    /** How connections are protected: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; null to leave it to the properties. */
    default @Nullable String getSecurityProtocol() {
        return getSslBundle() == null ? null : "SSL";
    }

    /** Brokers that producers ask first. */
    default List<String> getProducerBootstrapServers() {
        return getBootstrapServers();
    }

    /** Brokers that consumers ask first. */
    default List<String> getConsumerBootstrapServers() {
        return getBootstrapServers();
    }

    /** Brokers that admin clients ask first. */
    default List<String> getAdminBootstrapServers() {
        return getBootstrapServers();
    }
}
