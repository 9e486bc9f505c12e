package dev.kafkaboot.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of a client's configuration, parsed and checked. Immutable.
 *
 * <p>Every fault of what was given is told at once, by one {@link ConfigException}.
 */
public final class ClientConfig {

    /** Keys of Apache's clients that name classes; no class is loaded by its name here. */
    private static final Map<String, String> GIVEN_AS_OBJECTS = Map.of(
            "interceptor.classes", "interceptors are given as objects, by the builder's interceptor(...), or as beans with Spring Boot",
            "sasl.client.callback.handler.class", "no class is loaded by its name; give a CredentialsSource as sasl.credentials, or a SaslMechanism as "
                    + "sasl.mechanism.instance",
            "sasl.login.callback.handler.class", "no class is loaded by its name; give a CredentialsSource as sasl.credentials, or a SaslMechanism as "
                    + "sasl.mechanism.instance",
            "sasl.login.class", "there is no login by a class here; give a SaslMechanism as sasl.mechanism.instance",
            "ssl.engine.factory.class", "give ssl.context as an object, an SSLContext or an SslContextSource",
            "security.providers", "install the provider in the JVM (java.security, or Security.addProvider), and name it in ssl.provider if it is for TLS");

    /** What is told in a misspelled name of a value that is not to be shown, though the name is nearest to a key whose values are. */
    private static final Pattern SECRET_NAMES = Pattern.compile("password|secret|jaas|token|credential", Pattern.CASE_INSENSITIVE);

    private final Map<String, Object> values;
    private final Map<String, String> shown;

    private ClientConfig(Map<String, Object> values, Map<String, String> shown) {
        this.values = values;
        this.shown = shown;
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
        Map<String, String> shown = new TreeMap<>();
        List<ConfigException.Fault> faults = new ArrayList<>();
        for (Map.Entry<String, ? extends @Nullable Object> entry : given.entrySet()) {
            Object value = entry.getValue();
            if (value == null) {
                continue;
            }
            ConfigKey<?> key = keys.get(entry.getKey());
            if (key == null) {
                faults.add(unknown(entry.getKey(), value, keys));
                continue;
            }
            Object parsed = key.parse(value);
            if (parsed == null) {
                faults.add(key.fault(value));
            } else {
                values.put(key.name(), parsed);
                shown.put(key.name(), key.shown(parsed));
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return new ClientConfig(Map.copyOf(values), shown);
    }

    private static ConfigException.Fault unknown(String name, Object value, Map<String, ConfigKey<?>> known) {
        String instead = GIVEN_AS_OBJECTS.get(name);
        if (instead != null) {
            return new ConfigException.Fault(name, text(value), instead);
        }
        String nearest = NearestName.of(name, known.keySet());
        ConfigKey<?> meant = nearest == null ? null : known.get(nearest);
        // Whose key it is that resembles none of these is not known, nor what is to be kept of its value.
        boolean hidden = value instanceof Secret || meant == null || meant.isSecret() || SECRET_NAMES.matcher(name).find();
        String shown = hidden ? "****" : text(value).replaceFirst("(?s)://.*@", "://****@"); // it may have been meant as proxy.url
        return new ConfigException.Fault(
                name, shown, "this key is not known" + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
    }

    /** Any other object may say more of itself than is good for a log. */
    private static String text(Object value) {
        boolean isPlain = value instanceof CharSequence || value instanceof Number || value instanceof Boolean || value instanceof Collection;
        return isPlain ? value.toString() : value.getClass().getName();
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

    /** What was given, for logs: secrets print as {@code ****}, and objects as the names of their classes. */
    @Override
    public String toString() {
        return shown.toString();
    }
}
