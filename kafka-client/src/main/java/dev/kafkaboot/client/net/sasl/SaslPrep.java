package dev.kafkaboot.client.net.sasl;

import java.text.Normalizer;

/**
 * SASLprep (RFC 4013): two texts that look the same to those who type them become the same bytes.
 *
 * <p>Code points that Unicode 3.2 had not assigned are let through, as in a query (RFC 3454, 7): it is the server that stores.
 */
final class SaslPrep {

    /** Tables of RFC 3454: pairs of first and last code point, in ascending order. C.1.2, spaces. */
    private static final int[] SPACES = {0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200B, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000};

    /** B.1, what is commonly mapped to nothing. */
    private static final int[] NOTHING = {
        0xAD, 0xAD, 0x34F, 0x34F, 0x1806, 0x1806, 0x180B, 0x180D, 0x200C, 0x200D, 0x2060, 0x2060, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF};

    /** C.2.1, C.2.2, C.6, C.7, C.8 and C.9: control characters, and what is of no use in a text or changes how it looks. */
    private static final int[] CONTROLS = {
        0x0, 0x1F, 0x7F, 0x9F, 0x340, 0x341, 0x6DD, 0x6DD, 0x70F, 0x70F, 0x180E, 0x180E, 0x200C, 0x200F, 0x2028, 0x202E, 0x2060, 0x2063,
        0x206A, 0x206F, 0x2FF0, 0x2FFB, 0xFEFF, 0xFEFF, 0xFFF9, 0xFFFD, 0x1D173, 0x1D17A, 0xE0001, 0xE0001, 0xE0020, 0xE007F};

    private SaslPrep() {}

    /**
     * Prepares a text.
     *
     * @throws IllegalArgumentException if it holds what it must not; the message names the code point and not the text
     */
    static String prepare(String text) {
        if (isPlainAscii(text)) {
            return text;
        }
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (isIn(SPACES, codePoint)) { // U+200B is in both tables; the spaces come first in RFC 4013, 2.1
                mapped.append(' ');
            } else if (!isIn(NOTHING, codePoint)) {
                mapped.appendCodePoint(codePoint);
            }
        });
        String normalized = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        normalized.codePoints().forEach(SaslPrep::refuseProhibited);
        refuseMixedDirections(normalized);
        return normalized;
    }

    private static boolean isPlainAscii(String text) {
        return text.chars().allMatch(character -> character >= ' ' && character <= '~');
    }

    private static boolean isIn(int[] ranges, int codePoint) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (codePoint <= ranges[i + 1]) {
                return codePoint >= ranges[i];
            }
        }
        return false;
    }

    private static void refuseProhibited(int codePoint) {
        int type = Character.getType(codePoint);
        boolean isNoCharacter = (codePoint & 0xFFFE) == 0xFFFE || codePoint >= 0xFDD0 && codePoint <= 0xFDEF; // C.4
        boolean isPrivateOrSurrogate = type == Character.PRIVATE_USE || type == Character.SURROGATE; // C.3, C.5
        if (isNoCharacter || isPrivateOrSurrogate || isIn(SPACES, codePoint) || isIn(CONTROLS, codePoint)) {
            throw new IllegalArgumentException(String.format("it holds the character U+%04X, which SASLprep prohibits (RFC 4013)", codePoint));
        }
    }

    /** RFC 3454, 6: what reads from right to left does so from its first character to its last. */
    private static void refuseMixedDirections(String text) {
        boolean fromRight = text.codePoints().anyMatch(SaslPrep::isFromRight);
        if (!fromRight) {
            return;
        }
        boolean fromLeft = text.codePoints().anyMatch(codePoint -> Character.getDirectionality(codePoint) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
        boolean isWhole = isFromRight(text.codePointAt(0)) && isFromRight(text.codePointBefore(text.length()));
        if (fromLeft || !isWhole) {
            throw new IllegalArgumentException("it mixes characters that read from right to left with others, which SASLprep prohibits (RFC 4013)");
        }
    }

    private static boolean isFromRight(int codePoint) {
        byte direction = Character.getDirectionality(codePoint);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
