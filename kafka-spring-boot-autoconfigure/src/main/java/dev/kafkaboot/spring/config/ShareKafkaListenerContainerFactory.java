package dev.kafkaboot.spring.config;

import dev.kafkaboot.spring.core.ShareConsumerFactory;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.MessageListener;
import dev.kafkaboot.spring.listener.ShareKafkaMessageListenerContainer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link ShareKafkaMessageListenerContainer}s, for listeners that are members of share groups. A listener names it: {@code @KafkaListener(containerFactory =
 * "shareKafkaListenerContainerFactory")}.
 *
 * <p>Observers that are beans are given to every container; more can be set here. Of the {@linkplain #getContainerProperties container properties}, those that only
 * partitions of one's own have are not used. Not thread-safe while it is set up.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class ShareKafkaListenerContainerFactory<K, V> extends SingleConsumerContainerFactory<ShareKafkaMessageListenerContainer<K, V>> {

    private final ShareConsumerFactory<K, V> consumerFactory;
    private @Nullable Consumer<ShareKafkaMessageListenerContainer<K, V>> containerCustomizer;

    /** A factory of containers whose consumers come from there. */
    public ShareKafkaListenerContainerFactory(ShareConsumerFactory<K, V> consumerFactory) {
        this.consumerFactory = consumerFactory;
    }

    /** Where consumers come from. */
    public ShareConsumerFactory<K, V> getShareConsumerFactory() {
        return consumerFactory;
    }

    /** Changes every container after it was made. */
    public void setContainerCustomizer(@Nullable Consumer<ShareKafkaMessageListenerContainer<K, V>> containerCustomizer) {
        this.containerCustomizer = containerCustomizer;
    }

    @Override
    KafkaListenerEndpoint.ListenerContext contextOf(KafkaListenerEndpoint endpoint, ContainerProperties properties) {
        return new KafkaListenerEndpoint.ListenerContext(
                endpoint.getId(),
                ShareKafkaMessageListenerContainer.groupOf(consumerFactory, properties),
                properties.getListenerInfo(),
                properties.getAckMode(),
                consumerFactory.getKeySerializer(),
                consumerFactory.getValueSerializer(),
                /* shareGroup= */ true);
    }

    @Override
    ShareKafkaMessageListenerContainer<K, V> newContainer(String listenerId, ContainerProperties properties, MessageListener<?, ?> listener) {
        return new ShareKafkaMessageListenerContainer<>(listenerId, consumerFactory, properties, listener);
    }

    @Override
    void customize(ShareKafkaMessageListenerContainer<K, V> container) {
        if (containerCustomizer != null) {
            containerCustomizer.accept(container);
        }
    }
}
