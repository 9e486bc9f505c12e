package dev.kafkaboot.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewTopicTest {

    @Test
    void settingsAndReplicasAreToldInTheSameOrderInEachRun() {
        NewTopic topic = NewTopic.of("orders")
                .configs(Map.of("retention.ms", "1", "cleanup.policy", "delete", "min.insync.replicas", "2"))
                .config("max.message.bytes", "7")
                .replicas(Map.of(2, List.of(1), 0, List.of(2), 1, List.of(3)));

        assertThat(topic.configs().keySet()).containsExactly("cleanup.policy", "max.message.bytes", "min.insync.replicas", "retention.ms");
        assertThat(topic.replicas().keySet()).containsExactly(0, 1, 2);
    }
}
