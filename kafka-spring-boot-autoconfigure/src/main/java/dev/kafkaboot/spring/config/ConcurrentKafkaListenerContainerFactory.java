package dev.kafkaboot.spring.config;

import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.core.KafkaAdmin;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.DefaultErrorHandler;
import dev.kafkaboot.spring.listener.KafkaMessageListenerContainer;
import dev.kafkaboot.spring.listener.ListenerObserver;
import dev.kafkaboot.spring.listener.MessageListener;
import dev.kafkaboot.spring.listener.RecordErrorHandler;
import dev.kafkaboot.spring.listener.adapter.MethodMessageListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;

/**
 * Makes {@link KafkaMessageListenerContainer}s: one consumer each, and as many threads for the listener as its concurrency says.
 *
 * <p>Rebalance listeners and observers that are beans are given to every container; more can be set here. Not thread-safe while it is set up.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class ConcurrentKafkaListenerContainerFactory<K, V>
        implements KafkaListenerContainerFactory<KafkaMessageListenerContainer<K, V>>, BeanFactoryAware {

    private final ConsumerFactory<K, V> consumerFactory;
    private final ContainerProperties containerProperties = new ContainerProperties();
    private final List<ConsumerRebalanceListener> rebalanceListeners = new ArrayList<>();
    private final List<AsyncConsumerRebalanceListener> asyncRebalanceListeners = new ArrayList<>();
    private final List<ListenerObserver> observers = new ArrayList<>();
    private RecordErrorHandler errorHandler = new DefaultErrorHandler();
    private boolean autoStartup = true;
    private int phase = KafkaMessageListenerContainer.PHASE;
    private @Nullable ContainerCustomizer containerCustomizer;
    private @Nullable BeanFactory beanFactory;

    /** A factory of containers whose consumers come from there. */
    public ConcurrentKafkaListenerContainerFactory(ConsumerFactory<K, V> consumerFactory) {
        this.consumerFactory = consumerFactory;
    }

    /** Where consumers come from. */
    public ConsumerFactory<K, V> getConsumerFactory() {
        return consumerFactory;
    }

    /** How the containers work, unless their listeners say otherwise. To be changed; its topics are not used. */
    public ContainerProperties getContainerProperties() {
        return containerProperties;
    }

    /** How many records a listener works on at the same time, unless it says otherwise. */
    public void setConcurrency(int concurrency) {
        containerProperties.setConcurrency(concurrency);
    }

    /** What becomes of records that fail; a {@link DefaultErrorHandler} by default. */
    public void setErrorHandler(RecordErrorHandler errorHandler) {
        this.errorHandler = errorHandler;
    }

    /** Whether containers start with the application, unless their listeners say otherwise; true by default. */
    public void setAutoStartup(boolean autoStartup) {
        this.autoStartup = autoStartup;
    }

    /**
     * When containers start and stop among the application's other parts: late, and early. Those of listener methods do so together, with their
     * {@link KafkaListenerEndpointRegistry}, which takes the phase over.
     */
    public void setPhase(int phase) {
        this.phase = phase;
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

    /** Observers, beside those that are beans. */
    public void setObservers(List<? extends ListenerObserver> listenerObservers) {
        observers.clear();
        observers.addAll(listenerObservers);
    }

    /** Changes every container after it was made. */
    public void setContainerCustomizer(@Nullable ContainerCustomizer containerCustomizer) {
        this.containerCustomizer = containerCustomizer;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** Makes a container for a listener that is not an endpoint; its owner starts and stops it. */
    public KafkaMessageListenerContainer<K, V> createContainer(String listenerId, MessageListener<?, ?> listener, String... topics) {
        ContainerProperties properties = new ContainerProperties(topics);
        properties.copyFrom(containerProperties);
        return create(listenerId, properties, listener);
    }

    @Override
    public KafkaMessageListenerContainer<K, V> createListenerContainer(KafkaListenerEndpoint endpoint) {
        ContainerProperties properties = EndpointProperties.of(endpoint, containerProperties);
        MessageListener<?, ?> listener = endpoint.createListener(new KafkaListenerEndpoint.ListenerContext(
                endpoint.getId(),
                KafkaMessageListenerContainer.groupOf(consumerFactory, properties),
                properties.getListenerInfo(),
                properties.getAckMode(),
                consumerFactory.getKeySerializer(),
                consumerFactory.getValueSerializer()));
        KafkaMessageListenerContainer<K, V> container = create(endpoint.getId(), properties, listener);
        container.setPlace(endpoint.getPlace());
        if (listener instanceof MethodMessageListener methods && properties.getAckMode() == AckMode.MANUAL) { // by now: the customizer may have set another
            methods.requireAcknowledgment("Listener '" + endpoint.getId() + "'" + (endpoint.getPlace() == null ? "" : " (" + endpoint.getPlace() + ")"));
        }
        Boolean ownAutoStartup = endpoint.getAutoStartup();
        if (ownAutoStartup != null) {
            container.setAutoStartup(ownAutoStartup);
        }
        return container;
    }

    private KafkaMessageListenerContainer<K, V> create(String listenerId, ContainerProperties properties, MessageListener<?, ?> listener) {
        KafkaMessageListenerContainer<K, V> container = new KafkaMessageListenerContainer<>(listenerId, consumerFactory, properties, listener);
        container.setErrorHandler(errorHandler);
        container.setAutoStartup(autoStartup);
        container.setPhase(phase);
        container.setRebalanceListeners(withBeans(ConsumerRebalanceListener.class, rebalanceListeners));
        container.setAsyncRebalanceListeners(withBeans(AsyncConsumerRebalanceListener.class, asyncRebalanceListeners));
        container.setObservers(withBeans(ListenerObserver.class, observers));
        container.setStartAfter(this::whenTopicsWereTried);
        if (containerCustomizer != null) {
            containerCustomizer.configure(container);
        }
        return container;
    }

    /** A consumer that asks for a topic may make the broker create it, with other partitions than the bean of the topic says. */
    private CompletableFuture<?> whenTopicsWereTried(Collection<String> topics) {
        BeanFactory beans = beanFactory;
        if (beans == null) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(
                beans.getBeanProvider(KafkaAdmin.class).stream().map(admin -> admin.whenTried(topics)).toArray(CompletableFuture[]::new));
    }

    private <T> List<T> withBeans(Class<T> type, List<T> given) {
        List<T> all = new ArrayList<>(given);
        if (beanFactory != null) {
            beanFactory.getBeanProvider(type).orderedStream().filter(bean -> !all.contains(bean)).forEach(all::add);
        }
        return all;
    }
}
