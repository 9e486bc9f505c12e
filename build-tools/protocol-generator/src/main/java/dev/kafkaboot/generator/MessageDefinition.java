package dev.kafkaboot.generator;

import java.util.List;
import java.util.stream.Stream;

/**
 * One definition file.
 *
 * @param kind request, response, header or data
 * @param apiKey the API's number, or -1
 * @param latestVersionUnstable whether the highest version may still change
 * @param top the top level
 * @param nested the structures in it, in the order of their definition
 */
record MessageDefinition(Kind kind, int apiKey, boolean latestVersionUnstable, Struct top, List<Struct> nested) {

    /** What a message is for. */
    enum Kind {
        REQUEST,
        RESPONSE,
        HEADER,
        DATA
    }

    /**
     * A structure in it.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    Struct struct(String name) {
        return nested.stream().filter(struct -> struct.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name() + " has no structure " + name));
    }

    /** Whether an array of the structure occurs. */
    boolean hasArrayOf(Struct struct) {
        return Stream.concat(Stream.of(top), nested.stream()).flatMap(owner -> owner.fields().stream())
                .anyMatch(field -> field.type().equals(new FieldType(struct.name(), /* array= */ true)));
    }

    String name() {
        return top.name();
    }

    /** The API's name: the request's or response's without that word. */
    String apiName() {
        return name().replaceFirst("(Request|Response)$", "");
    }

    /** The API's constant in {@code ApiKey}. */
    String apiConstant() {
        return apiName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(java.util.Locale.ROOT);
    }
}
