package dev.kafkaboot.client.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import java.util.UUID;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.junit.jupiter.api.Test;

class SerializersTest {

    private static final UUID ID = UUID.fromString("4b1a4b1a-0000-4000-8000-123456789abc");

    record Order(String id, int quantity) {}

    @Test
    void writesTheBytesThatApachesSerializersWrite() {
        assertThat(write(Serializers.string(), "Grüße 🎈")).isEqualTo(new StringSerializer().serialize("t", "Grüße 🎈"));
        assertThat(write(Serializers.longs(), -7L)).isEqualTo(new LongSerializer().serialize("t", -7L));
        assertThat(write(Serializers.integers(), 1 << 30)).isEqualTo(new IntegerSerializer().serialize("t", 1 << 30));
        assertThat(write(Serializers.uuid(), ID)).isEqualTo(new UUIDSerializer().serialize("t", ID));
    }

    @Test
    void readsWhatItWroteAndKeepsNull() {
        assertThat(read(Serializers.string(), write(Serializers.string(), "Grüße"))).isEqualTo("Grüße");
        assertThat(read(Serializers.longs(), write(Serializers.longs(), Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
        assertThat(read(Serializers.uuid(), write(Serializers.uuid(), ID))).isEqualTo(ID);
        assertThat(Serializers.longs().serialize("t", Headers.none(), null)).isNull();
        assertThat(Serializers.longs().deserialize("t", Headers.none(), null)).isNull();
    }

    @Test
    void namesTheSizeOfANumberThatHasTheWrongOne() {
        assertThatThrownBy(() -> read(Serializers.longs(), new byte[3]))
                .isInstanceOf(SerializationException.class)
                .hasMessage("A long has 8 bytes, but the record has 3");
    }

    @Test
    void jsonGoesThereAndBack() {
        JsonSerializer<Order> json = new JsonSerializer<>(Order.class);

        assertThat(read(json, write(json, new Order("a", 3)))).isEqualTo(new Order("a", 3));
        assertThat(json.serialize("t", Headers.none(), null)).isNull();
    }

    @Test
    void unreadableJsonNamesTypeAndTopic() {
        JsonSerializer<Order> json = new JsonSerializer<>(Order.class);

        assertThatThrownBy(() -> read(json, "{\"quantity\": \"many\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("Order from JSON of topic t");
    }

    private static <T> byte[] write(Serializer<T> serializer, T data) {
        return serializer.serialize("t", Headers.none(), data);
    }

    private static <T> T read(Serializer<T> serializer, byte[] data) {
        return serializer.deserialize("t", Headers.none(), data);
    }
}
