package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.consumer.ConsumerInterceptor;
import dev.kafkaboot.client.consumer.ConsumerListener;
import dev.kafkaboot.client.consumer.PartitionAssignor;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.core.SharedConnections;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;

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
            ObjectProvider<ConsumerInterceptor<?, ?>> interceptors,
            ObjectProvider<ConsumerListener> listeners,
            ListableBeanFactory beans,
            ObjectProvider<KafkaConsumerCustomizer> customizers) {
        KafkaConsumerProperties given = properties.getConsumer();
        DefaultKafkaConsumerFactory<?, ?> factory = new DefaultKafkaConsumerFactory<>(
                connections,
                settings.consumer().values(),
                serializers.forKeys(given.getKeyDeserializer(), "consumer.key-deserializer"),
                serializers.forValues(given.getValueDeserializer(), "consumer.value-deserializer"));
        interceptors.orderedStream().forEach(interceptor -> add(interceptor, factory));
        listeners.orderedStream().forEach(listener -> factory.addBuilderCustomizer(builder -> builder.listener(listener)));
        for (String name : beans.getBeanNamesForType(PartitionAssignor.class)) {
            // One for each consumer, if its scope is prototype, because it may remember what its member has.
            factory.addBuilderCustomizer(builder -> builder.assignor(() -> beans.getBean(name, PartitionAssignor.class)));
        }
        customizers.orderedStream().forEach(customizer -> factory.addBuilderCustomizer(customizer::customize));
        return factory;
    }

    /**
     * Consumers of the factory's own types get every interceptor, because those of a bean are what the application's records are. Those of listeners read bytes and
     * leave it to the listener what they are: they get the ones whose types admit bytes.
     */
    @SuppressWarnings("unchecked")
    private static <K, V> void add(ConsumerInterceptor<?, ?> interceptor, DefaultKafkaConsumerFactory<K, V> factory) {
        factory.addTypedCustomizer(builder -> builder.interceptor(new ConsumerInterceptorBean<>((ConsumerInterceptor<K, V>) interceptor)));
        ResolvableType type = ResolvableType.forInstance(interceptor).as(ConsumerInterceptor.class);
        if (type.getGeneric(0).resolve(Object.class).isAssignableFrom(byte[].class) && type.getGeneric(1).resolve(Object.class).isAssignableFrom(byte[].class)) {
            factory.addBytesCustomizer(builder -> builder.interceptor(new ConsumerInterceptorBean<>((ConsumerInterceptor<byte[], byte[]>) interceptor)));
        }
    }
}
