package dev.kafkaboot.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MessageWriterTest {

    @Test
    void aSmallDefinitionBecomesTheClassThatIsKeptBesideIt() throws Exception {
        String source = MessageWriter.write(DefinitionReaderTest.example());

        assertThat(source).isEqualTo(resource("OrdersRequest.java.txt"));
    }

    @Test
    void theEnumTellsVersionsAndWhichOfThemAreStable() throws Exception {
        String source = ApiKeyWriter.write(DefinitionReaderTest.examples());

        assertThat(source).contains("    /** Orders, versions 0-3. */\n    ORDERS(900, 0, 3, true, 2);\n");
    }

    @Test
    void aTextThatMayHoldAPasswordIsNotShown() {
        MessageDefinition message = Objects.requireNonNull(DefinitionReader.parse("""
                { "type": "data", "name": "IncrementalAlterConfigsRequest", "validVersions": "0", "flexibleVersions": "0+",
                  "fields": [ { "name": "Configs", "type": "[]AlterableConfig", "versions": "0+", "fields": [
                    { "name": "Name", "type": "string", "versions": "0+" },
                    { "name": "Value", "type": "string", "versions": "0+", "nullableVersions": "0+" } ] } ] }
                """));

        assertThat(MessageWriter.write(message)).contains("+ \", value=\" + (value == null ? null : \"****\")");
    }

    private static String resource(String name) throws Exception {
        try (InputStream in = Objects.requireNonNull(MessageWriterTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
