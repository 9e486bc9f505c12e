package dev.kafkaboot.generator;

/** The least bytes that a value takes up at the wire, so that a reader can refuse counts that cannot be true. */
final class MinimumSize {

    private final MessageDefinition message;

    MinimumSize(MessageDefinition message) {
        this.message = message;
    }

    /** The least of a structure, in any of its versions; at least one. */
    int of(Struct struct) {
        int least = Integer.MAX_VALUE;
        for (int version = struct.versions().low(); version <= struct.versions().high(); version++) {
            least = Math.min(least, of(struct, version));
        }
        return Math.max(1, least);
    }

    /** The least of an element of an array, in any version. */
    int of(FieldType element) {
        return element.isStruct() ? of(message.struct(element.name())) : element.isFixed() ? element.size() : 1;
    }

    private int of(Struct struct, int version) {
        int size = struct.flexible().contains(version) ? 1 : 0;
        for (Field field : struct.untagged()) {
            if (field.versions().contains(version)) {
                size += of(field, version);
            }
        }
        return size;
    }

    private int of(Field field, int version) {
        FieldType type = field.type();
        if (type.isStruct()) {
            return field.nullable().contains(version) ? 1 : of(message.struct(type.name()), version);
        }
        if (type.isFixed()) {
            return type.size();
        }
        return field.flexible().contains(version) ? 1 : type.isString() ? Short.BYTES : Integer.BYTES;
    }
}
