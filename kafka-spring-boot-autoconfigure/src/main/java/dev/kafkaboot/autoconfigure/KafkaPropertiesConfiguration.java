package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Reads the properties, and checks them before any client is made. */
@Configuration(proxyBeanMethods = false)
class KafkaPropertiesConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(KafkaPropertiesConfiguration.class);

    @Bean
    static SpringKafkaFallbackProcessor kafkabootSpringKafkaFallback(Environment environment) {
        return new SpringKafkaFallbackProcessor(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    KafkaProperties kafkabootProperties() {
        return new KafkaProperties();
    }

    @Bean
    @ConditionalOnMissingBean(KafkaConnectionDetails.class)
    PropertiesKafkaConnectionDetails kafkabootConnectionDetails(KafkaProperties properties) {
        return new PropertiesKafkaConnectionDetails(properties);
    }

    @Bean
    KafkaSettings kafkabootSettings(
            KafkaProperties properties, KafkaConnectionDetails details, ObjectProvider<SslBundles> bundles, ListableBeanFactory beans, Environment environment) {
        String applicationName = environment.getProperty("spring.application.name");
        return new KafkaSettings(
                properties, details, bundles.getIfAvailable(), objects(beans), StringUtils.hasText(applicationName) ? applicationName : null,
                new WrittenProperties(environment));
    }

    /** Beans for the keys whose values can only be given as objects, where there is one of the type and no more; for the first key of each type. */
    private static Map<String, Object> objects(ListableBeanFactory beans) {
        Map<String, Object> objects = new LinkedHashMap<>();
        Set<Class<?>> types = new HashSet<>();
        for (ConfigKey<?> key : CommonConfig.CONNECTION_KEYS) {
            Class<?> type = key.objectType();
            if (type == null || !types.add(type)) {
                continue;
            }
            Object bean = beans.getBeanProvider(type).getIfUnique();
            if (bean != null) {
                objects.put(key.name(), bean);
            } else if (beans.getBeanNamesForType(type).length > 1) {
                logger.warn("There are several beans of type {}, none of them @Primary: none is used for {}", type.getName(), key.name());
            }
        }
        return objects;
    }
}
