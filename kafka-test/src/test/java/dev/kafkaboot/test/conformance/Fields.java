package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transcript.error;
import static dev.kafkaboot.test.conformance.Transcript.text;
import static dev.kafkaboot.test.conformance.Transcript.time;

import dev.kafkaboot.protocol.Uuid;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes an answer down field by field, with a name in the place of what a broker is free to choose. */
final class Fields {

    /** Ids, by the names of the fields, and what they are ids of. */
    private static final Map<String, String> IDS = Map.of(
            "memberId", "member", "leader", "member", "topicId", "topic", "clusterId", "cluster", "producerId", "producer");

    /** What depends on where a broker runs and how it is configured. */
    private static final List<String> FREE = List.of("host", "clientHost", "port", "rack", "logDir", "documentation");

    private static final List<String> TIMES = List.of("transactionStartTimeMs", "totalBytes", "usableBytes");

    private static final String MESSAGES = "dev.kafkaboot.protocol.message.";

    private final Transcript transcript;

    Fields(Transcript transcript) {
        this.transcript = transcript;
    }

    String of(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(this::of).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof byte[] bytes) {
            return "'" + new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]+", ".") + "'";
        }
        return value == null || !value.getClass().getName().startsWith(MESSAGES) ? String.valueOf(value) : ofMessage(value);
    }

    private String ofMessage(Object message) {
        return Stream.of(message.getClass().getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.getName().equals("unknownTaggedFields"))
                .map(field -> field.getName() + "=" + of(field, valueOf(field, message)))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private String of(Field field, @Nullable Object value) {
        String name = field.getName();
        if (FREE.contains(name)) {
            return "free";
        }
        if (value instanceof Short code && name.toLowerCase(Locale.ROOT).endsWith("errorcode")) {
            return error(code);
        }
        if (name.equals("errorMessage")) {
            return text((String) value);
        }
        if (value instanceof Long number && TIMES.contains(name)) {
            return time(number);
        }
        String kind = IDS.get(name);
        if (name.equals("members") && value instanceof List<?> members) {
            return members.stream().map(this::of).sorted().toList().toString(); // a broker keeps them in no order
        }
        boolean isId = kind != null && value != null && !value.equals(Uuid.ZERO) && !value.equals(0L);
        return isId ? transcript.id(kind, value) : of(value);
    }

    private static @Nullable Object valueOf(Field field, Object message) {
        try {
            field.setAccessible(true);
            return field.get(message);
        } catch (IllegalAccessException refused) {
            throw new AssertionError(refused);
        }
    }
}
