package dev.kafkaboot.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the primitives of the protocol into an array that grows, and takes record batches by reference.
 *
 * <p>The result is a list of buffers in order, for a gathering write: what was written, cut where referenced bytes stand in between. One thread at a
 * time.
 */
public final class Writer {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int DEFAULT_CAPACITY = 256;

    /** Bytes that stand between two written ones, by reference. */
    private record Reference(int position, ByteBuffer bytes) {}

    private final List<Reference> references = new ArrayList<>(0);
    private byte[] array;
    private int position;
    private int referencedBytes;

    public Writer() {
        this(DEFAULT_CAPACITY);
    }

    /** A writer whose array starts with so many bytes. */
    public Writer(int initialCapacity) {
        array = new byte[initialCapacity];
    }

    /** How many bytes were written, referenced ones included. */
    public int size() {
        return position + referencedBytes;
    }

    /** Forgets what was written; buffers handed out before must not be in use any more. */
    public void reset() {
        position = 0;
        referencedBytes = 0;
        references.clear();
    }

    /** What was written, in order; valid until {@link #reset()}. */
    public List<ByteBuffer> toBuffers() {
        if (references.isEmpty()) {
            return List.of(ByteBuffer.wrap(array, 0, position));
        }
        List<ByteBuffer> buffers = new ArrayList<>(2 * references.size() + 1);
        int from = 0;
        for (Reference reference : references) {
            if (reference.position > from) {
                buffers.add(ByteBuffer.wrap(array, from, reference.position - from).slice());
                from = reference.position;
            }
            buffers.add(reference.bytes.duplicate());
        }
        if (position > from) {
            buffers.add(ByteBuffer.wrap(array, from, position - from).slice());
        }
        return buffers;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        byte[] copy = new byte[size()];
        ByteBuffer target = ByteBuffer.wrap(copy);
        toBuffers().forEach(target::put);
        return copy;
    }

    /** Writes 1 or 0. */
    public void writeBoolean(boolean value) {
        writeByte((byte) (value ? 1 : 0));
    }

    /** Writes one byte. */
    public void writeByte(byte value) {
        reserve(1);
        array[position++] = value;
    }

    /** Writes two bytes. */
    public void writeShort(short value) {
        reserve(2);
        SHORT.set(array, position, value);
        position += 2;
    }

    /**
     * Writes two bytes.
     *
     * @param value from 0 to 65535
     */
    public void writeUnsignedShort(int value) {
        if (value < 0 || value > 0xffff) {
            throw new ProtocolException("A number from 0 to 65535 is needed, not " + value);
        }
        writeShort((short) value);
    }

    /** Writes four bytes. */
    public void writeInt(int value) {
        reserve(4);
        INT.set(array, position, value);
        position += 4;
    }

    /**
     * Writes four bytes.
     *
     * @param value from 0 to 4294967295
     */
    public void writeUnsignedInt(long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new ProtocolException("A number from 0 to 4294967295 is needed, not " + value);
        }
        writeInt((int) value);
    }

    /** Writes four bytes over ones that were written before. */
    public void setInt(int at, int value) {
        INT.set(array, at, value);
    }

    /** Writes eight bytes. */
    public void writeLong(long value) {
        reserve(8);
        LONG.set(array, position, value);
        position += 8;
    }

    /** Writes eight bytes, IEEE 754. */
    public void writeDouble(double value) {
        writeLong(Double.doubleToRawLongBits(value));
    }

    /** Writes sixteen bytes. */
    public void writeUuid(Uuid value) {
        writeLong(value.mostSignificantBits());
        writeLong(value.leastSignificantBits());
    }

    /** Writes an unsigned number in one to five bytes, seven bits each, the lowest first. */
    public void writeUnsignedVarint(int value) {
        reserve(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            array[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[position++] = (byte) rest;
    }

    /** Writes a text, or null. */
    public void writeString(@Nullable String value, boolean flexible) {
        if (value == null) {
            writeLength(-1, flexible, /* wide= */ false);
            return;
        }
        int length = value.length();
        byte[] encoded = isAscii(value) ? null : value.getBytes(StandardCharsets.UTF_8);
        int size = encoded == null ? length : encoded.length;
        if (!flexible && size > Short.MAX_VALUE) {
            throw new ProtocolException("A text of " + size + " bytes is too long: the limit is " + Short.MAX_VALUE);
        }
        writeLength(size, flexible, /* wide= */ false);
        if (encoded != null) {
            writeRaw(encoded);
            return;
        }
        reserve(length);
        for (int i = 0; i < length; i++) {
            array[position + i] = (byte) value.charAt(i);
        }
        position += length;
    }

    private static boolean isAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Writes bytes, or null. */
    public void writeBytes(byte @Nullable [] value, boolean flexible) {
        if (value == null) {
            writeLength(-1, flexible, /* wide= */ true);
        } else {
            writeLength(value.length, flexible, /* wide= */ true);
            writeRaw(value);
        }
    }

    /** Writes bytes by reference, or null: they are not copied, and must not change until the result was sent. */
    public void writeSlice(@Nullable Bytes value, boolean flexible) {
        if (value == null) {
            writeLength(-1, flexible, /* wide= */ true);
            return;
        }
        writeLength(value.size(), flexible, /* wide= */ true);
        for (ByteBuffer bytes : value.buffers()) {
            if (bytes.hasRemaining()) {
                references.add(new Reference(position, bytes));
                referencedBytes += bytes.remaining();
            }
        }
    }

    /** Writes an array, or null. No element may be null. */
    public <T> void writeArray(@Nullable List<T> value, boolean flexible, BiConsumer<Writer, T> element) {
        if (value == null) {
            writeLength(-1, flexible, /* wide= */ true);
            return;
        }
        writeLength(value.size(), flexible, /* wide= */ true);
        for (T each : value) {
            element.accept(this, Objects.requireNonNull(each, "an element of an array"));
        }
    }

    private void writeLength(int length, boolean flexible, boolean wide) {
        if (flexible) {
            writeUnsignedVarint(length + 1);
        } else if (wide) {
            writeInt(length);
        } else {
            writeShort((short) length);
        }
    }

    /** Writes bytes without their length. */
    public void writeRaw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, array, position, value.length);
        position += value.length;
    }

    /** Writes what another writer holds, without its length. */
    public void writeRaw(Writer other) {
        for (ByteBuffer bytes : other.toBuffers()) {
            reserve(bytes.remaining());
            int length = bytes.remaining();
            bytes.get(array, position, length);
            position += length;
        }
    }

    private void reserve(int bytes) {
        if (array.length - position < bytes) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(position, bytes)));
        }
    }
}
