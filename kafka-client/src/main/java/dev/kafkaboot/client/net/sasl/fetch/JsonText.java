package dev.kafkaboot.client.net.sasl.fetch;

import java.util.Map;
import java.util.stream.Collectors;

/** Writes what {@link Json} reads, without blanks. */
public final class JsonText {

    private JsonText() {}

    /** An object, its members in the order of the map. */
    public static String of(Map<String, ?> object) {
        return object.entrySet().stream()
                .map(member -> quoted(member.getKey()) + ":" + value(member.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String value(Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.entrySet().stream()
                    .map(member -> quoted(String.valueOf(member.getKey())) + ":" + value(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Iterable<?> elements) {
            StringBuilder text = new StringBuilder("[");
            for (Object element : elements) {
                text.append(text.length() == 1 ? "" : ",").append(value(element));
            }
            return text.append(']').toString();
        }
        return value instanceof CharSequence text ? quoted(text) : value.toString();
    }

    private static String quoted(CharSequence text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
