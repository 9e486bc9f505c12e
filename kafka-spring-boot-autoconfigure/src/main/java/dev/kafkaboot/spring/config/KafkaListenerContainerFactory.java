package dev.kafkaboot.spring.config;

import dev.kafkaboot.spring.listener.MessageListenerContainer;

/**
 * Makes the containers of listeners.
 *
 * @param <C> the type of container
 */
@FunctionalInterface
public interface KafkaListenerContainerFactory<C extends MessageListenerContainer> {

    /** Makes a container, not started, for a listener. */
    C createListenerContainer(KafkaListenerEndpoint endpoint);
}
