package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.spring.core.SharedConnections;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One event loop and one set of connections for all clients that connect in the same way. Everything that uses them closes before them. */
@Configuration(proxyBeanMethods = false)
class KafkaConnectionsConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    ConnectionManager kafkaConnectionManager(KafkaSettings settings) {
        return ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, settings.connections().values()));
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    SharedConnections kafkaSharedConnections(ConnectionManager connections, KafkaSettings settings) {
        return new SharedConnections(connections, settings.connections().values());
    }
}
