package dev.kafkaboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A configuration key: its name, type, default, bounds and description, each told once and nowhere else.
 *
 * <p>Names are Kafka's own where Kafka has the setting. Values may be given as text, as numbers or in the key's own type; times are given in
 * milliseconds or as a {@link Duration}. Immutable.
 *
 * @param <T> the type that the client reads
 */
public final class ConfigKey<T> {

    /** A hundred years: longer than any client lives, and short enough to be counted in nanoseconds and added to a clock. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final String name;
    private final String type;
    private final String expected;
    private final String description;
    private final Function<Object, @Nullable T> parser;
    private final @Nullable T defaultValue;
    private final boolean secret;
    private final @Nullable Class<T> objectType;

    private ConfigKey(
            String name,
            String type,
            String expected,
            String description,
            @Nullable T defaultValue,
            boolean secret,
            Function<Object, @Nullable T> parser) {
        this(name, type, expected, description, defaultValue, secret, parser, null);
    }

    private ConfigKey(
            String name,
            String type,
            String expected,
            String description,
            @Nullable T defaultValue,
            boolean secret,
            Function<Object, @Nullable T> parser,
            @Nullable Class<T> objectType) {
        this.name = name;
        this.type = type;
        this.expected = expected;
        this.description = description;
        this.parser = parser;
        this.defaultValue = defaultValue;
        this.secret = secret;
        this.objectType = objectType;
    }

    /** A text; without a default if it is null. */
    public static ConfigKey<String> string(String name, @Nullable String defaultValue, String description) {
        return new ConfigKey<>(name, "string", "it must be a text that is not blank", description, defaultValue, false, value -> {
            String text = value.toString().strip();
            return text.isEmpty() ? null : text;
        });
    }

    /** A password or token. */
    public static ConfigKey<Secret> secret(String name, String description) {
        return new ConfigKey<>(name, "secret", "it must be a text", description, null, true,
                value -> value instanceof Secret known ? known : Secret.of(value.toString()));
    }

    /** A whole number within bounds, both included. */
    public static ConfigKey<Integer> integer(String name, @Nullable Integer defaultValue, int min, int max, String description) {
        return new ConfigKey<>(name, "int", "it must be " + range(min, max, Integer.MAX_VALUE), description, defaultValue, false, value -> {
            Long number = number(value);
            return number == null || number < min || number > max ? null : (Integer) number.intValue();
        });
    }

    /** A whole number within bounds, both included. */
    public static ConfigKey<Long> longInteger(String name, @Nullable Long defaultValue, long min, long max, String description) {
        return new ConfigKey<>(name, "long", "it must be " + range(min, max, Long.MAX_VALUE), description, defaultValue, false, value -> {
            Long number = number(value);
            return number == null || number < min || number > max ? null : number;
        });
    }

    /** A time in whole milliseconds, at least {@code min}. More than a hundred years count as that. */
    public static ConfigKey<Duration> millis(String name, @Nullable Duration defaultValue, Duration min, String description) {
        return new ConfigKey<>(name, "duration (ms)", "it must be a time in milliseconds, at least " + min.toMillis(), description,
                defaultValue, false, value -> {
            Duration time = value instanceof Duration given ? given : duration(value);
            if (time == null || time.compareTo(min) < 0) {
                return null;
            }
            return time.compareTo(LONGEST) < 0 ? time : LONGEST;
        });
    }

