package dev.kafkaboot.spring.listener.adapter;

import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.spring.support.serializer.JacksonJsonSerializer;
import dev.kafkaboot.spring.support.serializer.PayloadTypes;
import dev.kafkaboot.spring.support.serializer.TypedSerializer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Reads a record's value as what the listener takes. Thread-safe.
 *
 * <p>A {@link TypedSerializer} is told what that is. Of any other serializer the result is taken as it is, but for text and bytes that the listener does not
 * take: they are read as JSON, if Jackson is there. Texts that are to become numbers, dates and the like are left to the conversion of arguments.
 */
final class PayloadReader {

    private static final boolean JACKSON_PRESENT =
            ClassUtils.isPresent("tools.jackson.databind.ObjectMapper", PayloadReader.class.getClassLoader());

    private final Serializer<?> serializer;
    private final @Nullable TypedSerializer<Object> json;

    PayloadReader(Serializer<?> serializer) {
        this.serializer = serializer;
        this.json = JACKSON_PRESENT ? Json.create() : null;
    }

    /** Reads the value; null if the record has none. */
    @Nullable Object read(ConsumerRecord<byte[], byte[]> record, PayloadTypes types) {
        byte[] bytes = record.value();
        if (serializer instanceof TypedSerializer<?> typed) {
            return typed.deserialize(record.topic(), record.headers(), bytes, types);
        }
        Object value = deserialize(record, bytes);
        TypedSerializer<Object> json = this.json;
        if (json == null || !(value instanceof String || value instanceof byte[]) || isTaken(record, value, types)) {
            return value;
        }
        byte[] text = value instanceof byte[] raw ? raw : ((String) value).getBytes(StandardCharsets.UTF_8);
        return json.deserialize(record.topic(), record.headers(), text, types);
    }

    private @Nullable Object deserialize(ConsumerRecord<byte[], byte[]> record, byte @Nullable [] bytes) {
        try {
            return serializer.deserialize(record.topic(), record.headers(), bytes);
        } catch (SerializationException known) {
            throw known;
        } catch (RuntimeException e) {
            throw new SerializationException(
                    "Cannot read the value of a record of topic " + record.topic() + " with " + serializer.getClass().getName() + ": " + e, e);
        }
    }

    /** Whether text or bytes are what the listener wants, so that they are not to be read as JSON. */
    private static boolean isTaken(ConsumerRecord<byte[], byte[]> record, Object value, PayloadTypes types) {
        List<Class<?>> taken = types.types().stream().<Class<?>>map(type -> ResolvableType.forType(type).resolve(Object.class)).toList();
        if (taken.contains(String.class) || taken.contains(byte[].class)) {
            return true;
        }
        if (Json.namesKnownType(record, types)) {
            return false;
        }
        if (types.fallback() == null) {
            return taken.size() == 1 && (taken.get(0).isInstance(value) || BeanUtils.isSimpleValueType(taken.get(0)));
        }
        return ResolvableType.forType(types.fallback()).resolve(Object.class).isInstance(value);
    }

    /** Touched only if Jackson is there. */
    private static final class Json {

        private static final JacksonJsonSerializer<Object> SERIALIZER = JacksonJsonSerializer.create();

        static TypedSerializer<Object> create() {
            return SERIALIZER;
        }

        static boolean namesKnownType(ConsumerRecord<byte[], byte[]> record, PayloadTypes types) {
            return SERIALIZER.namesKnownType(record.headers(), types);
        }
    }
}
