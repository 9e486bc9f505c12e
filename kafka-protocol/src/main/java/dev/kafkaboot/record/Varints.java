package dev.kafkaboot.record;

import java.nio.ByteBuffer;

/** Signed numbers in a variable number of bytes: zigzag, seven bits a byte, the lowest first. */
final class Varints {

    private Varints() {}

    static int size(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    static int size(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    static void put(ByteBuffer target, int value) {
        int rest = (value << 1) ^ (value >> 31);
        while ((rest & ~0x7f) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    static void put(ByteBuffer target, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    /**
     * Reads up to five bytes.
     *
     * @throws java.nio.BufferUnderflowException if they reach beyond the buffer's limit
     */
    static int getInt(ByteBuffer source) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = source.get();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new CorruptRecordException("a number has more than five bytes");
    }

    /**
     * Reads up to ten bytes.
     *
     * @throws java.nio.BufferUnderflowException if they reach beyond the buffer's limit
     */
    static long getLong(ByteBuffer source) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = source.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new CorruptRecordException("a number has more than ten bytes");
    }
}
