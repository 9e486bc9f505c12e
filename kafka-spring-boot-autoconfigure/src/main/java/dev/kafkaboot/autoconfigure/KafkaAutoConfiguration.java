package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.spring.core.KafkaTemplate;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * Sets up the clients: properties, one set of connections, producers, consumers, the admin client and the template.
 *
 * <p>Nothing is connected while the application starts, so it starts without a broker. Every bean gives way to one of the application's own.
 */
@AutoConfiguration(
        after = SslAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass({ConnectionManager.class, KafkaTemplate.class})
@ConditionalOnBooleanProperty(name = "kafka.enabled", matchIfMissing = true)
@EnableConfigurationProperties
@Import({
    KafkaPropertiesConfiguration.class,
    KafkaConnectionsConfiguration.class,
    KafkaSerializerConfiguration.class,
    KafkaProducerConfiguration.class,
    KafkaConsumerConfiguration.class,
    KafkaShareConsumerConfiguration.class,
    KafkaAdminConfiguration.class
})
public final class KafkaAutoConfiguration {}
