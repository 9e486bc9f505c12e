package dev.kafkaboot.spring.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.support.MessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;

/** What a {@link dev.kafkaboot.spring.annotation.KafkaListenerConfigurer} sets up. Not thread-safe. */
public class KafkaListenerEndpointRegistrar {

    private final List<HandlerMethodArgumentResolver> argumentResolvers = new ArrayList<>();
    private final Map<KafkaListenerEndpoint, KafkaListenerContainerFactory<?>> endpoints = new LinkedHashMap<>();
    private @Nullable Validator validator;
    private @Nullable MessageHandlerMethodFactory methodFactory;

    /** An empty one. */
    public KafkaListenerEndpointRegistrar() {}

    public @Nullable Validator getValidator() {
        return validator;
    }

    /** What validates payloads with {@code @Valid} or {@code @Validated}. */
    public void setValidator(@Nullable Validator validator) {
        this.validator = validator;
    }

    public List<HandlerMethodArgumentResolver> getCustomMethodArgumentResolvers() {
        return argumentResolvers;
    }

    /** What finds arguments of further kinds. They are asked before anything else. */
    public void setCustomMethodArgumentResolvers(HandlerMethodArgumentResolver... resolvers) {
        argumentResolvers.clear();
        argumentResolvers.addAll(List.of(resolvers));
    }

    public @Nullable MessageHandlerMethodFactory getMessageHandlerMethodFactory() {
        return methodFactory;
    }

    /** What makes methods that can be called, in place of all that is ours. */
    public void setMessageHandlerMethodFactory(@Nullable MessageHandlerMethodFactory methodFactory) {
        this.methodFactory = methodFactory;
    }

    /** The listeners that are registered besides those with annotations, and what makes their containers. */
    public Map<KafkaListenerEndpoint, KafkaListenerContainerFactory<?>> getEndpoints() {
        return endpoints;
    }

    /** Registers a listener besides those with annotations. */
    public void registerEndpoint(KafkaListenerEndpoint endpoint, KafkaListenerContainerFactory<?> factory) {
        endpoints.put(endpoint, factory);
    }
}
