package dev.kafkaboot.autoconfigure.health;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;

/** Whether the listeners run, or were stopped on purpose. */
final class ListenersHealth {

    private final KafkaListenerEndpointRegistry registry;

    ListenersHealth(KafkaListenerEndpointRegistry registry) {
        this.registry = registry;
    }

    /** Adds what is known; answers false if a listener does not do its work. */
    boolean addTo(Health.Builder health) {
        Map<String, Object> listeners = new LinkedHashMap<>();
        boolean well = true;
        for (MessageListenerContainer container : registry.getListenerContainers()) {
            listeners.put(container.getListenerId(), details(container));
            well &= container.isInExpectedState();
        }
        health.withDetail("listeners", listeners);
        return well;
    }

    private static Map<String, Object> details(MessageListenerContainer container) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", state(container));
        if (container.getGroupId() != null) {
            details.put("group", container.getGroupId());
        }
        details.put("partitions", container.getAssignedPartitions().stream().map(TopicPartition::toString).sorted().toList());
        if (!container.getTopicProblems().isEmpty()) {
            details.put("topicProblems", container.getTopicProblems());
        }
        if (!container.getLongRecords().isEmpty()) {
            details.put("longRecords", container.getLongRecords());
        }
        Throwable lastError = container.getLastError();
        if (lastError != null) {
            details.put("lastError", String.valueOf(lastError.getMessage()));
        }
        return details;
    }

    private static String state(MessageListenerContainer container) {
        if (!container.isInExpectedState()) {
            return "failed";
        }
        if (!container.isRunning()) {
            return "stopped";
        }
        return container.isPauseRequested() ? "paused" : "running";
    }
}
