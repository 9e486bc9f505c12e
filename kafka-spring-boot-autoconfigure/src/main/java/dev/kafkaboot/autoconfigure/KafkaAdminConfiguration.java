package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.spring.core.KafkaAdmin;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The admin client, and the creation of the topics that beans describe. */
@Configuration(proxyBeanMethods = false)
class KafkaAdminConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    KafkaAdminClient kafkaAdminClient(KafkaSettings settings, ConnectionManager connections) {
        KafkaAdminClient.Builder builder = KafkaAdminClient.builder().config(settings.admin().values());
        if (settings.isShared(settings.admin())) {
            builder.connections(connections);
        }
        return builder.build();
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
