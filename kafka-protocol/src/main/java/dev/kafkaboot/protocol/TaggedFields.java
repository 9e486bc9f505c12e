package dev.kafkaboot.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** The tagged fields of a structure while it is written: collected, then put out in the order of their tags (KIP-482). */
public final class TaggedFields {

    /** What a structure reads with that knows no tagged field. */
    public static final Reader.TaggedFieldReader NONE_KNOWN = (tag, in) -> false;

    private record Field(int tag, Writer value) {}

    private final List<Field> fields = new ArrayList<>(0);

    /** Writes those that were read and not known, for a structure that knows none. */
    public static void write(List<UnknownTaggedField> unknown, Writer out) {
        if (unknown.isEmpty()) {
            out.writeUnsignedVarint(0);
        } else {
            new TaggedFields(unknown).write(out);
        }
    }

    /** Starts with those that were read and not known. */
    public TaggedFields(List<UnknownTaggedField> unknown) {
        for (UnknownTaggedField field : unknown) {
            add(field.tag(), out -> out.writeRaw(field.value()));
        }
    }

    /** Adds a field. */
    public void add(int tag, Consumer<Writer> value) {
        Writer writer = new Writer(32);
        value.accept(writer);
        fields.add(new Field(tag, writer));
    }

    /**
     * Writes count, tags, sizes and values.
     *
     * @throws ProtocolException if a tag occurs twice
     */
    public void write(Writer out) {
        fields.sort(Comparator.comparingInt(Field::tag));
        out.writeUnsignedVarint(fields.size());
        int previous = -1;
        for (Field field : fields) {
            if (field.tag == previous) {
                throw new ProtocolException("Tag " + field.tag + " is used twice");
            }
            previous = field.tag;
            out.writeUnsignedVarint(field.tag);
            out.writeUnsignedVarint(field.value.size());
            out.writeRaw(field.value);
        }
    }
}
