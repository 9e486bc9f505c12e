package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.serialization.Serializers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that mean something with one group protocol only. */
class GroupProtocolConfigTest {

    private static ConsumerBuilder<String, String> builder() {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).bootstrapServers("localhost:1").groupId("billing");
    }

    @ParameterizedTest
    @CsvSource({"session.timeout.ms,10000", "heartbeat.interval.ms,1000", "partition.assignment.strategy,range"})
    void keyThatTheBrokersDecideIsRefusedWithTheConsumerProtocol(String key, String value) {
        assertThatThrownBy(() -> builder().groupProtocol(GroupProtocol.CONSUMER).config(key, value).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("it cannot be set with group.protocol=consumer");
    }

    @ParameterizedTest
    @CsvSource("group.remote.assignor,uniform")
    void keyOfTheConsumerProtocolIsRefusedWithoutIt(String key, String value) {
        assertThatThrownBy(() -> builder().config(key, value).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("it needs group.protocol=consumer");
    }

    @Test
    void protocolThatThereIsNotIsNamed() {
        assertThatThrownBy(() -> builder().config("group.protocol", "streams").build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("streams")
                .hasMessageContaining("[classic, consumer, auto]");
    }

    /** With {@code auto} such a key says that it is to be a classic group, and the other kind would have no effect. */
    @Test
    void keysOfBothProtocolsAreRefusedTogether() {
        assertThatThrownBy(() -> builder().groupProtocol(GroupProtocol.AUTO).config("session.timeout.ms", 10_000).groupRemoteAssignor("uniform").build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("group.remote.assignor")
                .hasMessageContaining("choose a group.protocol");
    }
}
