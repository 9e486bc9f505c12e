package dev.kafkaboot.client.serialization;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The usual serializers. All of them keep null as null, and their bytes are those that Apache's serializers of the same name write. */
public final class Serializers {

    private static final Serializer<String> STRING = of(
            text -> text.getBytes(StandardCharsets.UTF_8), bytes -> new String(bytes, StandardCharsets.UTF_8));
    private static final Serializer<byte[]> BYTES = of(bytes -> bytes, bytes -> bytes);
    private static final Serializer<Long> LONG = of(
            number -> ByteBuffer.allocate(8).putLong(number).array(), bytes -> sized(bytes, 8, "long").getLong());
    private static final Serializer<Integer> INTEGER = of(
            number -> ByteBuffer.allocate(4).putInt(number).array(), bytes -> sized(bytes, 4, "int").getInt());
    private static final Serializer<UUID> UUID_TEXT = of(
            id -> id.toString().getBytes(StandardCharsets.UTF_8), bytes -> UUID.fromString(new String(bytes, StandardCharsets.UTF_8)));

    private Serializers() {}

    /** Text in UTF-8. */
    public static Serializer<String> string() {
        return STRING;
    }

    /** Bytes as they are; the array is not copied. */
    public static Serializer<byte[]> bytes() {
        return BYTES;
    }

    /** Eight bytes, big-endian. */
    public static Serializer<Long> longs() {
        return LONG;
    }

    /** Four bytes, big-endian. */
    public static Serializer<Integer> integers() {
        return INTEGER;
    }

    /** A UUID as its text. */
    public static Serializer<UUID> uuid() {
        return UUID_TEXT;
    }

    /** A serializer made of two functions, which never see null. */
    public static <T> Serializer<T> of(Function<? super T, byte[]> write, Function<byte[], ? extends T> read) {
        return new Serializer<>() {
            @Override
            public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T data) {
                return data == null ? null : write.apply(data);
            }

            @Override
            public @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] data) {
                return data == null ? null : read.apply(data);
            }

            @Override
            public boolean usesHeaders() {
                return false;
            }
        };
    }

    private static ByteBuffer sized(byte[] bytes, int size, String type) {
        if (bytes.length != size) {
            throw new SerializationException("A " + type + " has " + size + " bytes, but the record has " + bytes.length);
        }
        return ByteBuffer.wrap(bytes);
    }
}
