package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.BootstrapServers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of client is configured with: values by Kafka's own keys and, for each, the property that it came from.
 *
 * <p>What is put later wins. Not thread-safe.
 */
final class ClientSettings {

    /**
     * Where a value came from.
     *
     * @param path the property's name without its prefix
     * @param mapKey the key within the map that {@code path} names, or null
     */
    record Source(String path, @Nullable String mapKey) {

        @Override
        public String toString() {
            return "kafka." + (mapKey == null ? path : path + "[" + mapKey + "]");
        }
    }

    private final Collection<ConfigKey<?>> keys;
    private final Function<Map<String, Object>, List<ConfigException.Fault>> together;
    private final Predicate<String> further;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, Source> sources = new LinkedHashMap<>();

    /**
     * No settings yet.
     *
     * @param keys what the client knows
     * @param together what is wrong with values that are right, each for itself
     */
    ClientSettings(Collection<ConfigKey<?>> keys, Function<Map<String, Object>, List<ConfigException.Fault>> together) {
        this(keys, together, key -> false);
    }

    /**
     * No settings yet.
     *
     * @param keys what the client knows
     * @param together what is wrong with values that are right, each for itself, and with those of further keys
     * @param further whether a key is one of those that the client knows besides, of which there is no list
     */
    ClientSettings(
            Collection<ConfigKey<?>> keys, Function<Map<String, Object>, List<ConfigException.Fault>> together, Predicate<String> further) {
        this.keys = keys;
        this.together = together;
        this.further = further;
    }

    /** Sets a key from a property of its own; a null value is none. */
    ClientSettings put(String key, @Nullable Object value, String path) {
        return put(key, value, new Source(path, null));
    }

    /** Sets keys from a map of properties, unknown ones too, so that they are found to be wrong. */
    ClientSettings putAll(Map<String, String> properties, String path) {
        properties.forEach((key, value) -> put(key, value, new Source(path, key)));
        return this;
    }

    /** Sets those of the keys that this client knows. */
    ClientSettings putKnown(Map<String, String> properties, String path) {
        properties.forEach((key, value) -> {
            if (knows(key)) {
                put(key, value, new Source(path, key));
            }
        });
        return this;
    }

    /** Sets the servers; the first of these sources is theirs that is written. */
    void putServers(List<String> servers, List<Source> candidates, WrittenProperties written) {
        String key = CommonConfig.BOOTSTRAP_SERVERS.name();
        values.put(key, servers);
        sources.remove(key);
        candidates.stream()
                .filter(source -> written.find(source.path(), source.mapKey()) != null)
                .findFirst()
                .ifPresent(source -> sources.put(key, source));
    }

    private ClientSettings put(String key, @Nullable Object value, Source source) {
        if (value != null) {
            values.put(key, value);
            sources.put(key, source);
        }
        return this;
    }

    /** Takes a key back. */
    void remove(String key) {
        values.remove(key);
        sources.remove(key);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The value of a key as it was given; null if there is none. */
    @Nullable Object value(String key) {
        return values.get(key);
    }

    /** Whether a key was last set from one of the properties that end like this. */
    boolean isFrom(String key, String end) {
        Source source = sources.get(key);
        return source != null && source.path().endsWith(end);
    }

    boolean knows(String key) {
        return further.test(key) || keys.stream().anyMatch(known -> known.name().equals(key));
    }

    /** The values by Kafka's keys, for a client's builder. */
    Map<String, Object> values() {
        return Map.copyOf(values);
    }

    /** What the client would refuse, told in the terms of the properties. */
    List<InvalidKafkaPropertiesException.Fault> faults(WrittenProperties written) {
        try {
            Map<String, Object> listed = new LinkedHashMap<>(values);
            listed.keySet().removeIf(further);
            ClientConfig config = ClientConfig.of(keys, listed);
            BootstrapServers.parse(config.get(CommonConfig.BOOTSTRAP_SERVERS));
            List<ConfigException.Fault> faults = together.apply(values());
            return faults.isEmpty() ? List.of() : inTermsOfProperties(new ConfigException(faults), written).faults();
        } catch (ConfigException e) {
            return inTermsOfProperties(e, written).faults();
        }
    }

    /** What a client refused, told in the terms of the properties. */
    InvalidKafkaPropertiesException inTermsOfProperties(ConfigException refused, WrittenProperties written) {
        return new InvalidKafkaPropertiesException(refused.faults().stream().map(fault -> inTermsOfProperties(fault, written)).toList());
    }

    private InvalidKafkaPropertiesException.Fault inTermsOfProperties(ConfigException.Fault fault, WrittenProperties written) {
        Source source = sources.get(fault.key());
        WrittenProperties.Written found = source == null ? null : written.find(source.path(), source.mapKey());
        boolean hidden = fault.value().contains("****") || values.get(fault.key()) instanceof Secret; // a part of it may be the secret, as in a URL
        if (source == null || found == null) {
            return new InvalidKafkaPropertiesException.Fault(
                    source == null ? fault.key() : source.toString(), fault.value(), null, fault.expected());
        }
        return new InvalidKafkaPropertiesException.Fault(
                found.name(), hidden ? fault.value() : found.value(), found.origin(), fault.expected());
    }
}
