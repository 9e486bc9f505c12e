package dev.kafkaboot.client.serialization;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson 3, for one type that both sides know. No type name is written or read.
 *
 * <p>Needs {@code tools.jackson.core:jackson-databind} on the class path.
 *
 * @param <T> the type of the objects
 */
public final class JsonSerializer<T> implements Serializer<T> {

    private final ObjectMapper mapper;
    private final JavaType type;

    public JsonSerializer(Class<T> type) {
        this(type, JsonMapper.shared());
    }

    public JsonSerializer(Class<T> type, ObjectMapper mapper) {
        this.mapper = mapper;
        this.type = mapper.constructType(type);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T data) {
        if (data == null) {
            return null;
        }
        try {
            return mapper.writerFor(type).writeValueAsBytes(data);
        } catch (JacksonException e) {
            throw new SerializationException("Cannot write " + type.toCanonical() + " as JSON for topic " + topic + ": " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] data) {
        if (data == null) {
            return null;
        }
        try {
            return mapper.readerFor(type).readValue(data);
        } catch (JacksonException e) {
            throw new SerializationException("Cannot read " + type.toCanonical() + " from JSON of topic " + topic + ": " + e.getOriginalMessage(), e);
        }
    }
}
