package dev.kafkaboot.client.net.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JaasReaderTest {

    @Test
    void readsTheModuleAndItsOptionsInOrder() {
        JaasLogin login = JaasReader.read("""
                org.example.Module required
                  username="alice"   // who
                  password='it''s' /* not
                  shown */ tokenauth=true;
                """.replace("it''s", "it\\'s"));

        assertThat(login.module()).isEqualTo("org.example.Module");
        assertThat(login.options()).containsExactly(entry("username", "alice"), entry("password", "it's"), entry("tokenauth", "true"));
        assertThat(login.toString()).contains("password").doesNotContain("it's");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"a;b=c //d\"   | a;b=c //d",
        "\"a\\\"b\"      | a\"b",
        "\"a\\\\b\"      | a\\b",
        "'a\"b'          | a\"b",
        "\"\\101\\7\\400\" | A\u0007 0",
        "1234            | 1234",
        "a\\b            | a\\b",
        "\"\\x\"         | x"
    })
    void valuesAreQuotedAndEscapedAsInJava(String value, String expected) {
        assertThat(JaasReader.read("m.M required password=" + value + ";").options()).containsExactly(entry("password", expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``                                    | class name of a login module at character 1, where it ends",
        "m.M                                   | 'required' behind the name",
        "m.M always x=y;                       | 'required' behind the name",
        "m.M required password=s3cret          | ';' behind the last one at character 29, where it ends",
        "m.M required password \"s3cret\";     | '=' behind the name of an option at character 23",
        "m.M required password=;               | a value behind '=' at character 23",
        "m.M required password=\"s3cret;       | quotation mark at character 23 without",
        "m.M required password=s3cret; n.N required; | one login module",
        "m.M required a=s3cret a=s3cret;       | option at character 23 a second time",
        "m.M required password=x s3cret=;      | a value behind '=' at character 32",
        "m.M required password=x s3cret=1 s3cret=2; | option at character 34 a second time",
        "m.M required /* password=s3cret;      | comment at character 14 that does not end"
    })
    void faultsTellThePlaceAndNoValue(String text, String fault) {
        assertThatThrownBy(() -> JaasReader.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fault)
                .hasMessageNotContaining("s3cret");
    }
}
