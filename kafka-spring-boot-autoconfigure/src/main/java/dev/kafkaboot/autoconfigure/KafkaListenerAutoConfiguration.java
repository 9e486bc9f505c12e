package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.spring.annotation.EnableKafka;
import dev.kafkaboot.spring.config.ConcurrentKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.ContainerCustomizer;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.config.ShareKafkaListenerContainerFactory;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.core.ShareConsumerFactory;
import dev.kafkaboot.spring.listener.RecordErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Makes {@code @KafkaListener} methods work: turns the annotation on, and makes the containers by {@code kafka.listener.*}. */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
@ConditionalOnClass(EnableKafka.class)
@ConditionalOnBean({ConsumerFactory.class, KafkaProperties.class})
public final class KafkaListenerAutoConfiguration {

    private static final String SPRING_KAFKA = "org.springframework.kafka.config.KafkaListenerContainerFactory";

    @Bean
    static LazyInitializationExcludeFilter kafkabootListenersAreNotLazy() {
        return new ListenersAreNotLazy();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnThreading(Threading.PLATFORM)
    KafkaListenerContainerFactoryConfigurer kafkabootListenerContainerFactoryConfigurer(
            KafkaProperties properties, ObjectProvider<RecordErrorHandler> errorHandler, ObjectProvider<ContainerCustomizer> customizers) {
        return new KafkaListenerContainerFactoryConfigurer(properties.getListener(), null, errorHandler, customizers);
    }

    @Bean("kafkabootListenerContainerFactoryConfigurer")
    @ConditionalOnMissingBean
    @ConditionalOnThreading(Threading.VIRTUAL)
    KafkaListenerContainerFactoryConfigurer kafkabootListenerContainerFactoryConfigurerVirtualThreads(
            KafkaProperties properties, ObjectProvider<RecordErrorHandler> errorHandler, ObjectProvider<ContainerCustomizer> customizers) {
        return new KafkaListenerContainerFactoryConfigurer(
                properties.getListener(), new VirtualThreadTaskExecutor("kafka-listener-"), errorHandler, customizers);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass(SPRING_KAFKA)
    static class ContainerFactory {

        /** Named so that listeners find it although the application has more of its kind. */
        @Bean
        @ConditionalOnMissingBean(name = "kafkaListenerContainerFactory")
        @ConditionalOnSingleCandidate(ConsumerFactory.class)
        ConcurrentKafkaListenerContainerFactory<?, ?> kafkaListenerContainerFactory(
                ConsumerFactory<?, ?> consumerFactory, KafkaListenerContainerFactoryConfigurer configurer) {
            return configured(consumerFactory, configurer);
        }
    }

    /** With spring-kafka on the class path as well, the name belongs to its factory. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = SPRING_KAFKA)
    static class ContainerFactoryBesideSpringKafka {

        @Bean
        @ConditionalOnMissingBean(name = "kafkabootListenerContainerFactory")
        @ConditionalOnSingleCandidate(ConsumerFactory.class)
        ConcurrentKafkaListenerContainerFactory<?, ?> kafkabootListenerContainerFactory(
                ConsumerFactory<?, ?> consumerFactory, KafkaListenerContainerFactoryConfigurer configurer) {
            return configured(consumerFactory, configurer);
        }
    }

    private static ConcurrentKafkaListenerContainerFactory<?, ?> configured(
            ConsumerFactory<?, ?> consumerFactory, KafkaListenerContainerFactoryConfigurer configurer) {
        ConcurrentKafkaListenerContainerFactory<?, ?> factory = new ConcurrentKafkaListenerContainerFactory<>(consumerFactory);
        configurer.configure(factory);
        return factory;
    }

    /** For listeners that name it. Nothing else takes it for the factory of all listeners. */
    @Bean
    @ConditionalOnMissingBean(name = "shareKafkaListenerContainerFactory")
    @ConditionalOnSingleCandidate(ShareConsumerFactory.class)
    ShareKafkaListenerContainerFactory<?, ?> shareKafkaListenerContainerFactory(
            ShareConsumerFactory<?, ?> consumerFactory, KafkaListenerContainerFactoryConfigurer configurer) {
        ShareKafkaListenerContainerFactory<?, ?> factory = new ShareKafkaListenerContainerFactory<>(consumerFactory);
        configurer.configure(factory);
        return factory;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableKafka
    @ConditionalOnMissingBean(KafkaListenerEndpointRegistry.class)
    static class ListenersEnabled {}
}
