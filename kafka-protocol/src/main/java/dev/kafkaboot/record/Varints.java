package dev.kafkaboot.record;

import java.nio.ByteBuffer;

/**
 * Signed numbers in a variable number of bytes: zigzag, seven bits a byte, the lowest first.
 *
 * <p>They are read and written at absolute positions that the caller keeps in a local variable: a buffer's own position would go to memory and back
 * for every byte. Most numbers in a batch have one byte or two, which is what the short paths are for.
 */
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

    /** Writes a number and answers the position behind it. */
    static int put(ByteBuffer target, int position, int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        if ((zigzag & ~0x7f) == 0) {
            target.put(position, (byte) zigzag);
            return position + 1;
        }
        return putRest(target, position, zigzag & 0xffff_ffffL);
    }

    /** Writes a number and answers the position behind it. */
    static int put(ByteBuffer target, int position, long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        if ((zigzag & ~0x7fL) == 0) {
            target.put(position, (byte) zigzag);
            return position + 1;
        }
        return putRest(target, position, zigzag);
    }

    private static int putRest(ByteBuffer target, int position, long zigzag) {
        long rest = zigzag;
        int at = position;
        while ((rest & ~0x7fL) != 0) {
            target.put(at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put(at++, (byte) rest);
        return at;
    }

    /**
     * Reads a number of up to five bytes.
     *
     * @return the number, for {@link #value}, and the position behind it, for {@link #end}: two in one, because nothing is to be allocated
     * @throws IndexOutOfBoundsException if it reaches beyond the buffer's limit
     */
    static long read(ByteBuffer source, int position) {
        int first = source.get(position);
        if (first >= 0) {
            return pack(first, position + 1);
        }
        int second = source.get(position + 1);
        if (second >= 0) {
            return pack(first & 0x7f | second << 7, position + 2);
        }
        return readRest(source, position + 2, first & 0x7f | (second & 0x7f) << 7);
    }

    private static long readRest(ByteBuffer source, int position, int start) {
        int zigzag = start;
        int at = position;
        for (int shift = 14; shift < 35; shift += 7) {
            byte b = source.get(at++);
            zigzag |= (b & 0x7f) << shift;
            if (b >= 0) {
                return pack(zigzag, at);
            }
        }
        throw new CorruptRecordException("a number has more than five bytes");
    }

    private static long pack(int zigzag, int end) {
        return (long) ((zigzag >>> 1) ^ -(zigzag & 1)) << 32 | end;
    }

    /** The number that {@link #read} read. */
    static int value(long read) {
        return (int) (read >> 32);
    }

    /** The position behind the number that {@link #read} read. */
    static int end(long read) {
        return (int) read;
    }

    /**
     * Reads a number of up to ten bytes.
     *
     * @throws IndexOutOfBoundsException if it reaches beyond the buffer's limit
     */
    static long readLong(ByteBuffer source, int position) {
        long zigzag = 0;
        int at = position;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = source.get(at++);
            zigzag |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw new CorruptRecordException("a number has more than ten bytes");
    }

    /**
     * The position behind a number, however large.
     *
     * @throws IndexOutOfBoundsException if it reaches beyond the buffer's limit
     */
    static int skip(ByteBuffer source, int position) {
        int at = position;
        while (source.get(at) < 0) {
            at++;
        }
        return at + 1;
    }
}
