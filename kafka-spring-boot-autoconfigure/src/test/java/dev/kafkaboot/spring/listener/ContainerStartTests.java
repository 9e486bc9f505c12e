package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.core.DefaultShareConsumerFactory;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What keeps a container of either kind from its start. */
class ContainerStartTests {

    private static final MessageListener<String, String> LISTENER = record -> {};

    private static Stream<SingleConsumerContainer> containers(Map<String, ?> config) {
        ContainerProperties properties = new ContainerProperties("orders");
        return Stream.of(
                new KafkaMessageListenerContainer<>(
                        "test", new DefaultKafkaConsumerFactory<>(config, Serializers.string(), Serializers.string()), properties, LISTENER),
                new ShareKafkaMessageListenerContainer<>(
                        "test", new DefaultShareConsumerFactory<>(config, Serializers.string(), Serializers.string()), properties, LISTENER));
    }

    static Stream<SingleConsumerContainer> withoutAGroup() {
        return containers(Map.of("bootstrap.servers", "127.0.0.1:1"));
    }

    @ParameterizedTest
    @MethodSource("withoutAGroup")
    void containerWithoutAGroupDoesNotStart(SingleConsumerContainer container) {
        container.setPlace("bean 'orders'");

        assertThatThrownBy(container::start).isInstanceOf(ListenerStartException.class).hasMessageContainingAll("'test'", "bean 'orders'", "it has no group, ");

        assertThat(container.isRunning()).isFalse();
    }

    static Stream<SingleConsumerContainer> withFaults() {
        return containers(Map.of("bootstrap.servers", "127.0.0.1:1", "group.id", "billing", "max.poll.interval.ms", "long", "fetch.min.bytes", "few"));
    }

    @ParameterizedTest
    @MethodSource("withFaults")
    void allThatIsWrongWithTheConfigurationIsTold(SingleConsumerContainer container) {
        assertThatThrownBy(container::start).isInstanceOf(ListenerStartException.class).hasMessageContainingAll("max.poll.interval.ms", "fetch.min.bytes");

        assertThat(container.isRunning()).isFalse();
    }
}
