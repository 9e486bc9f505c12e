package dev.kafkaboot.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Turns {@link KafkaListener} annotations on beans into running listeners.
 *
 * <p>To be put on a {@code @Configuration} class. Spring Boot's auto-configuration does so by itself. A bean named {@code kafkaListenerContainerFactory}, or
 * the only bean of type {@link dev.kafkaboot.spring.config.KafkaListenerContainerFactory}, makes the containers of listeners that name no other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(KafkaBootstrapConfiguration.class)
public @interface EnableKafka {}
