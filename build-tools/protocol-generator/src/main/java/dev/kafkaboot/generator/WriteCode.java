package dev.kafkaboot.generator;

import java.util.List;

/** Writes the code that writes a structure. */
final class WriteCode {

    private final Source out;
    private final Struct struct;
    private final Flexibility flexibility;

    WriteCode(Source out, Struct struct) {
        this.out = out;
        this.struct = struct;
        this.flexibility = new Flexibility(struct);
    }

    /** The body of {@code write}. */
    void body() {
        flexibility.declare(out);
        for (FieldRun run : FieldRun.of(struct)) {
            if (run.isAlways()) {
                run.fields().forEach(field -> write(field, "out"));
                continue;
            }
            out.line("if (" + run.condition() + ") {");
            run.fields().forEach(field -> write(field, "out"));
            refuseOtherwise(run.fields().stream().filter(field -> !field.ignorable()).toList());
        }
        struct.tagged().forEach(this::refuseWhereNotTagged);
        taggedSection();
    }

    private void refuseOtherwise(List<Field> needed) {
        if (needed.size() == 1) {
            out.line("} else if (" + needed.get(0).isSet() + ") {").line(refusal(needed.get(0)));
        } else if (needed.size() > 1) {
            out.line("} else {");
            needed.forEach(field -> out.line("if (" + field.isSet() + ") {").line(refusal(field)).line("}"));
        }
        out.line("}");
    }

    private void refuseWhereNotTagged(Field field) {
        VersionRange carried = field.versions().intersect(struct.flexible());
        if (!field.ignorable() && !carried.contains(struct.versions())) {
            out.line("if (" + carried.negatedCondition(struct.versions()) + " && " + parenthesised(field.isSet()) + ") {").line(refusal(field)).line("}");
        }
    }

    private static String refusal(Field field) {
        return "throw UnsupportedFieldException.isSet(\"" + field.path() + "\", version, \"" + field.versions() + "\");";
    }

    private void taggedSection() {
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
            struct.tagged().forEach(this::collect);
            out.line("tagged.write(out);");
        }
        if (!condition.equals("true")) {
            out.line("}");
        }
    }

    private void collect(Field field) {
        String versions = field.versions().condition(struct.flexible());
        out.line("if (" + (versions.equals("true") ? field.isSet() : versions + " && " + parenthesised(field.isSet())) + ") {");
        if (field.isNullable() && (field.type().isStruct() || !field.nullable().contains(field.versions()))) {
            out.line("tagged.add(" + field.tag() + ", field -> {");
            write(field, "field");
            out.line("});");
        } else {
            out.line("tagged.add(" + field.tag() + ", field -> " + call(field, "field") + ");");
        }
        out.line("}");
    }

    private static String parenthesised(String condition) {
        return condition.contains(" || ") ? "(" + condition + ")" : condition;
    }

    private void write(Field field, String target) {
        if (field.isNullable() && !field.nullable().contains(field.versions())) {
            out.line("if (" + field.ref() + " == null && " + field.nullable().negatedCondition(field.versions()) + ") {");
            out.line("throw UnsupportedFieldException.isNull(\"" + field.path() + "\", version, \"" + field.nullable() + "\");").line("}");
        }
        if (!field.isNullable() || !field.type().isStruct()) {
            out.line(call(field, target) + ";");
            return;
        }
        out.line("if (" + field.ref() + " == null) {").line(target + ".writeByte((byte) -1);").line("} else {");
        out.line(target + ".writeByte((byte) 1);").line(call(field, target) + ";").line("}");
    }

    private String call(Field field, String target) {
        String name = field.ref();
        FieldType type = field.type();
        if (type.isStruct()) {
            return name + ".write(" + target + ", version)";
        }
        if (type.isFixed()) {
            return target + ".write" + type.accessor() + "(" + name + ")";
        }
        String flexible = flexibility.of(field);
        if (type.array()) {
            return target + ".writeArray(" + name + ", " + flexible + ", " + element(type.element(), flexible) + ")";
        }
        return target + (type.isString() ? ".writeString(" : field.isSlice() ? ".writeSlice(" : ".writeBytes(") + name + ", " + flexible + ")";
    }

    private static String element(FieldType element, String flexible) {
        if (element.isStruct()) {
            return "(to, element) -> element.write(to, version)";
        }
        return element.isFixed() ? "Writer::write" + element.accessor() : "(to, element) -> to.writeString(element, " + flexible + ")";
    }
}
