package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.core.DefaultShareConsumerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A container of a share group that cannot start. */
class ShareContainerStartTests {

    private final List<Map<String, ?>> made = new ArrayList<>();
    private final ContainerProperties properties = new ContainerProperties("orders");
    private final DefaultShareConsumerFactory<String, String> consumers =
            new DefaultShareConsumerFactory<>(Map.of("group.id", "billing"), Serializers.string(), Serializers.string()) {
                @Override
                public KafkaShareConsumer<byte[], byte[]> createBytesShareConsumer(Map<String, ?> overrides) {
                    made.add(overrides);
                    return null;
                }
            };

    private ShareKafkaMessageListenerContainer<String, String> container(MessageListener<String, String> listener) {
        return new ShareKafkaMessageListenerContainer<>("test", consumers, properties, listener);
    }

    @Test
    void listenerThatCannotAcknowledgeIsRefusedIfItHasTo() {
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        ShareKafkaMessageListenerContainer<String, String> container = container(record -> {});

        assertThatThrownBy(container::start).isInstanceOf(ListenerStartException.class).hasMessageContainingAll(
                "'test'", "ack mode is MANUAL", "cannot acknowledge", "give it an AcknowledgingShareConsumerAwareMessageListener, or another ack mode");

        assertThat(container.isRunning()).isFalse();
    }

    @Test
    void noConsumerIsMadeThatNobodyWouldClose() {
        ShareKafkaMessageListenerContainer<String, String> container = container(record -> {});
        container.setStartAfter(topics -> {
            throw new IllegalStateException("no topics");
        });

        assertThatThrownBy(container::start).hasMessage("no topics");

        assertThat(made).isEmpty();
        assertThat(container.isRunning()).isFalse();
    }
}
