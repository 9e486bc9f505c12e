package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a cluster answered, step by step, with whatever a broker is free to choose replaced by a name. */
final class Transcript {

    private final List<String> lines = new ArrayList<>();
    private final Map<Object, String> names = new HashMap<>();

    void note(String step, Object... answer) {
        lines.add(step + ": " + Arrays.toString(answer));
    }

    /** The lines, in order. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    static String error(short code) {
        return ErrorCode.forCode(code).name();
    }

    /** A name for an id, the same for the same id; ids that mean "none" stay as they are. */
    String id(String kind, Object value) {
        if (value instanceof Number number && number.longValue() < 0 || value.equals("")) {
            return value.toString();
        }
        return names.computeIfAbsent(value, unused -> kind + "#" + names.size());
    }

    /** Whether there is a timestamp, and not which. */
    static String time(long timestamp) {
        return timestamp < 0 ? Long.toString(timestamp) : "time";
    }

    /** Whether there is a text: how a broker words its errors is its own affair. */
    static String text(@Nullable String message) {
        return message == null ? "no text" : "text";
    }
}
