package dev.kafkaboot.spring.support.serializer;

import dev.kafkaboot.client.Header;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson 3 for objects of any type: the header {@code __TypeId__} tells the class's name, or the id that it was given.
 *
 * <p>A type id from a record never loads a class. It is looked for among the types that the reading listener takes, the
 * {@linkplain #withTypeMapping mapped} and the {@linkplain #withTrusted trusted} ones. A record without a known id is read as what the listener
 * method takes; if handlers are chosen by the type, as what the default one takes; and if there is none, that is an error of this record, unless it names no type at all
 * and there is one handler, or that takes any JSON. Without a listener, it is read as the default type, or as what JSON itself has: maps, lists, texts, numbers.
 *
 * <p>A listener that takes {@code byte[]} gets the JSON as it is, and one that takes {@code String} the text if the JSON is one text, and else all of the
 * JSON.
 *
 * <p>Immutable, and thread-safe: each {@code with...} method answers a changed copy. Needs {@code tools.jackson.core:jackson-databind} on the class path.
 *
 * @param <T> the type of the objects
 * @see dev.kafkaboot.client.serialization.JsonSerializer for one type that both sides know, without headers
 */
public final class JacksonJsonSerializer<T> implements TypedSerializer<T> {

    /** The header that tells the type of a value. */
    public static final String TYPE_ID = "__TypeId__";

    /** The header that tells the type of a key. */
    public static final String KEY_TYPE_ID = "__Key_TypeId__";

    private final ObjectMapper mapper;
    private final Class<? extends T> defaultType;
    private final Map<String, Class<?>> known;
    private final Map<Class<?>, String> ids;
    private final String header;
    private final boolean writesHeader;

    private JacksonJsonSerializer(
            ObjectMapper mapper,
            Class<? extends T> defaultType,
            Map<String, Class<?>> known,
            Map<Class<?>, String> ids,
            String header,
            boolean writesHeader) {
        this.mapper = mapper;
        this.defaultType = defaultType;
        this.known = known;
        this.ids = ids;
        this.header = header;
        this.writesHeader = writesHeader;
    }

    /** For objects of any type, with Jackson's defaults. */
    public static JacksonJsonSerializer<Object> create() {
        return create(JsonMapper.shared());
    }

    /** For objects of any type. */
    public static JacksonJsonSerializer<Object> create(ObjectMapper mapper) {
        return create(Object.class, mapper);
    }

    /**
     * For objects of a type or its subtypes.
     *
     * @param defaultType as what a record is read of which nothing else is known
     */
    public static <T> JacksonJsonSerializer<T> create(Class<T> defaultType, ObjectMapper mapper) {
        return new JacksonJsonSerializer<>(mapper, defaultType, Map.of(), Map.of(), TYPE_ID, /* writesHeader= */ true);
    }

    /**
     * Writes and reads ids in place of class names, so that both sides may have classes of their own.
     *
     * @throws IllegalArgumentException if an id has a class already
     */
    public JacksonJsonSerializer<T> withTypeMapping(Map<String, Class<?>> classesById) {
        Map<Class<?>, String> allIds = new LinkedHashMap<>(ids);
        classesById.forEach((id, type) -> allIds.put(type, id));
        return new JacksonJsonSerializer<>(mapper, defaultType, withKnown(classesById), Map.copyOf(allIds), header, writesHeader);
    }

    /** Lets records name these classes. Those that listeners take need not be told here. */
    public JacksonJsonSerializer<T> withTrusted(Class<?>... types) {
        Map<String, Class<?>> byName = new LinkedHashMap<>();
        for (Class<?> type : types) {
            byName.put(type.getName(), type);
        }
        return new JacksonJsonSerializer<>(mapper, defaultType, withKnown(byName), ids, header, writesHeader);
    }

    private Map<String, Class<?>> withKnown(Map<String, Class<?>> added) {
        Map<String, Class<?>> all = new LinkedHashMap<>(known);
        added.forEach((id, type) -> {
            Class<?> other = all.put(id, type);
            if (other != null && other != type) {
                throw new IllegalArgumentException(
                        "The type id '" + id + "' cannot stand for both " + other.getName() + " and " + type.getName());
            }
        });
        return Map.copyOf(all);
    }

    /** Writes no type id. It is still read. */
    public JacksonJsonSerializer<T> withoutTypeHeader() {
        return new JacksonJsonSerializer<>(mapper, defaultType, known, ids, header, /* writesHeader= */ false);
    }

    /** For keys: they have a header of their own. */
    public JacksonJsonSerializer<T> forKeys() {
        return new JacksonJsonSerializer<>(mapper, defaultType, known, ids, KEY_TYPE_ID, writesHeader);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T data) {
        if (data == null) {
            return null;
        }
        byte[] json;
        try {
            json = mapper.writeValueAsBytes(data);
        } catch (JacksonException e) {
            throw new SerializationException(
                    "Cannot write " + data.getClass().getName() + " as JSON for topic " + topic + ": " + e.getOriginalMessage(), e);
        }
        if (writesHeader) {
            String id = ids.get(data.getClass());
            headers.remove(header).add(header, id == null ? data.getClass().getName() : id);
        }
        return json;
    }

    @Override
    public @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] data) {
        @SuppressWarnings("unchecked")
        T result = (T) deserialize(topic, headers, data, PayloadTypes.of(defaultType));
        return result;
    }

    @Override
    public @Nullable Object deserialize(String topic, Headers headers, byte @Nullable [] data, PayloadTypes types) {
        if (data == null) {
            return null;
        }
        return read(topic, data, typeToRead(topic, typeId(headers), types));
    }

    /** Whether a record names a type that is known here or to the reader, and that the reader takes. */
    public boolean namesKnownType(Headers headers, PayloadTypes types) {
        String id = typeId(headers);
        Class<?> named = id == null ? null : find(id, types);
        return named != null && types.readableAs(named) != null;
    }

    private @Nullable String typeId(Headers headers) {
        Header found = headers.lastHeader(header);
        return found == null ? null : found.text();
    }

    private Type typeToRead(String topic, @Nullable String id, PayloadTypes types) {
        Class<?> named = id == null ? null : find(id, types);
        Type told = named == null ? null : types.readableAs(named);
        if (told != null) {
            return told;
        }
        Type fallback = types.fallback();
        if (fallback != null) {
            return fallback;
        }
        Type only = types.only(/* isNamed= */ id != null);
        if (only != null) {
            return only;
        }
        throw new SerializationException("Cannot tell the type of JSON of topic " + topic + ": "
                + (id == null ? "the record has no header " + header : "the type id '" + id + "' is none of those that are known")
                + "; the listener takes " + types.describe() + ". A @KafkaHandler(isDefault = true) takes the rest");
    }

    private @Nullable Class<?> find(String id, PayloadTypes types) {
        Class<?> mapped = known.get(id);
        return mapped == null ? types.named(id) : mapped;
    }

    private @Nullable Object read(String topic, byte[] data, Type type) {
        if (type == byte[].class) {
            return data;
        }
        if (type == String.class && !isText(data)) {
            return new String(data, StandardCharsets.UTF_8);
        }
        JavaType javaType = mapper.constructType(type);
        try {
            return mapper.readerFor(javaType).readValue(data);
        } catch (JacksonException e) {
            throw new SerializationException("Cannot read " + type.getTypeName() + " from JSON of topic " + topic + ": " + e.getOriginalMessage(), e);
        }
    }

    private static boolean isText(byte[] json) {
        for (byte b : json) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '"';
            }
        }
        return false;
    }
}
