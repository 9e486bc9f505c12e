package dev.kafkaboot.generator;

import java.util.Map;

/**
 * A type of the definitions.
 *
 * @param name the type's name, without brackets
 * @param array whether it is an array of it
 */
record FieldType(String name, boolean array) {

    /** Java's names of the types that are values there: bare, and as an element of a list. */
    private static final Map<String, String[]> PRIMITIVES = Map.of(
            "bool", new String[] {"boolean", "Boolean", "Boolean"},
            "int8", new String[] {"byte", "Byte", "Byte"},
            "int16", new String[] {"short", "Short", "Short"},
            "uint16", new String[] {"int", "Integer", "UnsignedShort"},
            "int32", new String[] {"int", "Integer", "Int"},
            "int64", new String[] {"long", "Long", "Long"},
            "float64", new String[] {"double", "Double", "Double"});

    static FieldType parse(String text) {
        return text.startsWith("[]") ? new FieldType(text.substring(2), /* array= */ true) : new FieldType(text, /* array= */ false);
    }

    FieldType element() {
        return new FieldType(name, /* array= */ false);
    }

    boolean isPrimitive() {
        return !array && PRIMITIVES.containsKey(name);
    }

    boolean isStruct() {
        return !array && Character.isUpperCase(name.charAt(0));
    }

    boolean isString() {
        return !array && name.equals("string");
    }

    boolean isUuid() {
        return !array && name.equals("uuid");
    }

    /** The suffix of the read and write methods of a primitive. */
    String accessor() {
        return primitive()[2];
    }

    /** The Java type of a value that is not an array; {@code slice} tells bytes by reference. */
    String java(boolean slice) {
        return switch (name) {
            case "string" -> "String";
            case "uuid" -> "Uuid";
            case "bytes" -> slice ? "Bytes" : "byte[]";
            case "records" -> "Bytes";
            default -> PRIMITIVES.containsKey(name) ? primitive()[0] : name;
        };
    }

    /** The Java type of an element of an array. */
    String boxed() {
        return PRIMITIVES.containsKey(name) ? primitive()[1] : java(/* slice= */ false);
    }

    private String[] primitive() {
        String[] names = PRIMITIVES.get(name);
        if (names == null) {
            throw new IllegalStateException(name + " is no primitive type");
        }
        return names;
    }
}
