package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.spring.config.ConcurrentKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.ContainerCustomizer;
import dev.kafkaboot.spring.config.ShareKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.SingleConsumerContainerFactory;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.RecordErrorHandler;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;

/**
 * Sets up a container factory as the auto-configured one is: by {@code kafka.listener.*}, the application's {@link RecordErrorHandler}, its
 * {@link ContainerCustomizer}s, and virtual threads where they are on. For an application's further factories.
 */
public final class KafkaListenerContainerFactoryConfigurer {

    private static final Logger logger = LoggerFactory.getLogger(KafkaListenerContainerFactoryConfigurer.class);

    private final KafkaListenerProperties properties;
    private final @Nullable Executor executor;
    private final ObjectProvider<RecordErrorHandler> errorHandler;
    private final ObjectProvider<ContainerCustomizer> customizers;
    private boolean warned;

    KafkaListenerContainerFactoryConfigurer(
            KafkaListenerProperties properties,
            @Nullable Executor executor,
            ObjectProvider<RecordErrorHandler> errorHandler,
            ObjectProvider<ContainerCustomizer> customizers) {
        this.properties = properties;
        this.executor = executor;
        this.errorHandler = errorHandler;
        this.customizers = customizers;
    }

    /** Sets up a factory. */
    public void configure(ConcurrentKafkaListenerContainerFactory<?, ?> factory) {
        configureWhatAllHave(factory);
        factory.setContainerCustomizer(made -> customizers.orderedStream().forEach(customizer -> customizer.configure(made)));
    }

    /** Sets up a factory of containers of share groups; {@link ContainerCustomizer}s are for other containers. */
    public void configure(ShareKafkaListenerContainerFactory<?, ?> factory) {
        configureWhatAllHave(factory);
    }

    private void configureWhatAllHave(SingleConsumerContainerFactory<?> factory) {
        factory.setAutoStartup(properties.isAutoStartup());
        configure(factory.getContainerProperties());
        configure(factory::setErrorHandler);
    }

    private void configure(ContainerProperties container) {
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::getAckMode).to(container::setAckMode);
        map.from(properties::getClientId).to(container::setClientId);
        map.from(properties::getConcurrency).to(container::setConcurrency);
        map.from(properties::getPollTimeout).to(container::setPollTimeout);
        map.from(properties::getShutdownTimeout).to(container::setShutdownTimeout);
        map.from(properties::getRevocationTimeout).to(container::setRevocationTimeout);
        map.from(properties::getMaxQueuedRecords).to(container::setMaxQueuedRecords);
        container.setListenerTaskExecutor(executor);
    }

    private void configure(Consumer<RecordErrorHandler> factory) {
        errorHandler.ifUnique(factory);
        if (!warned && errorHandler.getIfUnique() == null && errorHandler.stream().findAny().isPresent()) {
            warned = true;
            logger.warn("There are several RecordErrorHandler beans and none of them is @Primary, so none is used: a record that fails is treated as by default,"
                    + " which means that it is given up after a few attempts. Mark one of them, or set one on each container factory");
        }
    }
}
