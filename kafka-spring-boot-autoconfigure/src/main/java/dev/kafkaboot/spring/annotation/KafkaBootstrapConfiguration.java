package dev.kafkaboot.spring.annotation;

import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** What {@link EnableKafka} registers. The names differ from spring-kafka's, so that both can be in one application. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class KafkaBootstrapConfiguration {

    /** The processor's bean name. */
    static final String PROCESSOR = "dev.kafkaboot.spring.config.internalKafkaListenerAnnotationProcessor";

    /** The registry's bean name. */
    static final String REGISTRY = "dev.kafkaboot.spring.config.internalKafkaListenerEndpointRegistry";

    @Bean(PROCESSOR)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static KafkaListenerAnnotationBeanPostProcessor kafkaListenerAnnotationProcessor() {
        return new KafkaListenerAnnotationBeanPostProcessor();
    }

    @Bean(REGISTRY)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static KafkaListenerEndpointRegistry kafkaListenerEndpointRegistry() {
        return new KafkaListenerEndpointRegistry();
    }
}
