package dev.kafkaboot.generator;

import java.util.List;
import java.util.Set;

/** Writes what a structure's class has in common, be it a message or nested in one: fields, accessors, codec, equality, text. */
final class StructWriter {

    /** The constant that tells the size of the smallest one. */
    static final String MINIMUM_SIZE = "MINIMUM_SIZE";

    private final Source out;
    private final Struct struct;
    private final Set<String> overridden;
    private final ReadCode read;
    private final WriteCode write;

    /**
     * A writer of one structure.
     *
     * @param message the message that has it
     * @param overridden names of getters that an interface declares
     */
    StructWriter(Source out, MessageDefinition message, Struct struct, Set<String> overridden) {
        this.out = out;
        this.struct = struct;
        this.overridden = overridden;
        this.read = new ReadCode(out, message, struct);
        this.write = new WriteCode(out, struct);
    }

    /** The fields, and an accessor and a setter for each. */
    void fieldsAndAccessors() {
        for (Field field : struct.fields()) {
            out.line("private " + field.javaType() + " " + field.name() + field.initializer() + ";");
        }
        out.line("private List<UnknownTaggedField> unknownTaggedFields = List.of();");
        struct.fields().forEach(this::accessors);
    }

    private void accessors(Field field) {
        String about = field.about().isBlank() ? "The field " + field.wireName() + "." : field.about();
        out.gap().doc(about + details(field));
        if (overridden.contains(field.name())) {
            out.line("@Override");
        }
        out.line("public " + field.javaType() + " " + field.name() + "() {");
        out.line("return " + field.ref() + ";").line("}");
        out.gap().doc("Sets what " + field.name() + "() answers.");
        out.line("public " + struct.name() + " " + field.name() + "(" + field.javaType() + " value) {");
        boolean checked = !field.isNullable() && !field.type().isPrimitive();
        out.line(field.ref() + " = " + (checked ? "Objects.requireNonNull(value, \"" + field.name() + "\")" : "value") + ";");
        out.line("return this;").line("}");
        String later = field.laterName();
        if (later != null) {
            out.gap().doc("What " + field.name() + "() answers, by its name in later releases.");
            out.line("public " + field.javaType() + " " + later + "() {").line("return " + field.ref() + ";").line("}");
            out.gap().doc("Sets what " + later + "() answers.");
            out.line("public " + struct.name() + " " + later + "(" + field.javaType() + " value) {");
            out.line("return " + field.name() + "(value);").line("}");
        }
    }

    private String details(Field field) {
        StringBuilder details = new StringBuilder();
        if (!field.versions().contains(struct.versions())) {
            details.append(field.versions().low() == field.versions().high() ? " Version " : " Versions ").append(field.versions()).append('.');
        }
        if (field.isNullable()) {
            details.append(field.nullable().contains(field.versions()) ? " May be null." : " May be null in " + field.nullable().words() + ".");
        }
        return details.toString();
    }

    /** The methods {@code read} and {@code write}. */
    void codec(boolean isMessage) {
        if (isMessage) {
            out.gap().line("@Override");
        } else {
            out.gap().line("private static " + struct.name() + " from(Reader in, short version) {");
            out.line(struct.name() + " result = new " + struct.name() + "();");
            out.line("result.read(in, version);").line("return result;").line("}").gap();
        }
        String access = isMessage ? "public " : "private ";
        out.line(access + "void read(Reader in, short version) {");
        if (isMessage) {
            out.line("checkVersion(version);");
        }
        read.body(/* fresh= */ !isMessage);
        out.line("}");
        read.readTagged();
        out.gap();
        if (isMessage) {
            out.line("@Override");
        }
        out.line(access + "void write(Writer out, short version) {");
        if (isMessage) {
            out.line("checkVersion(version);");
        }
        write.body();
        out.line("}");
    }

    /** The unknown tagged fields, equality and text. */
    void rest(boolean isMessage) {
        out.gap();
        if (isMessage) {
            out.line("@Override");
        } else {
            out.doc("Tagged fields that were read and are not known.");
        }
        out.line("public List<UnknownTaggedField> unknownTaggedFields() {").line("return unknownTaggedFields;").line("}");
        out.gap().doc("Sets the tagged fields to write as they are.");
        out.line("public " + struct.name() + " unknownTaggedFields(List<UnknownTaggedField> value) {");
        out.line("unknownTaggedFields = List.copyOf(value);").line("return this;").line("}");
        equality();
        text();
    }

    private void equality() {
        out.gap().line("@Override").line("public boolean equals(@Nullable Object other) {");
        out.line("return other instanceof " + struct.name() + " that");
        for (Field field : struct.fields()) {
            out.line("        && " + equal(field));
        }
        out.line("        && unknownTaggedFields.equals(that.unknownTaggedFields);").line("}");
        out.gap().line("@Override").line("public int hashCode() {");
        List<Field> fields = struct.fields();
        out.line("int hash = unknownTaggedFields.hashCode();");
        for (Field field : fields) {
            out.line("hash = 31 * hash + " + hash(field) + ";");
        }
        out.line("return hash;").line("}");
    }

    private static String equal(Field field) {
        String name = field.name();
        if (field.type().isPrimitive()) {
            return field.type().name().equals("float64")
                    ? "Double.compare(" + field.ref() + ", that." + name + ") == 0"
                    : field.ref() + " == that." + name;
        }
        return (field.isByteArray() ? "Arrays" : "Objects") + ".equals(" + field.ref() + ", that." + name + ")";
    }

    private static String hash(Field field) {
        if (field.type().isPrimitive()) {
            return switch (field.type().java(/* slice= */ false)) {
                case "boolean" -> "Boolean";
                case "byte" -> "Byte";
                case "short" -> "Short";
                case "long" -> "Long";
                case "double" -> "Double";
                default -> "Integer";
            } + ".hashCode(" + field.ref() + ")";
        }
        return (field.isByteArray() ? "Arrays" : "Objects") + ".hashCode(" + field.ref() + ")";
    }

    private void text() {
        out.gap().line("@Override").line("public String toString() {");
        if (struct.fields().isEmpty()) {
            out.line("return \"" + struct.name() + "()\";").line("}");
            return;
        }
        out.line("return \"" + struct.name() + "(\"");
        String separator = "";
        for (Field field : struct.fields()) {
            String shown = field.isSecret() ? "(" + field.name() + " == null ? null : \"****\")"
                    : !field.isByteArray() ? field.name()
                    : field.isNullable()
                    ? "(" + field.name() + " == null ? null : " + field.name() + ".length + \" bytes\")"
                    : field.name() + ".length + \" bytes\"";
            out.line("        + \"" + separator + field.name() + "=\" + " + shown);
            separator = ", ";
        }
        out.line("        + \")\";").line("}");
    }
}
