package dev.kafkaboot.spring.annotation;

import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistrar;

/** A bean that adds to what listener methods can take, or registers listeners of its own. */
@FunctionalInterface
public interface KafkaListenerConfigurer {

    /** Called once, before listeners are registered. */
    void configureKafkaListeners(KafkaListenerEndpointRegistrar registrar);
}
