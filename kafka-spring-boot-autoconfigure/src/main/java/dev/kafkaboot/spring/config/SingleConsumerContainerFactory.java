package dev.kafkaboot.spring.config;

import dev.kafkaboot.spring.core.KafkaAdmin;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.DefaultErrorHandler;
import dev.kafkaboot.spring.listener.ListenerObserver;
import dev.kafkaboot.spring.listener.MessageListener;
import dev.kafkaboot.spring.listener.RecordErrorHandler;
import dev.kafkaboot.spring.listener.SingleConsumerContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;

/**
 * Makes {@link SingleConsumerContainer}s, and gives to each what is set here, unless its listener says otherwise. Not thread-safe while it is set up.
 *
 * @param <C> the type of container
 */
public abstract class SingleConsumerContainerFactory<C extends SingleConsumerContainer> implements KafkaListenerContainerFactory<C>, BeanFactoryAware {

    private final ContainerProperties containerProperties = new ContainerProperties();
    private final List<ListenerObserver> observers = new ArrayList<>();
    private RecordErrorHandler errorHandler = new DefaultErrorHandler();
    private boolean autoStartup = true;
    private int phase = SingleConsumerContainer.PHASE;
    private @Nullable BeanFactory beanFactory;

    SingleConsumerContainerFactory() {}

    /**
     * How the containers work, unless their listeners say otherwise. To be changed; its topics are not used, nor is what containers of this kind have no use for.
     */
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

    /** Observers, beside those that are beans. */
    public void setObservers(List<? extends ListenerObserver> listenerObservers) {
        observers.clear();
        observers.addAll(listenerObservers);
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** Makes a container for a listener that is not an endpoint; its owner starts and stops it. */
    public C createContainer(String listenerId, MessageListener<?, ?> listener, String... topics) {
        ContainerProperties properties = new ContainerProperties(topics);
        properties.copyFrom(containerProperties);
        return create(listenerId, properties, listener);
    }

    @Override
    public C createListenerContainer(KafkaListenerEndpoint endpoint) {
        ContainerProperties properties = EndpointProperties.of(endpoint, containerProperties);
        MessageListener<?, ?> listener = endpoint.createListener(contextOf(endpoint, properties));
        C container = create(endpoint.getId(), properties, listener);
        container.setPlace(endpoint.getPlace());
        requireAbleToWork(endpoint, properties, listener);
        Boolean ownAutoStartup = endpoint.getAutoStartup();
        if (ownAutoStartup != null) {
            container.setAutoStartup(ownAutoStartup);
        }
        return container;
    }

    /** What the container that will run an endpoint's listener has. */
    abstract KafkaListenerEndpoint.ListenerContext contextOf(KafkaListenerEndpoint endpoint, ContainerProperties properties);

    /**
     * Refuses a listener that cannot do its work with the properties, which a customizer may have changed by now.
     *
     * @throws IllegalArgumentException if it cannot
     */
    void requireAbleToWork(KafkaListenerEndpoint endpoint, ContainerProperties properties, MessageListener<?, ?> listener) {}

    private C create(String listenerId, ContainerProperties properties, MessageListener<?, ?> listener) {
        C container = newContainer(listenerId, properties, listener);
        container.setErrorHandler(errorHandler);
        container.setAutoStartup(autoStartup);
        container.setPhase(phase);
        container.setObservers(withBeans(ListenerObserver.class, observers));
        container.setStartAfter(this::whenTopicsWereTried);
        customize(container);
        return container;
    }

    /** A container, with what only containers of this kind have. */
    abstract C newContainer(String listenerId, ContainerProperties properties, MessageListener<?, ?> listener);

    /** Changes a container that has everything else. */
    abstract void customize(C container);

    /** A consumer that asks for a topic may make the broker create it, with other partitions than the bean of the topic says. */
    private CompletableFuture<?> whenTopicsWereTried(Collection<String> topics) {
        BeanFactory beans = beanFactory;
        if (beans == null) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(
                beans.getBeanProvider(KafkaAdmin.class).stream().map(admin -> admin.whenTried(topics)).toArray(CompletableFuture[]::new));
    }

    /** What was given, and the beans of that type. */
    final <T> List<T> withBeans(Class<T> type, List<T> given) {
        List<T> all = new ArrayList<>(given);
        if (beanFactory != null) {
            beanFactory.getBeanProvider(type).orderedStream().filter(bean -> !all.contains(bean)).forEach(all::add);
        }
        return all;
    }
}
