package dev.kafkaboot.generator;

/** Writes the bodies of a structure's {@code read} and {@code write}. */
final class FieldCodec {

    private final Source out;
    private final Struct struct;

    FieldCodec(Source out, Struct struct) {
        this.out = out;
        this.struct = struct;
    }

    private String flexible(Field field) {
        return field.flexible().intersect(struct.versions()).condition(field.versions());
    }

    private boolean needsFlexibleVariable() {
        return struct.fields().stream().anyMatch(field -> usesFlexible(field) && flexible(field).contains("version"));
    }

    private static boolean usesFlexible(Field field) {
        return field.type().array() || !field.type().isPrimitive() && !field.type().isUuid() && !field.type().isStruct();
    }

    private String flexibleArgument(Field field) {
        return flexible(field).contains("version") ? "flexible" : flexible(field);
    }

    void read() {
        if (needsFlexibleVariable()) {
            out.line("boolean flexible = " + struct.flexible().condition(struct.versions()) + ";");
        }
        for (Field field : struct.untagged()) {
            String condition = field.versions().condition(struct.versions());
            if (condition.equals("true")) {
                readField(field);
            } else {
                out.line("if (" + condition + ") {");
                readField(field);
                out.line("} else {").line(field.ref() + " = " + field.defaultValue() + ";").line("}");
            }
        }
        for (Field field : struct.tagged()) {
            out.line(field.ref() + " = " + field.defaultValue() + ";");
        }
        String condition = struct.flexible().condition(struct.versions());
        String known = struct.tagged().isEmpty() ? "(tag, field) -> false" : "(tag, field) -> readTagged(tag, field, version)";
        String read = "unknownTaggedFields = in.readTaggedFields(" + known + ");";
        switch (condition) {
            case "true" -> out.line(read);
            case "false" -> out.line("unknownTaggedFields = List.of();");
            default -> out.line("unknownTaggedFields = List.of();").line("if (" + condition + ") {").line(read).line("}");
        }
    }

    private void readField(Field field) {
        String value = readExpression(field, "in");
        if (field.isNullable() && !field.nullable().contains(field.versions())) {
            out.line(field.ref() + " = " + value + ";");
            out.line("if (" + negated(field.nullable().condition(field.versions())) + ") {");
            out.line("Reader.requireNonNull(" + field.ref() + ", \"" + field.path() + "\");").line("}");
        } else if (!field.isNullable() && usesFlexible(field)) {
            out.line(field.ref() + " = Reader.requireNonNull(" + value + ", \"" + field.path() + "\");");
        } else {
            out.line(field.ref() + " = " + value + ";");
        }
    }

    private static String negated(String condition) {
        return condition.contains("&&") ? "!(" + condition + ")" : condition.replace(">=", "<~").replace("<=", ">~")
                .replace("==", "!=").replace("<~", "<").replace(">~", ">");
    }

    private String readExpression(Field field, String in) {
        FieldType type = field.type();
        String flexible = flexibleArgument(field);
        if (type.array()) {
            return in + ".readArray(" + flexible + ", element -> " + readElement(field, type.element(), flexible) + ")";
        }
        if (type.isStruct()) {
            return field.isNullable()
                    ? in + ".readByte() < 0 ? null : " + type.name() + ".from(" + in + ", version)"
                    : type.name() + ".from(" + in + ", version)";
        }
        if (type.isPrimitive()) {
            return in + ".read" + type.accessor() + "()";
        }
        return in + switch (type.name()) {
            case "uuid" -> ".readUuid()";
            case "string" -> ".readString(" + flexible + ")";
            default -> (field.isSlice() ? ".readSlice(" : ".readBytes(") + flexible + ")";
        };
    }

    private static String readElement(Field field, FieldType element, String flexible) {
        if (element.isStruct()) {
            return element.name() + ".from(element, version)";
        }
        if (element.isPrimitive()) {
            return "element.read" + element.accessor() + "()";
        }
        return element.isUuid()
                ? "element.readUuid()"
                : "Reader.requireNonNull(element.readString(" + flexible + "), \"" + field.path() + "\")";
    }

    /** The method that reads a tagged field, if the structure has any. */
    void readTaggedFields() {
        if (struct.tagged().isEmpty()) {
            return;
        }
        out.gap().line("private boolean readTagged(int tag, Reader in, short version) {");
        for (Field field : struct.tagged()) {
            String versions = field.versions().condition(struct.flexible());
            out.line("if (tag == " + field.tag() + (versions.equals("true") ? "" : " && " + versions) + ") {");
            readField(field);
            out.line("return true;").line("}");
        }
        out.line("return false;").line("}");
    }

