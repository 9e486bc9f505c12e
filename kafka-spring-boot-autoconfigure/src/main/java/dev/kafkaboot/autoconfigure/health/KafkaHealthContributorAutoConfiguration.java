package dev.kafkaboot.autoconfigure.health;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaListenerAutoConfiguration;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.SharedConnections;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The {@code kafka} health contributor; {@code management.health.kafka.enabled=false} switches it off. */
@AutoConfiguration(after = {KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class})
@ConditionalOnClass({ConnectionManager.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(SharedConnections.class)
@ConditionalOnEnabledHealthIndicator("kafka")
public final class KafkaHealthContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"kafkaHealthIndicator", "kafkaHealthContributor"})
    KafkaHealthIndicator kafkaHealthContributor(SharedConnections connections, ObjectProvider<KafkaListenerEndpointRegistry> registry) {
        return new KafkaHealthIndicator(connections::all, registry.getIfAvailable());
    }
}
