package dev.kafkaboot.generator;

/** How the code of a structure tells whether a field's lengths are compact: by a constant, or by a local variable that all of its fields share. */
final class Flexibility {

    private static final String VARIABLE = "flexible";

    private final Struct struct;

    Flexibility(Struct struct) {
        this.struct = struct;
    }

    /** Declares the variable if a field needs it. */
    void declare(Source out) {
        if (struct.fields().stream().anyMatch(field -> field.type().hasLength() && of(field).equals(VARIABLE))) {
            out.line("boolean " + VARIABLE + " = " + struct.flexible().condition(struct.versions()) + ";");
        }
    }

    /** The Java expression for a field. */
    String of(Field field) {
        String condition = field.flexible().intersect(struct.versions()).condition(field.versions());
        return condition.contains("version") ? VARIABLE : condition;
    }
}
