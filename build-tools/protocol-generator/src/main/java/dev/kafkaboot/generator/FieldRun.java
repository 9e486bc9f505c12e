package dev.kafkaboot.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * Fields that follow each other in the same versions: they share one condition in the code.
 *
 * @param condition the Java condition on {@code version}, {@code "true"} if every version of the structure has them
 * @param fields the fields in order
 */
record FieldRun(String condition, List<Field> fields) {

    /** The untagged fields of a structure as such runs, in order. */
    static List<FieldRun> of(Struct struct) {
        List<FieldRun> runs = new ArrayList<>();
        for (Field field : struct.untagged()) {
            String condition = field.versions().condition(struct.versions());
            if (runs.isEmpty() || !runs.get(runs.size() - 1).condition.equals(condition)) {
                runs.add(new FieldRun(condition, new ArrayList<>()));
            }
            runs.get(runs.size() - 1).fields.add(field);
        }
        return runs;
    }

    boolean isAlways() {
        return condition.equals("true");
    }
}
