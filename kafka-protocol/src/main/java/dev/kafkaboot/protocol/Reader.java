package dev.kafkaboot.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the primitives of the protocol from a buffer, and trusts none of the lengths in it.
 *
 * <p>A length or count is checked against what remains before anything is allocated for it. Reads move the position of a duplicate; the buffer given
 * stays as it is, and slices of it are handed out by reference. One thread at a time.
 */
public final class Reader {

    /** Longer arrays are refused: no message of this protocol comes near. */
    private static final int MAX_ELEMENTS = 1_000_000;

    private static final int MAX_TAGGED_FIELDS = 10_000;

    /** A tag and a size. */
    private static final int MIN_TAGGED_FIELD = 2;

    /** A claimed count allocates no more than this; the rest grows as elements are really read. */
    private static final int MAX_INITIAL_CAPACITY = 1_000;

    private final ByteBuffer buffer;
    private final int start;

    /** Reads what remains in a buffer. */
    public Reader(ByteBuffer buffer) {
        this.buffer = buffer.duplicate();
        this.start = buffer.position();
    }

    /** How many bytes have not been read. */
    public int remaining() {
        return buffer.remaining();
    }

    /** A byte that is 0 or not. */
    public boolean readBoolean() {
        return readByte() != 0;
    }

    /** One byte. */
    public byte readByte() {
        require(1);
        return buffer.get();
    }

    /** Two bytes. */
    public short readShort() {
        require(2);
        return buffer.getShort();
    }

    /** Two bytes, from 0 to 65535. */
    public int readUnsignedShort() {
        return readShort() & 0xffff;
    }

    /** Four bytes, from 0 to 4294967295. */
    public long readUnsignedInt() {
        return readInt() & 0xffff_ffffL;
    }

    /** Four bytes. */
    public int readInt() {
        require(4);
        return buffer.getInt();
    }

    /** Eight bytes. */
    public long readLong() {
        require(8);
        return buffer.getLong();
    }

    /** Eight bytes, IEEE 754. */
    public double readDouble() {
        require(8);
        return buffer.getDouble();
    }

    /** Sixteen bytes. */
    public Uuid readUuid() {
        require(16);
        return new Uuid(buffer.getLong(), buffer.getLong());
    }

