package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.Partitioner;
import dev.kafkaboot.client.producer.ProducerInterceptor;
import dev.kafkaboot.client.producer.ProducerListener;
import dev.kafkaboot.spring.core.DefaultKafkaProducerFactory;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.spring.core.ProducerFactory;
import dev.kafkaboot.spring.core.SharedConnections;
import dev.kafkaboot.spring.support.converter.RecordMessageConverter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** One producer for the application, and the template on it. The names differ from those of Boot's own beans for spring-kafka, which may be there too. */
@Configuration(proxyBeanMethods = false)
class KafkaProducerConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(KafkaProducerConfiguration.class);

    @Bean
    @ConditionalOnMissingBean(ProducerFactory.class)
    DefaultKafkaProducerFactory<?, ?> kafkabootProducerFactory(
            KafkaSettings settings,
            KafkaProperties properties,
            SerializerNames serializers,
            SharedConnections connections,
            ObjectProvider<ProducerInterceptor<?, ?>> interceptors,
            ObjectProvider<ProducerListener> listeners,
            ObjectProvider<Partitioner> partitioner,
            ObjectProvider<KafkaProducerCustomizer> customizers) {
        KafkaProducerProperties given = properties.getProducer();
        DefaultKafkaProducerFactory<?, ?> factory = new DefaultKafkaProducerFactory<>(
                connections,
                settings.producer().values(),
                serializers.forKeys(given.getKeySerializer(), "producer.key-serializer"),
                serializers.forValues(given.getValueSerializer(), "producer.value-serializer"));
        factory.setCloseTimeout(properties.getTemplate().getCloseTimeout());
        interceptors.orderedStream().forEach(interceptor -> add(interceptor, factory));
        listeners.orderedStream().forEach(listener -> factory.addBuilderCustomizer(builder -> builder.listener(listener)));
        if (partitioner.getIfUnique() == null && partitioner.stream().findAny().isPresent()) {
            logger.warn("There are several Partitioner beans and none of them is @Primary, so none is used: the producer chooses partitions by itself");
        }
        partitioner.ifUnique(own -> factory.addBuilderCustomizer(builder -> builder.partitioner(own)));
        customizers.orderedStream().forEach(customizer -> factory.addBuilderCustomizer(customizer::customize));
        return factory;
    }

    /** What an interceptor's types are nobody can know here: those of a bean are what the application's records are. */
    @SuppressWarnings("unchecked")
    private static <K, V> void add(ProducerInterceptor<?, ?> interceptor, DefaultKafkaProducerFactory<K, V> factory) {
        factory.addBuilderCustomizer(builder -> builder.interceptor(new InterceptorBean<>((ProducerInterceptor<K, V>) interceptor)));
    }

    /** The producer of the factory, which closes it. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(ProducerFactory.class)
    KafkaProducer<?, ?> kafkaProducer(ProducerFactory<?, ?> factory, KafkaSettings settings, Environment environment) {
        try {
            return factory.getProducer();
        } catch (ConfigException refused) {
            // What customizers have changed.
            throw settings.producer().inTermsOfProperties(refused, new WrittenProperties(environment));
        }
    }

    @Bean
    @ConditionalOnMissingBean(KafkaTemplate.class)
    @ConditionalOnSingleCandidate(ProducerFactory.class)
    KafkaTemplate<?, ?> kafkabootTemplate(
            ProducerFactory<?, ?> factory, KafkaProperties properties, ObjectProvider<RecordMessageConverter> converter) {
        KafkaTemplate<?, ?> template = new KafkaTemplate<>(factory);
        template.setDefaultTopic(properties.getTemplate().getDefaultTopic());
        converter.ifUnique(template::setMessageConverter);
        return template;
    }
}
