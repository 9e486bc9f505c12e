package dev.kafkaboot.client.net.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 4013, 3, and the tables of RFC 3454 at their edges. */
class SaslPrepTest {

    @ParameterizedTest
    @CsvSource({
        "I\u00ADX, IX", // RFC 4013, 3, example 1
        "user, user",
        "USER, USER",
        "\u00AA, a",
        "\u2168, IX",
        "a\u00A0b, 'a b'",
        "a\u3000b, 'a b'",
        "a\u200Bb, 'a b'",
        "a\u200Db, ab",
        "p\uFE0Fq, pq",
        "u\u0308, \u00FC",
        "\uFB01, fi",
        "\u06271\u0628, \u06271\u0628"
    })
    void textsThatLookTheSameBecomeTheSame(String text, String prepared) {
        assertThat(SaslPrep.prepare(text)).isEqualTo(prepared);
    }

    @ParameterizedTest
    @ValueSource(ints = {
        0x00, 0x07, 0x1F, 0x7F, 0x80, 0x9F, 0x6DD, 0x70F, 0x180E, 0x200E, 0x200F, 0x2028, 0x202A, 0x202E, 0x2061, 0x2063, 0x206A, 0x206F, 0x2FF0, 0x2FFB,
        0xE000, 0xF8FF, 0xFDD0, 0xFDEF, 0xFFF9, 0xFFFD, 0xFFFE, 0xFFFF, 0x1D173, 0x1D17A, 0x1FFFE, 0xE0001, 0xE0020, 0xE007F, 0xF0000, 0x10FFFF})
    void prohibitedCharactersAreNamedAndTheTextIsNot(int codePoint) {
        String text = "se" + Character.toString(codePoint) + "cret";

        assertThatThrownBy(() -> SaslPrep.prepare(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.format("U+%04X", codePoint))
                .hasMessageNotContaining("cret");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x7E, 0xA1, 0x342, 0x6DE, 0x2010, 0x2027, 0x202F, 0x2070, 0x2FFC, 0xFFFC - 0x10, 0x1D17B, 0x1F600})
    void whatLiesBesideTheTablesIsAllowed(int codePoint) {
        assertThat(SaslPrep.prepare("a" + Character.toString(codePoint) + "a")).startsWith("a").endsWith("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u06271", "1\u0627", "\u0627a\u0628", "a\u05D0"})
    void directionsAreNotMixed(String text) {
        assertThatThrownBy(() -> SaslPrep.prepare(text)).hasMessageContaining("right to left");
    }
}
