package dev.kafkaboot.spring.annotation;

import dev.kafkaboot.spring.config.KafkaListenerEndpoint;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.MessageListener;
import dev.kafkaboot.spring.listener.adapter.ListenerMethods;
import dev.kafkaboot.spring.listener.adapter.MethodMessageListener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one annotation says, resolved.
 *
 * @param place where the annotation is, for errors
 */
record AnnotatedEndpoint(
        String id,
        List<String> topics,
        @Nullable String groupId,
        @Nullable String clientIdPrefix,
        @Nullable Integer concurrency,
        @Nullable Boolean autoStartup,
        @Nullable AckMode ackMode,
        Map<String, String> consumerProperties,
        @Nullable String listenerInfo,
        ListenerMethods methods,
        String place)
        implements KafkaListenerEndpoint {

    @Override
    public String getId() {
        return id;
    }

    @Override
    public List<String> getTopics() {
        return topics;
    }

    @Override
    public @Nullable String getGroupId() {
        return groupId;
    }

    @Override
    public @Nullable String getClientIdPrefix() {
        return clientIdPrefix;
    }

    @Override
    public @Nullable Integer getConcurrency() {
        return concurrency;
    }

    @Override
    public @Nullable Boolean getAutoStartup() {
        return autoStartup;
    }

    @Override
    public @Nullable AckMode getAckMode() {
        return ackMode;
    }

    @Override
    public Map<String, String> getConsumerProperties() {
        return consumerProperties;
    }

    @Override
    public @Nullable String getListenerInfo() {
        return listenerInfo;
    }

    @Override
    public String getPlace() {
        return place;
    }

    @Override
    public MessageListener<?, ?> createListener(ListenerContext context) {
        try {
            boolean acknowledges = context.ackMode() == AckMode.MANUAL;
            return context.shareGroup()
                    ? MethodMessageListener.ofShareGroup(
                            methods, context.keySerializer(), context.valueSerializer(), context.groupId(), context.listenerInfo(), acknowledges)
                    : new MethodMessageListener(
                            methods, context.keySerializer(), context.valueSerializer(), context.groupId(), context.listenerInfo(), acknowledges);
        } catch (IllegalArgumentException e) {
            throw new InvalidKafkaListenerException(place, null, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return "the one on " + place;
    }
}
