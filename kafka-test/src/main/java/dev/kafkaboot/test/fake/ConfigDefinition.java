package dev.kafkaboot.test.fake;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration of a topic or a group.
 *
 * @param name the key
 * @param type the kind of its values
 * @param defaultValue what holds where nothing is set
 * @param min the least number that is allowed; does not matter for other types
 * @param max the most that is allowed
 * @param allowed the words that are allowed; all, if there are none
 */
record ConfigDefinition(String name, Type type, String defaultValue, long min, long max, List<String> allowed) {

    /** The kinds of values, with their numbers in DescribeConfigs. */
    enum Type {
        BOOLEAN(1),
        STRING(2),
        INT(3),
        LONG(5),
        DOUBLE(6),
        LIST(7);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }
    }

    static ConfigDefinition number(String name, Type type, String defaultValue, long min) {
        return between(name, type, defaultValue, min, type == Type.INT ? Integer.MAX_VALUE : Long.MAX_VALUE);
    }

    static ConfigDefinition between(String name, Type type, String defaultValue, long min, long max) {
        return new ConfigDefinition(name, type, defaultValue, min, max, List.of());
    }

    static ConfigDefinition words(String name, Type type, String defaultValue, String... allowed) {
        return new ConfigDefinition(name, type, defaultValue, 0, Long.MAX_VALUE, List.of(allowed));
    }

    /** What is wrong with a value, or null. */
    @Nullable String problemWith(String value) {
        return switch (type) {
            case BOOLEAN -> value.trim().equalsIgnoreCase("true") || value.trim().equalsIgnoreCase("false") ? null : wrong(value, "true or false");
            case INT, LONG -> problemWithNumber(value);
            case DOUBLE -> problemWithFraction(value);
            case STRING -> problemWithWords(List.of(value.trim()));
            case LIST -> problemWithWords(value.isEmpty() ? List.of() : Arrays.stream(value.split(",")).map(String::trim).toList());
        };
    }

    private @Nullable String problemWithNumber(String value) {
        try {
            long number = Long.parseLong(value.trim());
            return number >= min && number <= max ? null : wrong(value, "between " + min + " and " + max);
        } catch (NumberFormatException notANumber) {
            return wrong(value, "a number");
        }
    }

    private @Nullable String problemWithFraction(String value) {
        try {
            double number = Double.parseDouble(value.trim());
            return number >= 0 && number <= 1 ? null : wrong(value, "between 0 and 1");
        } catch (NumberFormatException notANumber) {
            return wrong(value, "a number");
        }
    }

    private @Nullable String problemWithWords(List<String> words) {
        return allowed.isEmpty() || allowed.containsAll(words) ? null : wrong(String.join(",", words), "of " + allowed);
    }

    private String wrong(String value, String right) {
        return "The value '" + value + "' of " + name + " is not " + right;
    }
}
