package dev.kafkaboot.client.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes the few forms of Protocol Buffers' wire format that metrics need. See <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>. */
final class ProtobufWriter {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int TYPE_BITS = 3;

    private byte[] bytes = new byte[256];
    private int size;

    /** A boolean, an enum or a number that is not negative. */
    void number(int field, long value) {
        tag(field, VARINT);
        varint(value);
    }

    /** A {@code fixed64}. */
    void fixed64(int field, long value) {
        tag(field, FIXED_64);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            put((byte) (value >>> shift));
        }
    }

    /** A {@code double}. */
    void real(int field, double value) {
        fixed64(field, Double.doubleToRawLongBits(value));
    }

    /** A {@code string}. */
    void text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        tag(field, LENGTH_DELIMITED);
        varint(utf8.length);
        put(utf8, utf8.length);
    }

    /** A message within this one. */
    void message(int field, Consumer<ProtobufWriter> content) {
        ProtobufWriter inner = new ProtobufWriter();
        content.accept(inner);
        tag(field, LENGTH_DELIMITED);
        varint(inner.size);
        put(inner.bytes, inner.size);
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void tag(int field, int type) {
        varint((long) field << TYPE_BITS | type);
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        put((byte) rest);
    }

    private void put(byte value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = value;
    }

    private void put(byte[] source, int length) {
        if (bytes.length - size < length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
        }
        System.arraycopy(source, 0, bytes, size, length);
        size += length;
    }
}
