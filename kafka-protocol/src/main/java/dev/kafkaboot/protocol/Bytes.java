package dev.kafkaboot.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of bytes held by reference, in one buffer or several: what was received, or what will be sent, without a copy.
 *
 * <p>Immutable itself; the bytes belong to whoever made the buffers and must not change while this is in use.
 */
public final class Bytes {

    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new ByteBuffer[0]);

    private final ByteBuffer[] buffers;
    private final int size;

    private Bytes(ByteBuffer[] buffers) {
        this.buffers = buffers;
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        this.size = Math.toIntExact(sum);
    }

    /** The bytes that remain in the buffers, in order. Later moves of the buffers' positions have no effect. */
    public static Bytes of(ByteBuffer... buffers) {
        return of(List.of(buffers));
    }

    /** The bytes that remain in the buffers, in order. Later moves of the buffers' positions have no effect. */
    public static Bytes of(List<ByteBuffer> buffers) {
        ByteBuffer[] duplicates = new ByteBuffer[buffers.size()];
        for (int i = 0; i < duplicates.length; i++) {
            duplicates[i] = buffers.get(i).duplicate();
        }
        return new Bytes(duplicates);
    }

    /** The bytes of an array, which is not copied. */
    public static Bytes wrap(byte[] bytes) {
        return new Bytes(new ByteBuffer[] {ByteBuffer.wrap(bytes)});
    }

    /** How many bytes there are. */
    public int size() {
        return size;
    }

    /** The buffers, each with a position and limit of its own. */
    public List<ByteBuffer> buffers() {
        ByteBuffer[] duplicates = new ByteBuffer[buffers.length];
        for (int i = 0; i < duplicates.length; i++) {
            duplicates[i] = buffers[i].duplicate();
        }
        return List.of(duplicates);
    }

    /** All bytes in one buffer: the only one there is, or a copy of several. */
    public ByteBuffer toSingleBuffer() {
        if (buffers.length == 1) {
            return buffers[0].duplicate();
        }
        return ByteBuffer.wrap(toByteArray());
    }

    /** A copy. */
    public byte[] toByteArray() {
        byte[] copy = new byte[size];
        int position = 0;
        for (ByteBuffer buffer : buffers) {
            int length = buffer.remaining();
            buffer.duplicate().get(copy, position, length);
            position += length;
        }
        return copy;
    }

    /** Equal if the bytes are, however they are split. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Bytes that && size == that.size && toSingleBuffer().equals(that.toSingleBuffer());
    }

    @Override
    public int hashCode() {
        return toSingleBuffer().hashCode();
    }

    /** The size; never the content. */
    @Override
    public String toString() {
        return size + " bytes";
    }
}
