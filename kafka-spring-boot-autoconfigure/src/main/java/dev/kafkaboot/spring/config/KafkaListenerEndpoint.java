package dev.kafkaboot.spring.config;

import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.MessageListener;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A listener, and what it says of the container that is to run it. What is null is left to the {@link KafkaListenerContainerFactory}. */
public interface KafkaListenerEndpoint {

    /** The listener's id, unique in the application. */
    String getId();

    /** The topics; at least one. */
    Collection<String> getTopics();

    /** The group. */
    default @Nullable String getGroupId() {
        return null;
    }

    /** The consumer's {@code client.id}. */
    default @Nullable String getClientIdPrefix() {
        return null;
    }

    /** How many records are worked on at the same time. */
    default @Nullable Integer getConcurrency() {
        return null;
    }

    /** Whether it starts with the application. */
    default @Nullable Boolean getAutoStartup() {
        return null;
    }

    /** When work is committed. */
    default ContainerProperties.@Nullable AckMode getAckMode() {
        return null;
    }

    /** Consumer configuration by Kafka's keys, in place of the factory's. */
    default Map<String, String> getConsumerProperties() {
        return Map.of();
    }

    /** A note for the listener's messages. */
    default @Nullable String getListenerInfo() {
        return null;
    }

    /** Where the listener was declared, as errors show it; null if that is of no help. */
    default @Nullable String getPlace() {
        return null;
    }

    /**
     * Makes the listener.
     *
     * @param context what the container that will run it has
     */
    MessageListener<?, ?> createListener(ListenerContext context);

    /**
     * What the container of a listener has.
     *
     * @param listenerId the listener's id
     * @param groupId its group, or null
     * @param listenerInfo the note for its messages, or null
     * @param ackMode when its work is committed
     * @param keySerializer what reads keys
     * @param valueSerializer what reads values
     * @param shareGroup whether the group is a share group, so that records are acknowledged one by one
     */
    record ListenerContext(
            String listenerId,
            @Nullable String groupId,
            @Nullable String listenerInfo,
            ContainerProperties.AckMode ackMode,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer,
            boolean shareGroup) {

        /** What the container of a listener has that is not of a share group. */
        public ListenerContext(
                String listenerId,
                @Nullable String groupId,
                @Nullable String listenerInfo,
                ContainerProperties.AckMode ackMode,
                Serializer<?> keySerializer,
                Serializer<?> valueSerializer) {
            this(listenerId, groupId, listenerInfo, ackMode, keySerializer, valueSerializer, /* shareGroup= */ false);
        }
    }
}
