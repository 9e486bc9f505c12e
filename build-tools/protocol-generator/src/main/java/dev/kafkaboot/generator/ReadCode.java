package dev.kafkaboot.generator;

/** Writes the code that reads a structure. */
final class ReadCode {

    private final Source out;
    private final MessageDefinition message;
    private final Struct struct;
    private final Flexibility flexibility;

    ReadCode(Source out, MessageDefinition message, Struct struct) {
        this.out = out;
        this.message = message;
        this.struct = struct;
        this.flexibility = new Flexibility(struct);
    }

    /**
     * The body of {@code read}.
     *
     * @param fresh whether the object was just made, so that what is not read has its default already
     */
    void body(boolean fresh) {
        flexibility.declare(out);
        for (FieldRun run : FieldRun.of(struct)) {
            if (run.isAlways()) {
                run.fields().forEach(this::read);
                continue;
            }
            out.line("if (" + run.condition() + ") {");
            run.fields().forEach(this::read);
            if (!fresh) {
                out.line("} else {");
                run.fields().forEach(this::reset);
            }
            out.line("}");
        }
        if (!fresh) {
            struct.tagged().forEach(this::reset);
        }
        taggedSection(fresh);
    }

    private void reset(Field field) {
        out.line(field.ref() + " = " + field.defaultValue() + ";");
    }

    private void taggedSection(boolean fresh) {
        String condition = struct.flexible().condition(struct.versions());
        String known = struct.tagged().isEmpty() ? "TaggedFields.NONE_KNOWN" : "(tag, field) -> readTagged(tag, field, version)";
        String read = "unknownTaggedFields = in.readTaggedFields(" + known + ");";
        if (condition.equals("true")) {
            out.line(read);
            return;
        }
        if (!fresh) {
            out.line("unknownTaggedFields = List.of();");
        }
        if (!condition.equals("false")) {
            out.line("if (" + condition + ") {").line(read).line("}");
        }
    }

    /** The method that reads a tagged field, if the structure has any. */
    void readTagged() {
        if (struct.tagged().isEmpty()) {
            return;
        }
        out.gap().line("private boolean readTagged(int tag, Reader in, short version) {");
        for (Field field : struct.tagged()) {
            String versions = field.versions().condition(struct.flexible());
            out.line("if (tag == " + field.tag() + (versions.equals("true") ? "" : " && " + versions) + ") {");
            read(field);
            out.line("return true;").line("}");
        }
        out.line("return false;").line("}");
    }

    private void read(Field field) {
        out.line(field.ref() + " = " + expression(field) + ";");
        if (field.isNullable() && !field.nullable().contains(field.versions())) {
            out.line("if (" + field.nullable().negatedCondition(field.versions()) + ") {");
            out.line("Reader.requireNonNull(" + field.ref() + ", \"" + field.path() + "\");").line("}");
        }
    }

    private String expression(Field field) {
        FieldType type = field.type();
        if (type.isStruct()) {
            String from = type.name() + ".from(in, version)";
            return field.isNullable() ? "in.readByte() < 0 ? null : " + from : from;
        }
        if (type.isFixed()) {
            return "in.read" + type.accessor() + "()";
        }
        String call = "in.read" + (field.isNullable() ? "Nullable" : "");
        String flexible = flexibility.of(field);
        if (type.array()) {
            return call + "Array(" + flexible + ", " + minimumSize(type.element()) + ", " + element(type.element(), flexible) + ")";
        }
        return call + (type.isString() ? "String(" : field.isSlice() ? "Slice(" : "Bytes(") + flexible + ")";
    }

    private static String element(FieldType element, String flexible) {
        if (element.isStruct()) {
            return "element -> " + element.name() + ".from(element, version)";
        }
        return element.isFixed() ? "Reader::read" + element.accessor() : "element -> element.readString(" + flexible + ")";
    }

    private String minimumSize(FieldType element) {
        return element.isStruct() ? element.name() + "." + StructWriter.MINIMUM_SIZE : Integer.toString(new MinimumSize(message).of(element));
    }
}
