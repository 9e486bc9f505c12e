package dev.kafkaboot.generator;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A field of a structure.
 *
 * @param owner the structure that has it
 * @param wireName its name in the definition
 * @param type its type
 * @param versions the versions that have it, within those of the structure
 * @param nullable the versions in which it may be null
 * @param defaultText its default as the definition writes it; null if it is the type's own
 * @param ignorable whether it is left out where a version cannot carry it
 * @param tag its tag, or -1
 * @param zeroCopy whether bytes are taken by reference
 * @param flexible the versions in which lengths are compact, within those of the structure
 * @param about what it is
 */
record Field(
        String owner,
        String wireName,
        FieldType type,
        VersionRange versions,
        VersionRange nullable,
        @Nullable String defaultText,
        boolean ignorable,
        int tag,
        boolean zeroCopy,
        VersionRange flexible,
        String about) {

    /** Names that the generated methods use themselves. */
    private static final Set<String> TAKEN = Set.of(
            "version", "in", "out", "to", "flexible", "tag", "tagged", "field", "element", "value", "other", "that", "hash", "result");

    private static final Set<String> KEYWORDS = Set.of("default", "class", "private", "public", "new", "import", "package", "interface");

    String name() {
        String name = Character.toLowerCase(wireName.charAt(0)) + wireName.substring(1);
        return KEYWORDS.contains(name) ? name + "Value" : name;
    }

    /** The field's name in a method's body. */
    String ref() {
        return TAKEN.contains(name()) ? "this." + name() : name();
    }

    String path() {
        return owner + "." + name();
    }

    boolean isTagged() {
        return tag >= 0;
    }

    boolean isNullable() {
        return !nullable.isEmpty();
    }

    boolean isSlice() {
        return zeroCopy || type.name().equals("records");
    }

    boolean isByteArray() {
        return !type.array() && type.name().equals("bytes") && !zeroCopy;
    }

    boolean hasNullDefault() {
        return isNullable() && ("null".equals(defaultText) || type.name().equals("records") && defaultText == null);
    }

    /** The Java type, with its nullness. */
    String javaType() {
        if (isByteArray()) {
            return isNullable() ? "byte @Nullable []" : "byte[]";
        }
        return (isNullable() ? "@Nullable " : "") + (type.array() ? "List<" + type.boxed() + ">" : type.java(isSlice()));
    }

    /** The default as a Java expression. */
    String defaultValue() {
        if (hasNullDefault()) {
            return "null";
        }
        if (type.array()) {
            return "new ArrayList<>()";
        }
        String text = defaultText == null ? "" : defaultText;
        return switch (type.name()) {
            case "string" -> "\"" + text + "\"";
            case "uuid" -> "Uuid.ZERO";
            case "bytes" -> zeroCopy ? "Bytes.EMPTY" : "new byte[0]";
            case "records" -> "Bytes.EMPTY";
            case "bool" -> text.isEmpty() ? "false" : text;
            case "int64" -> text.isEmpty() ? "0" : text + "L";
            case "int8" -> text.isEmpty() ? "0" : "(byte) " + text;
            case "int16" -> text.isEmpty() ? "0" : "(short) " + text;
            case "float64" -> text.isEmpty() ? "0.0" : text;
            case "int32", "uint16" -> text.isEmpty() ? "0" : text;
            default -> "new " + type.name() + "()";
        };
    }

    /** A Java condition that is true if the field does not have its default. */
    String isSet() {
        String name = ref();
        if (hasNullDefault()) {
            return name + " != null";
        }
        if (type.array()) {
            return isNullable() ? "(" + name + " == null || !" + name + ".isEmpty())" : "!" + name + ".isEmpty()";
        }
        if (type.isPrimitive()) {
            return type.name().equals("bool")
                    ? ("true".equals(defaultText) ? "!" : "") + name
                    : name + " != " + defaultValue();
        }
        return switch (type.name()) {
            case "bytes" -> zeroCopy ? "!" + name + ".equals(Bytes.EMPTY)" : isNullable()
                    ? "(" + name + " == null || " + name + ".length != 0)" : name + ".length != 0";
            default -> isNullable() ? "!" + defaultValue() + ".equals(" + name + ")" : "!" + name + ".equals(" + defaultValue() + ")";
        };
    }
}