    /** An unsigned number in one to five bytes, seven bits each, the lowest first. */
    public int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = readByte();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed("A variable-length number has more than five bytes");
    }

    /** A text. */
    public String readString(boolean flexible) {
        return present(readNullableString(flexible), "text");
    }

    /** A text; null if its length says so. */
    public @Nullable String readNullableString(boolean flexible) {
        int length = flexible ? readUnsignedVarint() - 1 : readShort();
        if (length == -1) {
            return null;
        }
        checkLength(length, "text");
        if (!buffer.hasArray()) {
            return new String(copy(length), StandardCharsets.UTF_8);
        }
        String text = new String(buffer.array(), buffer.arrayOffset() + buffer.position(), length, StandardCharsets.UTF_8);
        buffer.position(buffer.position() + length);
        return text;
    }

    /** A copy of some bytes. */
    public byte[] readBytes(boolean flexible) {
        return present(readNullableBytes(flexible), "field");
    }

    /** A copy of some bytes; null if their length says so. */
    public byte @Nullable [] readNullableBytes(boolean flexible) {
        int length = readLength(flexible);
        return length == -1 ? null : copy(length);
    }

    /** Some bytes by reference, a slice of the buffer that is read. */
    public Bytes readSlice(boolean flexible) {
        return present(readNullableSlice(flexible), "field");
    }

    /** Some bytes by reference, a slice of the buffer that is read; null if their length says so. */
    public @Nullable Bytes readNullableSlice(boolean flexible) {
        int length = readLength(flexible);
        if (length == -1) {
            return null;
        }
        ByteBuffer slice = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return Bytes.of(slice);
    }

    private int readLength(boolean flexible) {
        int length = flexible ? readUnsignedVarint() - 1 : readInt();
        if (length != -1) {
            checkLength(length, "field");
        }
        return length;
    }

    private byte[] copy(int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    /** Reads one element of an array. */
    @FunctionalInterface
    public interface ElementReader<T> {

        /** Reads it from where the reader stands. */
        T read(Reader in);
    }

    /**
     * An array.
     *
     * @param flexible whether the count is in the compact form
     * @param minimumSize the least bytes that an element takes up, at least one; a count that cannot fit into what remains is refused
     * @param element reads one element
     */
    public <T> List<T> readArray(boolean flexible, int minimumSize, ElementReader<T> element) {
        return present(readNullableArray(flexible, minimumSize, element), "array");
    }

    /** An array, as {@link #readArray}; null if its count says so. */
    public <T> @Nullable List<T> readNullableArray(boolean flexible, int minimumSize, ElementReader<T> element) {
        int count = flexible ? readUnsignedVarint() - 1 : readInt();
        if (count == -1) {
            return null;
        }
        if (count < 0 || count > MAX_ELEMENTS || (long) count * minimumSize > buffer.remaining()) {
            throw malformed("An array claims " + count + " elements of " + minimumSize
                    + " or more bytes where " + buffer.remaining() + " bytes remain");
        }
        List<T> elements = new ArrayList<>(Math.min(count, MAX_INITIAL_CAPACITY));
        for (int i = 0; i < count; i++) {
            elements.add(element.read(this));
        }
        return elements;
    }

    /** What reads the tagged fields that a message knows. */
    @FunctionalInterface
    public interface TaggedFieldReader {

        /**
         * Reads a field from a reader that holds it and nothing else.
         *
         * @return false if the tag is not known
         */
        boolean read(int tag, Reader in);
    }

    /**
     * The tagged fields at the end of a structure (KIP-482).
     *
     * @param known reads those that are known
     * @return those that are not
     */
    public List<UnknownTaggedField> readTaggedFields(TaggedFieldReader known) {
        int count = readUnsignedVarint();
        if (count == 0) {
            return List.of();
        }
        if (count < 0 || count > MAX_TAGGED_FIELDS || count > buffer.remaining() / MIN_TAGGED_FIELD) {
            throw malformed("A structure claims " + Integer.toUnsignedString(count) + " tagged fields where " + buffer.remaining() + " bytes remain");
        }
        List<UnknownTaggedField> unknown = new ArrayList<>();
        int previous = -1;
        for (int i = 0; i < count; i++) {
            int tag = readUnsignedVarint();
            if (tag <= previous) {
                throw malformed("Tagged field " + Integer.toUnsignedString(tag) + " comes after " + previous);
            }
            previous = tag;
            readTaggedField(tag, known, unknown);
        }
        return unknown;
    }

    private void readTaggedField(int tag, TaggedFieldReader known, List<UnknownTaggedField> unknown) {
        int size = readUnsignedVarint();
        checkLength(size, "tagged field");
        int outerLimit = buffer.limit();
        int end = buffer.position() + size;
        buffer.limit(end);
        try {
            if (known.read(tag, this)) {
                if (buffer.position() != end) {
                    throw malformed("Tagged field " + tag + " has " + (end - buffer.position()) + " bytes too many");
                }
            } else {
                unknown.add(new UnknownTaggedField(tag, copy(size)));
            }
        } finally {
            buffer.limit(outerLimit);
        }
    }

    /**
     * Refuses null where the version does not allow it.
     *
     * @param field message and field, for the error
     */
    public static void requireNonNull(@Nullable Object value, String field) {
        if (value == null) {
            throw new MalformedMessageException(field + " is null, which this version does not allow");
        }
    }

    private <T> T present(@Nullable T value, String what) {
        if (value == null) {
            throw malformed("A" + (what.equals("array") ? "n " : " ") + what + " is null where it may not be");
        }
        return value;
    }

    private void require(int bytes) {
        if (buffer.remaining() < bytes) {
            throw malformed("The message ends where " + bytes + " more bytes are needed; " + buffer.remaining() + " remain");
        }
    }

    private void checkLength(int length, String what) {
        if (length < 0 || length > buffer.remaining()) {
            throw malformed("A " + what + " claims " + length + " bytes where " + buffer.remaining() + " remain");
        }
    }

    /** A failure that tells where the reader stands. */
    private MalformedMessageException malformed(String what) {
        return new MalformedMessageException(what + " (at byte " + (buffer.position() - start) + ")");
    }
}
