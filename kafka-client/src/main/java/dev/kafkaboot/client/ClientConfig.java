package dev.kafkaboot.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of a client's configuration, parsed and checked. Immutable.
 *
 * <p>Every fault of what was given is told at once, by one {@link ConfigException}.
 */
public final class ClientConfig {

    private final Map<String, Object> values;

    private ClientConfig(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Reads a configuration.
     *
     * @param known the keys that this kind of client has
     * @param given what the user gave: values as text or in the key's type; a null value counts as not given
     * @throws ConfigException if a key is unknown or a value not allowed; it tells all of them
     */
    public static ClientConfig of(Collection<ConfigKey<?>> known, Map<String, ? extends @Nullable Object> given) {
        Map<String, ConfigKey<?>> keys = new TreeMap<>();
        known.forEach(key -> keys.put(key.name(), key));
        Map<String, Object> values = new LinkedHashMap<>();
        List<ConfigException.Fault> faults = new ArrayList<>();
        for (Map.Entry<String, ? extends @Nullable Object> entry : given.entrySet()) {
            Object value = entry.getValue();
            if (value == null) {
                continue;
            }
            ConfigKey<?> key = keys.get(entry.getKey());
            if (key == null) {
                faults.add(unknown(entry.getKey(), value, keys.keySet()));
                continue;
            }
            Object parsed = key.parse(value);
            if (parsed == null) {
                faults.add(key.fault(value));
            } else {
                values.put(key.name(), parsed);
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return new ClientConfig(Map.copyOf(values));
    }

    private static ConfigException.Fault unknown(String name, Object value, Collection<String> known) {
        String nearest = NearestName.of(name, known);
        String shown = value instanceof Secret || name.contains("password") || name.contains("secret") || name.contains("jaas")
                ? "****"
                : String.valueOf(value);
        return new ConfigException.Fault(
                name, shown, "this key is not known" + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
    }

    /**
     * The value of a key, or its default.
     *
     * @throws ConfigException if it was not given and has no default
     */
    public <T> T get(ConfigKey<T> key) {
        T value = find(key);
        if (value == null) {
            throw new ConfigException(key.name(), "(not given)", key.expected());
        }
        return value;
    }

    /** The value of a key, or its default; null if there is neither. */
    @SuppressWarnings("unchecked") // values hold what the key of that name parsed
    public <T> @Nullable T find(ConfigKey<T> key) {
        Object value = values.get(key.name());
        return value == null ? key.defaultValue() : (T) value;
    }

    /** Whether the user gave a value. */
    public boolean isGiven(ConfigKey<?> key) {
        return values.containsKey(key.name());
    }

    /** What was given, for logs: secrets print as {@code ****}. */
    @Override
    public String toString() {
        return new TreeMap<>(values).toString();
    }
}
