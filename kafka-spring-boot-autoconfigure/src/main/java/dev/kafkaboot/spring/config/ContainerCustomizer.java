package dev.kafkaboot.spring.config;

import dev.kafkaboot.spring.listener.KafkaMessageListenerContainer;

/** Changes containers before they are started; see {@link ConcurrentKafkaListenerContainerFactory#setContainerCustomizer}. */
@FunctionalInterface
public interface ContainerCustomizer {

    /** Changes a container that was just made. */
    void configure(KafkaMessageListenerContainer<?, ?> container);
}
