package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.NearestName;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds the serializer that a property names: one of the well-known names, the name of a {@link Serializer} bean, or that of a class with a
 * constructor without arguments.
 *
 * <p>Apache's and spring-kafka's class names of the well-known ones are understood as well, because {@code spring.kafka.*} properties hold them.
 */
final class SerializerNames {

    private static final Map<String, Serializer<?>> WELL_KNOWN = new TreeMap<>(Map.of(
            "string", Serializers.string(),
            "bytes", Serializers.bytes(),
            "long", Serializers.longs(),
            "integer", Serializers.integers(),
            "uuid", Serializers.uuid()));
    private static final String JSON = "json";
    private static final String ERROR_HANDLING = "org.springframework.kafka.support.serializer.ErrorHandlingDeserializer";

    private final BeanFactory beans;
    private final @Nullable JsonSerializers json;
    private final WrittenProperties written;

    /**
     * Makes it.
     *
     * @param json what {@code json} stands for, or null if Jackson is not there
     */
    SerializerNames(BeanFactory beans, @Nullable JsonSerializers json, WrittenProperties written) {
        this.beans = beans;
        this.json = json;
        this.written = written;
    }

    /**
     * The serializer of keys.
     *
     * @param name what the property says, or null for text
     * @param path the property's name without its prefix, for errors
     */
    Serializer<?> forKeys(@Nullable String name, String path) {
        return resolve(name == null ? "string" : name, json == null ? null : json.forKeys(), path);
    }

    /**
     * The serializer of values.
     *
     * @param name what the property says, or null for JSON if Jackson is there and text otherwise
     * @param path the property's name without its prefix, for errors
     */
    Serializer<?> forValues(@Nullable String name, String path) {
        String defaultName = json == null ? "string" : JSON;
        return resolve(name == null ? defaultName : name, json == null ? null : json.forValues(), path);
    }

    private Serializer<?> resolve(String name, @Nullable Serializer<?> json, String path) {
        String wanted = wellKnownName(name.strip());
        if (wanted.equals(JSON)) {
            if (json == null) {
                throw refused(name, path, "'json' needs Jackson 3 on the class path: add tools.jackson.core:jackson-databind");
            }
            return json;
        }
        if (wanted.equals(ERROR_HANDLING)) {
            throw refused(name, path, "it is not needed here, where a record that cannot be read is a failure of that record alone; name the deserializer that"
                    + " it delegates to");
        }
        Serializer<?> known = WELL_KNOWN.get(wanted);
        if (known != null) {
            return known;
        }
        if (beans.containsBean(wanted) && beans.isTypeMatch(wanted, Serializer.class)) {
            return beans.getBean(wanted, Serializer.class);
        }
        return ofClass(wanted, path);
    }

    private Serializer<?> ofClass(String name, String path) {
        try {
            Class<?> type = ClassUtils.forName(name, ClassUtils.getDefaultClassLoader());
            if (!Serializer.class.isAssignableFrom(type)) {
                throw refused(name, path, "the class does not implement " + Serializer.class.getName());
            }
            return (Serializer<?>) BeanUtils.instantiateClass(type);
        } catch (ClassNotFoundException e) {
            Set<String> names = new TreeSet<>(WELL_KNOWN.keySet());
            names.add(JSON);
            String nearest = NearestName.of(name, names);
            throw refused(name, path, "it must be one of " + names + ", the name of a Serializer bean or that of a class"
                    + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
        } catch (BeansException e) {
            throw refused(name, path, "the class cannot be made: " + e.getMessage());
        }
    }

    private InvalidKafkaPropertiesException refused(String name, String path, String expected) {
        WrittenProperties.Written found = written.find(path, null);
        return new InvalidKafkaPropertiesException(List.of(found == null
                ? new InvalidKafkaPropertiesException.Fault("kafka." + path, name, null, expected)
                : new InvalidKafkaPropertiesException.Fault(found.name(), found.value(), found.origin(), expected)));
    }

    private static String wellKnownName(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1).replaceFirst("(Des|S)erializer$", "");
        if (name.startsWith("org.apache.kafka.common.serialization.")) {
            return switch (simple) {
                case "String" -> "string";
                case "ByteArray" -> "bytes";
                case "Long" -> "long";
                case "Integer" -> "integer";
                case "UUID" -> "uuid";
                default -> name;
            };
        }
        if (name.startsWith("org.springframework.kafka.support.serializer.")) {
            return simple.equals("JacksonJson") || simple.equals("Json") ? "json" : name;
        }
        return name;
    }
}
