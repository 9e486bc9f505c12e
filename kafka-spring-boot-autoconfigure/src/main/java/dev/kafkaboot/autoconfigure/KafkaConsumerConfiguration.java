package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.core.SharedConnections;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What listeners have their consumers from. */
@Configuration(proxyBeanMethods = false)
class KafkaConsumerConfiguration {

    @Bean
    @ConditionalOnMissingBean(ConsumerFactory.class)
    DefaultKafkaConsumerFactory<?, ?> kafkabootConsumerFactory(
            KafkaSettings settings,
            KafkaProperties properties,
            SerializerNames serializers,
            SharedConnections connections,
            ObjectProvider<KafkaConsumerCustomizer> customizers) {
        KafkaConsumerProperties given = properties.getConsumer();
        DefaultKafkaConsumerFactory<?, ?> factory = new DefaultKafkaConsumerFactory<>(
                connections,
                settings.consumer().values(),
                serializers.forKeys(given.getKeyDeserializer(), "consumer.key-deserializer"),
                serializers.forValues(given.getValueDeserializer(), "consumer.value-deserializer"));
        customizers.orderedStream().forEach(customizer -> factory.addBuilderCustomizer(customizer::customize));
        return factory;
    }
}
