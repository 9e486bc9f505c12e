package dev.kafkaboot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Reads the properties, and checks them before any client is made. */
@Configuration(proxyBeanMethods = false)
class KafkaPropertiesConfiguration {

    @Bean
    static SpringKafkaFallbackProcessor kafkabootSpringKafkaFallback(Environment environment) {
        return new SpringKafkaFallbackProcessor(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    KafkaProperties kafkaProperties() {
        return new KafkaProperties();
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
