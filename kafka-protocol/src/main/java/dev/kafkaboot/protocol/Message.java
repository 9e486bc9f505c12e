package dev.kafkaboot.protocol;

import java.util.List;

/**
 * A message of the protocol, in any of its versions. Mutable, and confined to one thread at a time.
 *
 * <p>An instance holds the fields of all versions. A field that a version cannot carry is left out when it is written if the definition says that it
 * may be ignored, and refused with {@link UnsupportedFieldException} otherwise, unless it has its default value. Reading sets such a field to its
 * default.
 */
public interface Message {

    /** The lowest version that can be written and read. */
    short lowestSupportedVersion();

    /** The highest version that can be written and read. */
    short highestSupportedVersion();

    /**
     * Writes the message's body.
     *
     * @throws UnsupportedVersionException if the message has no such version
     * @throws UnsupportedFieldException if a field holds what the version cannot carry
     */
    void write(Writer out, short version);

    /**
     * Replaces all fields by those read.
     *
     * @throws UnsupportedVersionException if the message has no such version
     * @throws MalformedMessageException if the bytes are not such a message
     */
    void read(Reader in, short version);

    /** Tagged fields of the top level that were read and are not known; they are written again as they are. */
    List<UnknownTaggedField> unknownTaggedFields();
}
