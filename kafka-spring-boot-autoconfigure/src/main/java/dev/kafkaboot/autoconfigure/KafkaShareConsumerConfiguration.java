package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.consumer.ConsumerListener;
import dev.kafkaboot.spring.core.DefaultShareConsumerFactory;
import dev.kafkaboot.spring.core.ShareConsumerFactory;
import dev.kafkaboot.spring.core.SharedConnections;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What listeners of share groups have their consumers from. */
@Configuration(proxyBeanMethods = false)
class KafkaShareConsumerConfiguration {

    @Bean
    @ConditionalOnMissingBean(ShareConsumerFactory.class)
    DefaultShareConsumerFactory<?, ?> kafkabootShareConsumerFactory(
            KafkaSettings settings,
            KafkaProperties properties,
            SerializerNames serializers,
            SharedConnections connections,
            ObjectProvider<ConsumerListener> listeners,
            ObjectProvider<KafkaShareConsumerCustomizer> customizers) {
        KafkaShareConsumerProperties own = properties.getShareConsumer();
        KafkaConsumerProperties all = properties.getConsumer();
        DefaultShareConsumerFactory<?, ?> factory = new DefaultShareConsumerFactory<>(
                connections,
                settings.shareConsumer().values(),
                serializers.forKeys(first(own.getKeyDeserializer(), all.getKeyDeserializer()), path(own.getKeyDeserializer()) + ".key-deserializer"),
                serializers.forValues(first(own.getValueDeserializer(), all.getValueDeserializer()), path(own.getValueDeserializer()) + ".value-deserializer"));
        listeners.orderedStream().forEach(listener -> factory.addBuilderCustomizer(builder -> builder.listener(listener)));
        customizers.orderedStream().forEach(customizer -> factory.addBuilderCustomizer(customizer::customize));
        return factory;
    }

    private static @Nullable String first(@Nullable String own, @Nullable String ofAll) {
        return own != null ? own : ofAll;
    }

    private static String path(@Nullable String own) {
        return own != null ? "share-consumer" : "consumer";
    }
}
