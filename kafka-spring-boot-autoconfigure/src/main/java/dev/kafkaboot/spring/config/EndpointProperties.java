package dev.kafkaboot.spring.config;

import dev.kafkaboot.spring.listener.ContainerProperties;

/** How the container of a listener works: as its factory says, unless the listener says otherwise. */
final class EndpointProperties {

    private EndpointProperties() {}

    /** The factory's properties, but for what the listener says otherwise. */
    static ContainerProperties of(KafkaListenerEndpoint endpoint, ContainerProperties factory) {
        ContainerProperties properties = new ContainerProperties(endpoint.getTopics());
        properties.copyFrom(factory);
        if (endpoint.getGroupId() != null) {
            properties.setGroupId(endpoint.getGroupId());
        }
        if (endpoint.getClientIdPrefix() != null) {
            properties.setClientId(endpoint.getClientIdPrefix());
        }
        Integer concurrency = endpoint.getConcurrency();
        if (concurrency != null) {
            properties.setConcurrency(concurrency);
        }
        ContainerProperties.AckMode ackMode = endpoint.getAckMode();
        if (ackMode != null) {
            properties.setAckMode(ackMode);
        }
        if (endpoint.getListenerInfo() != null) {
            properties.setListenerInfo(endpoint.getListenerInfo());
        }
        properties.getKafkaConsumerProperties().putAll(endpoint.getConsumerProperties());
        return properties;
    }
}