    /** Yes or no. */
    public static ConfigKey<Boolean> bool(String name, boolean defaultValue, String description) {
        return new ConfigKey<>(name, "boolean", "it must be 'true' or 'false'", description, defaultValue, false,
                value -> switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        });
    }

    /** A list of texts, given as a collection or separated by commas; blanks are left out. */
    public static ConfigKey<List<String>> list(String name, @Nullable List<String> defaultValue, String description) {
        return new ConfigKey<>(name, "list", "it must be a list of texts, separated by commas", description, defaultValue, false, value -> {
            Collection<?> parts = value instanceof Collection<?> given ? given : Arrays.asList(value.toString().split(",", -1));
            List<String> texts = parts.stream().map(part -> part.toString().strip()).filter(part -> !part.isEmpty()).toList();
            return texts.isEmpty() ? null : texts;
        });
    }

    /**
     * One of a few named values; upper and lower case are the same.
     *
     * @param values every allowed text with what it means, in the order in which the reference lists them
     */
    public static <T> ConfigKey<T> choice(String name, @Nullable T defaultValue, Map<String, T> values, String description) {
        Map<String, T> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(values);
        return new ConfigKey<>(name, "choice", "it must be one of " + List.copyOf(values.keySet()), description, defaultValue, false, value -> {
            T named = byName.get(value.toString().strip());
            return named != null ? named : values.values().stream().filter(value::equals).findFirst().orElse(null);
        });
    }

    /**
     * A value with a form of its own.
     *
     * @param type the type's name in the reference
     * @param expected the end of the sentence that refuses a wrong value ("it must be ...")
     * @param parser turns what was given into the value, or answers null (or throws IllegalArgumentException) to refuse it
     */
    public static <T> ConfigKey<T> custom(
            String name, String type, @Nullable T defaultValue, String expected, Function<Object, @Nullable T> parser, String description) {
        return new ConfigKey<>(name, type, expected, description, defaultValue, false, parser);
    }

    /**
     * A value that cannot be written as a text: it is given as an object.
     *
     * @param type the class that it is of; its simple name stands in the reference
     */
    public static <T> ConfigKey<T> object(String name, Class<T> type, String description) {
        return object(name, type, "it must be given as an object, a " + type.getName(), value -> null, description);
    }

    /**
     * The same, where something else will do as well.
     *
     * @param expected the end of the sentence that refuses a wrong value
     * @param also turns what is not of the class into a value, or answers null to refuse it
     */
    public static <T> ConfigKey<T> object(String name, Class<T> type, String expected, Function<Object, @Nullable T> also, String description) {
        return new ConfigKey<>(name, type.getSimpleName(), expected, description, null, false,
                value -> type.isInstance(value) ? type.cast(value) : also.apply(value), type);
    }

    private static String range(long min, long max, long unbounded) {
        return max == unbounded ? "a whole number, at least " + min : "a whole number from " + min + " to " + max;
    }

    private static @Nullable Long number(Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        try {
            return Long.valueOf(value.toString().strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Duration duration(Object value) {
        Long millis = number(value);
        return millis == null ? null : Duration.ofMillis(millis);
    }

    /** The key's name. */
    public String name() {
        return name;
    }

    /** The type's name, for the reference. */
    public String type() {
        return type;
    }

    /** What a value must be, as the end of a sentence. */
    public String expected() {
        return expected;
    }

    /** What the setting does. */
    public String description() {
        return description;
    }

    /** The default, or null if there is none. */
    public @Nullable T defaultValue() {
        return defaultValue;
    }

    /** Whether values are hidden in messages. */
    public boolean isSecret() {
        return secret;
    }

    /** The class of a value that can only be {@linkplain #object given as an object}; null for all others. */
    public @Nullable Class<T> objectType() {
        return objectType;
    }

    /** A value as it may be shown. Of an object it tells the class alone: what the object says of itself may have a password in it. */
    public String shown(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return secret ? "****" : objectType != null ? value.getClass().getName() : value.toString();
    }

    /** Turns what was given into the value; null if it is not allowed. */
    @Nullable T parse(Object given) {
        Objects.requireNonNull(given, "given");
        try {
            return parser.apply(given);
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }

    /** The fault that a wrong value of this key is. */
    ConfigException.Fault fault(Object given) {
        return new ConfigException.Fault(name, shown(given), expected);
    }

    /** Joins lists of keys, each key once. */
    public static List<ConfigKey<?>> union(List<ConfigKey<?>> first, List<ConfigKey<?>> second) {
        List<ConfigKey<?>> all = new ArrayList<>(first);
        second.stream().filter(key -> !all.contains(key)).forEach(all::add);
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return name;
    }
}
