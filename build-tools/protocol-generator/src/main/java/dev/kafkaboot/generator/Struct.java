package dev.kafkaboot.generator;

import java.util.List;

/**
 * A structure: a message's top level or one that is nested in it.
 *
 * @param name the class's name
 * @param versions the versions in which it occurs
 * @param flexible the versions in which it has tagged fields and compact lengths
 * @param fields its fields, in the order of the wire
 */
record Struct(String name, VersionRange versions, VersionRange flexible, List<Field> fields) {

    List<Field> untagged() {
        return fields.stream().filter(field -> !field.isTagged()).toList();
    }

    List<Field> tagged() {
        return fields.stream().filter(Field::isTagged).toList();
    }
}
