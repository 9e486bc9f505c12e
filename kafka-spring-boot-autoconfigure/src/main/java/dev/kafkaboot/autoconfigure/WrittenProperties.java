package dev.kafkaboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.Environment;

/**
 * What the user wrote, and where: finds the property that a setting came from, under {@code kafka} first and under {@code spring.kafka} otherwise,
 * so that an error can name it in the user's own spelling.
 */
final class WrittenProperties {

    /** The prefixes that are read, the first one winning. */
    static final List<String> PREFIXES = List.of("kafka", "spring.kafka");

    private final Iterable<ConfigurationPropertySource> sources;

    WrittenProperties(Environment environment) {
        this.sources = ConfigurationPropertySources.get(environment);
    }

    /**
     * One property as it was written.
     *
     * @param name its name, as in its source where the source tells
     * @param value its value as text
     * @param origin where it was found, or null if that is not known
     */
    record Written(String name, String value, @Nullable String origin) {}

    /**
     * Finds the property behind a setting.
     *
     * @param path the property's name without its prefix, for example {@code producer.acks}
     * @param mapKey the key within the map that {@code path} names, or null if it is no map
     */
    @Nullable Written find(String path, @Nullable String mapKey) {
        for (String prefix : PREFIXES) {
            for (ConfigurationPropertyName name : names(prefix + "." + path, mapKey)) {
                Written found = find(name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Finds a property by its whole name, in any source: the one that has effect. */
    @Nullable Written find(String name) {
        return find(ConfigurationPropertyName.of(name));
    }

    private @Nullable Written find(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            Written found = property != null ? written(property) : list(source, name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** A list of which each element was written by itself, as in YAML; shown as if it were written in one. */
    private static @Nullable Written list(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        List<Written> elements = new ArrayList<>();
        ConfigurationProperty element = source.getConfigurationProperty(name.append("[0]"));
        while (element != null) {
            elements.add(written(element));
            element = source.getConfigurationProperty(name.append("[" + elements.size() + "]"));
        }
        if (elements.isEmpty()) {
            return null;
        }
        String all = elements.stream().map(Written::value).collect(Collectors.joining(","));
        Written first = elements.get(0);
        return new Written(first.name().replaceFirst("\\[0]$", ""), all, first.origin());
    }

    /**
     * Every property below a name, by its canonical name. The environment and the system properties are left out: what is there may belong to anyone
     * ({@code KAFKA_HOME}), and the words of a variable's name cannot be told apart.
     */
    Map<String, Written> below(String name) {
        ConfigurationPropertyName ancestor = ConfigurationPropertyName.of(name);
        UnboundElementsSourceFilter filesAndArguments = new UnboundElementsSourceFilter();
        Map<String, Written> found = new TreeMap<>();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable && filesAndArguments.apply(source)) {
                iterable.stream().filter(ancestor::isAncestorOf).forEach(each -> {
                    ConfigurationProperty property = source.getConfigurationProperty(each);
                    if (property != null) {
                        found.putIfAbsent(each.toString(), written(property));
                    }
                });
            }
        }
        return found;
    }

    private static List<ConfigurationPropertyName> names(String path, @Nullable String mapKey) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(path);
        if (mapKey == null) {
            return List.of(name);
        }
        List<ConfigurationPropertyName> names = new ArrayList<>();
        names.add(name.append("[" + mapKey + "]"));
        if (ConfigurationPropertyName.isValid(mapKey)) {
            names.add(ConfigurationPropertyName.of(path + "." + mapKey));
        }
        return names;
    }

    private static Written written(ConfigurationProperty property) {
        String name = property.getName().toString();
        if (property.getOrigin() instanceof PropertySourceOrigin origin) {
            name = origin.getPropertyName();
        }
        return new Written(name, String.valueOf(property.getValue()), property.getOrigin() == null ? null : property.getOrigin().toString());
    }
}
