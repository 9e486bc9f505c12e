package dev.kafkaboot.generator;

import java.util.Map;
import java.util.Set;

/**
 * A type of the definitions.
 *
 * @param name the type's name, without brackets
 * @param array whether it is an array of it
 */
record FieldType(String name, boolean array) {

    /**
     * A type whose values all have the same size.
     *
     * @param java its Java type
     * @param boxed its Java type as an element of a list
     * @param accessor the suffix of the methods that read and write it
     * @param size its bytes at the wire
     */
    private record Fixed(String java, String boxed, String accessor, int size) {}

    private static final Map<String, Fixed> FIXED = Map.of(
            "bool", new Fixed("boolean", "Boolean", "Boolean", 1),
            "int8", new Fixed("byte", "Byte", "Byte", 1),
            "int16", new Fixed("short", "Short", "Short", 2),
            "uint16", new Fixed("int", "Integer", "UnsignedShort", 2),
            "int32", new Fixed("int", "Integer", "Int", 4),
            "uint32", new Fixed("long", "Long", "UnsignedInt", 4),
            "int64", new Fixed("long", "Long", "Long", 8),
            "float64", new Fixed("double", "Double", "Double", 8),
            "uuid", new Fixed("Uuid", "Uuid", "Uuid", 16));

    private static final Set<String> WITH_LENGTH = Set.of("string", "bytes", "records");

    /**
     * Reads a type.
     *
     * @throws IllegalArgumentException if there is no such type
     */
    static FieldType parse(String text) {
        boolean array = text.startsWith("[]");
        FieldType type = new FieldType(array ? text.substring(2) : text, array);
        boolean known = FIXED.containsKey(type.name) || WITH_LENGTH.contains(type.name) || type.element().isStruct();
        if (!known || array && (type.name.equals("bytes") || type.name.equals("records"))) {
            throw new IllegalArgumentException("'" + text + "' is not a type that this generator knows");
        }
        return type;
    }

    FieldType element() {
        return new FieldType(name, /* array= */ false);
    }

    boolean isStruct() {
        return !array && !name.isEmpty() && Character.isUpperCase(name.charAt(0));
    }

    /** Whether all values have the same size. */
    boolean isFixed() {
        return !array && FIXED.containsKey(name);
    }

    /** Whether the value is a Java primitive. */
    boolean isPrimitive() {
        return isFixed() && !isUuid();
    }

    /** Whether the value is preceded by its length or count. */
    boolean hasLength() {
        return array || WITH_LENGTH.contains(name);
    }

    boolean isString() {
        return !array && name.equals("string");
    }

    boolean isUuid() {
        return !array && name.equals("uuid");
    }

    /** The suffix of the methods that read and write a fixed type. */
    String accessor() {
        return fixed().accessor;
    }

    /** The size of a fixed type. */
    int size() {
        return fixed().size;
    }

    /** The Java type of a value that is not an array; {@code slice} tells bytes by reference. */
    String java(boolean slice) {
        return switch (name) {
            case "string" -> "String";
            case "bytes" -> slice ? "Bytes" : "byte[]";
            case "records" -> "Bytes";
            default -> FIXED.containsKey(name) ? fixed().java : name;
        };
    }

    /** The Java type of an element of an array. */
    String boxed() {
        return FIXED.containsKey(name) ? fixed().boxed : java(/* slice= */ false);
    }

    private Fixed fixed() {
        Fixed fixed = FIXED.get(name);
        if (fixed == null) {
            throw new IllegalStateException(name + " has no fixed size");
        }
        return fixed;
    }
}
