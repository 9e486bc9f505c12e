package dev.kafkaboot.spring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.listener.KafkaMessageListenerContainer;
import dev.kafkaboot.spring.listener.ListenerStartException;
import dev.kafkaboot.spring.listener.MessageListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaListenerEndpointRegistryTests {

    private final KafkaListenerEndpointRegistry registry = new KafkaListenerEndpointRegistry();

    @Test
    void phaseOfAContainerIsThatOfAllListeners() {
        registry.registerListenerContainer(new Endpoint("usual"), factory(KafkaMessageListenerContainer.PHASE));
        assertThat(registry.getPhase()).isEqualTo(KafkaMessageListenerContainer.PHASE);

        registry.registerListenerContainer(new Endpoint("early"), factory(5));
        registry.registerListenerContainer(new Endpoint("early, too"), factory(5));

        assertThat(registry.getPhase()).isEqualTo(5);
    }

    @Test
    void twoPhasesAreRefused() {
        registry.registerListenerContainer(new Endpoint("early"), factory(5));

        assertThatThrownBy(() -> registry.registerListenerContainer(new Endpoint("late"), factory(6)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'late'")
                .hasMessageContaining("5")
                .hasMessageContaining("6");
        assertThat(registry.getListenerContainerIds()).containsExactly("early");
    }

    @Test
    void listenerThatCannotStartDoesNotKeepItsId() {
        registry.start();

        assertThatThrownBy(() -> registry.registerListenerContainer(new Endpoint("no group"), factory(KafkaMessageListenerContainer.PHASE)))
                .isInstanceOf(ListenerStartException.class);

        assertThat(registry.getListenerContainerIds()).isEmpty();
    }

    private static ConcurrentKafkaListenerContainerFactory<String, String> factory(int phase) {
        ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>(
                new DefaultKafkaConsumerFactory<>(Map.of("bootstrap.servers", "127.0.0.1:1"), Serializers.string(), Serializers.string()));
        factory.setPhase(phase);
        return factory;
    }

    private record Endpoint(String id) implements KafkaListenerEndpoint {

        @Override
        public String getId() {
            return id;
        }

        @Override
        public Collection<String> getTopics() {
            return List.of("orders");
        }

        @Override
        public MessageListener<?, ?> createListener(ListenerContext context) {
            return (MessageListener<String, String>) record -> {};
        }
    }
}
