package dev.kafkaboot.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the brokers are.
 *
 * <p>A bean of this type takes the place of {@code kafka.bootstrap-servers} and of its variants for producers, consumers and admin. A container of
 * a test, or the test annotation of this module, contributes one. Thread-safe; asked once, when the clients are made.
 */
public interface KafkaConnectionDetails extends ConnectionDetails {

    /** Brokers to ask first, each as {@code host:port}; never empty. */
    List<String> getBootstrapServers();

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
