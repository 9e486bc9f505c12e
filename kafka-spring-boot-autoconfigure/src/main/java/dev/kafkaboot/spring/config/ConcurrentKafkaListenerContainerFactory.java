package dev.kafkaboot.spring.config;

import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.KafkaMessageListenerContainer;
import dev.kafkaboot.spring.listener.MessageListener;
import dev.kafkaboot.spring.listener.adapter.MethodMessageListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link KafkaMessageListenerContainer}s: one consumer each, and as many threads for the listener as its concurrency says.
 *
 * <p>Rebalance listeners and observers that are beans are given to every container; more can be set here. Not thread-safe while it is set up.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class ConcurrentKafkaListenerContainerFactory<K, V> extends SingleConsumerContainerFactory<KafkaMessageListenerContainer<K, V>> {

    private final ConsumerFactory<K, V> consumerFactory;
    private final List<ConsumerRebalanceListener> rebalanceListeners = new ArrayList<>();
    private final List<AsyncConsumerRebalanceListener> asyncRebalanceListeners = new ArrayList<>();
    private @Nullable ContainerCustomizer containerCustomizer;

    /** A factory of containers whose consumers come from there. */
    public ConcurrentKafkaListenerContainerFactory(ConsumerFactory<K, V> consumerFactory) {
        this.consumerFactory = consumerFactory;
    }

    /** Where consumers come from. */
    public ConsumerFactory<K, V> getConsumerFactory() {
        return consumerFactory;
    }

    /** Listeners to rebalances, beside those that are beans. */
    public void setRebalanceListeners(List<? extends ConsumerRebalanceListener> listeners) {
        rebalanceListeners.clear();
        rebalanceListeners.addAll(listeners);
    }

    /** Listeners to rebalances that answer stages, beside those that are beans. */
    public void setAsyncRebalanceListeners(List<? extends AsyncConsumerRebalanceListener> listeners) {
        asyncRebalanceListeners.clear();
        asyncRebalanceListeners.addAll(listeners);
    }

    /** Changes every container after it was made. */
    public void setContainerCustomizer(@Nullable ContainerCustomizer containerCustomizer) {
        this.containerCustomizer = containerCustomizer;
    }

    @Override
    KafkaListenerEndpoint.ListenerContext contextOf(KafkaListenerEndpoint endpoint, ContainerProperties properties) {
        return new KafkaListenerEndpoint.ListenerContext(
                endpoint.getId(),
                KafkaMessageListenerContainer.groupOf(consumerFactory, properties),
                properties.getListenerInfo(),
                properties.getAckMode(),
                consumerFactory.getKeySerializer(),
                consumerFactory.getValueSerializer());
    }

    @Override
    void requireAbleToWork(KafkaListenerEndpoint endpoint, ContainerProperties properties, MessageListener<?, ?> listener) {
        if (listener instanceof MethodMessageListener methods && properties.getAckMode() == AckMode.MANUAL) {
            methods.requireAcknowledgment("Listener '" + endpoint.getId() + "'" + (endpoint.getPlace() == null ? "" : " (" + endpoint.getPlace() + ")"));
        }
    }

    @Override
    KafkaMessageListenerContainer<K, V> newContainer(String listenerId, ContainerProperties properties, MessageListener<?, ?> listener) {
        KafkaMessageListenerContainer<K, V> container = new KafkaMessageListenerContainer<>(listenerId, consumerFactory, properties, listener);
        container.setRebalanceListeners(withBeans(ConsumerRebalanceListener.class, rebalanceListeners));
        container.setAsyncRebalanceListeners(withBeans(AsyncConsumerRebalanceListener.class, asyncRebalanceListeners));
        return container;
    }

    @Override
    void customize(KafkaMessageListenerContainer<K, V> container) {
        if (containerCustomizer != null) {
            containerCustomizer.configure(container);
        }
    }
}
