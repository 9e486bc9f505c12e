/**
 * Listener methods: the annotations and what turns them into endpoints.
 *
 * <p>Start with {@link dev.kafkaboot.spring.annotation.KafkaListener}. {@link dev.kafkaboot.spring.annotation.KafkaListenerAnnotationBeanPostProcessor} finds the
 * annotations and registers what they say with {@link dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry}.
 */
@NullMarked
package dev.kafkaboot.spring.annotation;

import org.jspecify.annotations.NullMarked;
