package dev.kafkaboot.spring.config;

import dev.kafkaboot.spring.core.KafkaAdmin;
import dev.kafkaboot.spring.core.ShareConsumerFactory;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.DefaultErrorHandler;
import dev.kafkaboot.spring.listener.KafkaMessageListenerContainer;
import dev.kafkaboot.spring.listener.ListenerObserver;
import dev.kafkaboot.spring.listener.MessageListener;
import dev.kafkaboot.spring.listener.RecordErrorHandler;
import dev.kafkaboot.spring.listener.ShareKafkaMessageListenerContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;

/**
 * Makes {@link ShareKafkaMessageListenerContainer}s, for listeners that are members of share groups. A listener names it: {@code @KafkaListener(containerFactory =
 * "shareKafkaListenerContainerFactory")}.
 *
 * <p>Observers that are beans are given to every container; more can be set here. Not thread-safe while it is set up.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class ShareKafkaListenerContainerFactory<K, V>
        implements KafkaListenerContainerFactory<ShareKafkaMessageListenerContainer<K, V>>, BeanFactoryAware {

    private final ShareConsumerFactory<K, V> consumerFactory;
    private final ContainerProperties containerProperties = new ContainerProperties();
    private final List<ListenerObserver> observers = new ArrayList<>();
    private RecordErrorHandler errorHandler = new DefaultErrorHandler();
    private boolean autoStartup = true;
    private int phase = KafkaMessageListenerContainer.PHASE;
    private @Nullable Consumer<ShareKafkaMessageListenerContainer<K, V>> containerCustomizer;
    private @Nullable BeanFactory beanFactory;

    /** A factory of containers whose consumers come from there. */
    public ShareKafkaListenerContainerFactory(ShareConsumerFactory<K, V> consumerFactory) {
        this.consumerFactory = consumerFactory;
    }

    /** Where consumers come from. */
    public ShareConsumerFactory<K, V> getShareConsumerFactory() {
        return consumerFactory;
    }

    /** How the containers work, unless their listeners say otherwise. To be changed; its topics are not used, nor is what only partitions of one's own have. */
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

    /** When containers start and stop among the application's other parts; see {@link ConcurrentKafkaListenerContainerFactory#setPhase}. */
    public void setPhase(int phase) {
        this.phase = phase;
    }

    /** Observers, beside those that are beans. */
    public void setObservers(List<? extends ListenerObserver> listenerObservers) {
        observers.clear();
        observers.addAll(listenerObservers);
    }

    /** Changes every container after it was made. */
    public void setContainerCustomizer(@Nullable Consumer<ShareKafkaMessageListenerContainer<K, V>> containerCustomizer) {
        this.containerCustomizer = containerCustomizer;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** Makes a container for a listener that is not an endpoint; its owner starts and stops it. */
    public ShareKafkaMessageListenerContainer<K, V> createContainer(String listenerId, MessageListener<?, ?> listener, String... topics) {
        ContainerProperties properties = new ContainerProperties(topics);
        properties.copyFrom(containerProperties);
        return create(listenerId, properties, listener);
    }

    @Override
    public ShareKafkaMessageListenerContainer<K, V> createListenerContainer(KafkaListenerEndpoint endpoint) {
        ContainerProperties properties = EndpointProperties.of(endpoint, containerProperties);
        MessageListener<?, ?> listener = endpoint.createListener(new KafkaListenerEndpoint.ListenerContext(
                endpoint.getId(),
                ShareKafkaMessageListenerContainer.groupOf(consumerFactory, properties),
                properties.getListenerInfo(),
                properties.getAckMode(),
                consumerFactory.getKeySerializer(),
                consumerFactory.getValueSerializer(),
                /* shareGroup= */ true));
        ShareKafkaMessageListenerContainer<K, V> container = create(endpoint.getId(), properties, listener);
        container.setPlace(endpoint.getPlace());
        Boolean ownAutoStartup = endpoint.getAutoStartup();
        if (ownAutoStartup != null) {
            container.setAutoStartup(ownAutoStartup);
        }
        return container;
    }

    private ShareKafkaMessageListenerContainer<K, V> create(String listenerId, ContainerProperties properties, MessageListener<?, ?> listener) {
        ShareKafkaMessageListenerContainer<K, V> container =
                new ShareKafkaMessageListenerContainer<>(listenerId, consumerFactory, properties, listener);
        container.setErrorHandler(errorHandler);
        container.setAutoStartup(autoStartup);
        container.setPhase(phase);
        container.setObservers(allObservers());
        container.setStartAfter(this::whenTopicsWereTried);
        if (containerCustomizer != null) {
            containerCustomizer.accept(container);
        }
        return container;
    }

    private List<ListenerObserver> allObservers() {
        List<ListenerObserver> all = new ArrayList<>(observers);
        if (beanFactory != null) {
            beanFactory.getBeanProvider(ListenerObserver.class).orderedStream().filter(bean -> !all.contains(bean)).forEach(all::add);
        }
        return all;
    }

    private CompletableFuture<?> whenTopicsWereTried(Collection<String> topics) {
        BeanFactory beans = beanFactory;
        if (beans == null) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(
                beans.getBeanProvider(KafkaAdmin.class).stream().map(admin -> admin.whenTried(topics)).toArray(CompletableFuture[]::new));
    }
}
