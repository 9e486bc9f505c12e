package dev.kafkaboot.client.net.sasl.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void valuesOfEveryKindAreRead() {
        Map<String, Object> read = Json.object(" {\"a\": \"x\\n\\u00e9\\\"\", \"b\":[1, -2.5, 1e3, true,false , null], \"c\":{}, \"d\": []} ");

        assertThat(read).containsExactly(
                Map.entry("a", "x\né\""), Map.entry("b", List.of(1L, -2.5, 1000.0, true, false, Json.NULL)), Map.entry("c", Map.of()), Map.entry("d", List.of()));
    }

    @Test
    void numberBeyondALongIsReadAsADouble() {
        assertThat(Json.object("{\"n\":9999999999999999999}")).containsEntry("n", Double.valueOf("9999999999999999999"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{}x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1e9999}", "{\"a\":NaN}",
        "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"", "{\"a\":1,\"a\":2}", "{'a':1}", "{\"a\":1}//", "{\"a\":tru}", "{\"a\":[1,]}", "{a:1}",
        "{\"a\":99999999999999999999}"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Json.object(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is not JSON");
    }

    @Test
    void deepNestingIsRefusedAndCostsNoStack() {
        String deep = "{\"a\":" + "[".repeat(30_000);

        assertThatThrownBy(() -> Json.object(deep)).hasMessageContaining("no more than 16 levels");
    }

    @Test
    void messageOfAFaultDoesNotRepeatTheText() {
        assertThatThrownBy(() -> Json.object("{\"access_token\":\"s3cret\"")).hasMessageNotContaining("s3cret");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertThatThrownBy(() -> Json.object(new byte[] {'{', (byte) 0xff, '}'})).hasMessage("is not UTF-8");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        String text = JsonText.of(Map.of("a", List.of("q\"\\\u0001é", 1L, true, Map.of("b", Json.NULL))));

        assertThat(Json.object(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Map.of("a", List.of("q\"\\\u0001é", 1L, true, Map.of("b", Json.NULL))));
    }
}