    void write() {
        if (needsFlexibleVariable()) {
            out.line("boolean flexible = " + struct.flexible().condition(struct.versions()) + ";");
        }
        for (Field field : struct.untagged()) {
            String condition = field.versions().condition(struct.versions());
            if (condition.equals("true")) {
                writeField(field, "out");
                continue;
            }
            out.line("if (" + condition + ") {");
            writeField(field, "out");
            refuseOtherwise(field);
        }
        String condition = struct.flexible().condition(struct.versions());
        if (condition.equals("false")) {
            return;
        }
        if (!condition.equals("true")) {
            out.line("if (" + condition + ") {");
        }
        if (struct.tagged().isEmpty()) {
            out.line("TaggedFields.write(unknownTaggedFields, out);");
        } else {
            out.line("TaggedFields tagged = new TaggedFields(unknownTaggedFields);");
            struct.tagged().forEach(this::writeTagged);
            out.line("tagged.write(out);");
        }
        if (!condition.equals("true")) {
            out.line("}");
            struct.tagged().stream().filter(field -> !field.ignorable()).forEach(field -> refuseUntaggable(field, condition));
        }
    }

    /** Refuses a tagged field in a version that has no tagged fields at all. */
    private void refuseUntaggable(Field field, String flexible) {
        out.line("if (" + negated(flexible) + " && " + field.isSet() + ") {").line(refusal(field)).line("}");
    }

    private void writeTagged(Field field) {
        String versions = field.versions().condition(struct.flexible());
        boolean always = versions.equals("true");
        out.line("if (" + (always ? "" : versions + " && ") + field.isSet() + ") {");
        out.line("tagged.add(" + field.tag() + ", field -> {");
        writeField(field, "field");
        out.line("});");
        if (always || field.ignorable()) {
            out.line("}");
        } else {
            out.line("} else if (" + field.isSet() + ") {");
            out.line(refusal(field)).line("}");
        }
    }

    private void refuseOtherwise(Field field) {
        if (!field.ignorable()) {
            out.line("} else if (" + field.isSet() + ") {").line(refusal(field));
        }
        out.line("}");
    }

    private static String refusal(Field field) {
        return "throw new UnsupportedFieldException(\"" + field.path() + "\", version, \"" + field.versions() + "\");";
    }

    private void writeField(Field field, String target) {
        if (field.isNullable() && !field.nullable().contains(field.versions())) {
            out.line("if (" + field.ref() + " == null && " + parenthesised(negated(field.nullable().condition(field.versions()))) + ") {");
            out.line("throw new UnsupportedFieldException(\"" + field.path() + " = null\", version, \"" + field.nullable() + "\");").line("}");
        }
        String name = field.ref();
        FieldType type = field.type();
        String flexible = flexibleArgument(field);
        if (type.array()) {
            out.line(target + ".writeArray(" + name + ", " + flexible + ", " + writeElement(type.element(), flexible) + ");");
        } else if (type.isStruct()) {
            writeStruct(field, target);
        } else if (type.isPrimitive()) {
            out.line(target + ".write" + type.accessor() + "(" + name + ");");
        } else {
            out.line(target + switch (type.name()) {
                case "uuid" -> ".writeUuid(" + name + ");";
                case "string" -> ".writeString(" + name + ", " + flexible + ");";
                default -> (field.isSlice() ? ".writeSlice(" : ".writeBytes(") + name + ", " + flexible + ");";
            });
        }
    }

    private void writeStruct(Field field, String target) {
        String write = field.ref() + ".write(" + target + ", version);";
        if (!field.isNullable()) {
            out.line(write);
            return;
        }
        out.line("if (" + field.ref() + " == null) {").line(target + ".writeByte((byte) -1);").line("} else {");
        out.line(target + ".writeByte((byte) 1);").line(write).line("}");
    }

    private static String parenthesised(String condition) {
        return condition.contains("||") ? "(" + condition + ")" : condition;
    }

    private static String writeElement(FieldType element, String flexible) {
        if (element.isStruct()) {
            return "(to, element) -> element.write(to, version)";
        }
        if (element.isPrimitive()) {
            return "Writer::write" + element.accessor();
        }
        return element.isUuid() ? "Writer::writeUuid" : "(to, element) -> to.writeString(element, " + flexible + ")";
    }
}
