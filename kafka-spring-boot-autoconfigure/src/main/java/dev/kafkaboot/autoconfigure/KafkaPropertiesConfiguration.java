package dev.kafkaboot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Reads the properties, and checks them before any client is made. */
@Configuration(proxyBeanMethods = false)
class KafkaPropertiesConfiguration {

    /**
     * The properties, filled from {@code spring.kafka.*} here. Boot then binds {@code kafka.*} over that, as it does for every bean with
     * {@code @ConfigurationProperties}, so what is given there wins, key by key.
     */
    @Bean
    @ConditionalOnMissingBean
    KafkaProperties kafkaProperties(Environment environment) {
        KafkaProperties properties = new KafkaProperties();
        SpringKafkaFallback.fill(properties, environment);
        return properties;
    }

    @Bean
    @ConditionalOnMissingBean(KafkaConnectionDetails.class)
    PropertiesKafkaConnectionDetails kafkabootConnectionDetails(KafkaProperties properties) {
        return new PropertiesKafkaConnectionDetails(properties);
    }

    @Bean
    KafkaSettings kafkaSettings(KafkaProperties properties, KafkaConnectionDetails details, Environment environment) {
        String applicationName = environment.getProperty("spring.application.name");
        return new KafkaSettings(
                properties, details, StringUtils.hasText(applicationName) ? applicationName : null, new WrittenProperties(environment));
    }
}
