package dev.kafkaboot.generator;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A field of a structure.
 *
 * @param owner the structure that has it, with its message: {@code FetchRequest} or {@code FetchRequest.FetchTopic}
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

    /** Texts that may hold a password, and so are not shown. */
    private static final Set<String> SECRETS = Set.of("AlterConfigsRequest.AlterableConfig.value", "IncrementalAlterConfigsRequest.AlterableConfig.value");

    /** Fields that later definitions call otherwise, by what they call them: code that uses the later name is built with either. */
    private static final Map<String, String> LATER_NAMES = Map.of("TxnOffsetCommitRequest.generationId", "generationIdOrMemberEpoch");

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

    /** What later definitions call it, or null if it has kept its name. */
    @Nullable String laterName() {
        return LATER_NAMES.get(path());
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

    boolean isSecret() {
        return SECRETS.contains(path());
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
        return switch (type.name()) {
            case "string" -> "\"" + (defaultText == null ? "" : defaultText) + "\"";
            case "uuid" -> "Uuid.ZERO";
            case "bytes" -> zeroCopy ? "Bytes.EMPTY" : "new byte[0]";
            case "records" -> "Bytes.EMPTY";
            case "bool" -> Boolean.toString("true".equals(defaultText));
            case "int8", "int16", "uint16", "int32", "uint32", "int64" -> integer();
            case "float64" -> defaultText == null ? "0.0" : Double.toString(Double.parseDouble(defaultText));
            default -> "new " + type.name() + "()";
        };
    }

    private String integer() {
        long value = defaultText == null ? 0 : Long.decode(defaultText);
        if (type.name().equals("int64") && (value == Long.MAX_VALUE || value == Long.MIN_VALUE)) {
            return "Long." + (value > 0 ? "MAX_VALUE" : "MIN_VALUE");
        }
        if (type.name().equals("int32") && (value == Integer.MAX_VALUE || value == Integer.MIN_VALUE)) {
            return "Integer." + (value > 0 ? "MAX_VALUE" : "MIN_VALUE");
        }
        return value + (value == (int) value ? "" : "L");
    }

    /** What the declaration of the Java field says behind its name: the default, if it is not the one that Java gives. */
    String initializer() {
        String value = defaultValue();
        return Set.of("null", "0", "0.0", "false").contains(value) ? "" : " = " + value;
    }

    /** A Java condition that is true if the field does not have its default. */
    String isSet() {
        String name = ref();
        if (hasNullDefault()) {
            return name + " != null";
        }
        if (type.array()) {
            return isNullable() ? name + " == null || !" + name + ".isEmpty()" : "!" + name + ".isEmpty()";
        }
        if (type.isPrimitive()) {
            return type.name().equals("bool")
                    ? ("true".equals(defaultText) ? "!" : "") + name
                    : name + " != " + defaultValue();
        }
        return switch (type.name()) {
            case "bytes" -> zeroCopy ? "!" + name + ".equals(Bytes.EMPTY)" : isNullable()
                    ? name + " == null || " + name + ".length != 0" : name + ".length != 0";
            default -> isNullable() ? "!" + defaultValue() + ".equals(" + name + ")" : "!" + name + ".equals(" + defaultValue() + ")";
        };
    }
}
