package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.serialization.Serializer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deserialisers that read records where they were received. */
@Timeout(60)
class ViewsTest {

    private static final class Viewing implements Serializer<String> {

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String data) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable String deserialize(String topic, Headers headers, byte @Nullable [] data) {
            throw new AssertionError("it was handed a copy");
        }

        @Override
        public boolean readsViews() {
            return true;
        }

        @Override
        public @Nullable String deserializeView(String topic, Headers headers, @Nullable ByteBuffer data) {
            if (data == null) {
                return null;
            }
            assertThat(data.isReadOnly()).isTrue();
            String text = StandardCharsets.UTF_8.decode(data).toString();
            if (text.equals("bad")) {
                throw new IllegalStateException("cannot be read");
            }
            return text;
        }
    }

    @Test
    void recordsAreReadWhereTheyWereReceived() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = KafkaConsumer.builder(new Viewing(), new Viewing())
                        .bootstrapServers(brokers.bootstrapServers()).autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
            brokers.logs().append(0, "a", "b", "bad");
            consumer.assign(List.of(FIRST));
            List<String> values = new ArrayList<>();
            List<String> keys = new ArrayList<>();
            consumer.poll(Duration.ofSeconds(20)).forEach(record -> {
                keys.add(record.key());
                values.add(record.value());
            });

            assertThat(values).containsExactly("a", "b");
            assertThat(keys).as("there are none").containsExactly(null, null);
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(RecordDeserializationException.class, told -> assertThat(told.value()).isEqualTo(new byte[] {'b', 'a', 'd'}));
        }
    }
}
