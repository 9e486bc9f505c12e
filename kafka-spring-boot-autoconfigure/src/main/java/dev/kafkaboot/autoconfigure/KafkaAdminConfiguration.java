package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.spring.core.ConnectionSource;
import dev.kafkaboot.spring.core.KafkaAdmin;
import dev.kafkaboot.spring.core.SharedConnections;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The admin client, and the creation of the topics that beans describe. */
@Configuration(proxyBeanMethods = false)
class KafkaAdminConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    KafkaAdminClient kafkaAdminClient(KafkaSettings settings, SharedConnections connections) {
        Map<String, Object> config = settings.admin().values();
        return KafkaAdminClient.builder().config(ConnectionSource.withoutConnections(config)).connections(connections.connectionsFor(config)).build();
    }

    @Bean
    @ConditionalOnMissingBean(KafkaAdmin.class)
    KafkaAdmin kafkabootAdmin(KafkaAdminClient client, KafkaProperties properties) {
        KafkaAdminProperties given = properties.getAdmin();
        KafkaAdmin admin = new KafkaAdmin(client);
        admin.setAutoCreate(given.isAutoCreate());
        admin.setFatalIfBrokerNotAvailable(given.isFailFast());
        if (given.getOperationTimeout() != null) {
            admin.setOperationTimeout(given.getOperationTimeout());
        }
        return admin;
    }
}
