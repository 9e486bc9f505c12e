package dev.kafkaboot.record;

import java.nio.ByteBuffer;

/** Writes text as UTF-8 straight into a buffer, with what {@link String#getBytes} would make of it but without making it. */
final class Utf8 {

    private static final byte REPLACEMENT = '?';

    private Utf8() {}

    /** How many bytes a text has. */
    static int size(String text) {
        int length = text.length();
        int size = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                size++;
            } else if (!Character.isSurrogate(c)) {
                size += 2;
            } else if (isPair(text, i)) {
                // Two chars, four bytes.
                size += 2;
                i++;
            }
        }
        return size;
    }

    /** Writes a text. */
    static void put(ByteBuffer target, String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                target.put((byte) c);
            } else if (c < 0x800) {
                target.put((byte) (0xc0 | c >> 6));
                target.put(tail(c));
            } else if (!Character.isSurrogate(c)) {
                target.put((byte) (0xe0 | c >> 12));
                target.put(tail(c >> 6));
                target.put(tail(c));
            } else if (isPair(text, i)) {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                target.put((byte) (0xf0 | codePoint >> 18));
                target.put(tail(codePoint >> 12));
                target.put(tail(codePoint >> 6));
                target.put(tail(codePoint));
            } else {
                target.put(REPLACEMENT);
            }
        }
    }

    private static byte tail(int bits) {
        return (byte) (0x80 | bits & 0x3f);
    }

    private static boolean isPair(String text, int index) {
        return index + 1 < text.length() && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1));
    }
}
