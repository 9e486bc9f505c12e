package dev.kafkaboot.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionReaderTest {

    @Test
    void aDefinitionIsReadWithItsCommentsNestedAndCommonStructures() throws Exception {
        MessageDefinition message = example();

        assertThat(message.name()).isEqualTo("OrdersRequest");
        assertThat(message.apiName()).isEqualTo("Orders");
        assertThat(message.apiKey()).isEqualTo(900);
        assertThat(message.latestVersionUnstable()).isTrue();
        assertThat(message.top().versions()).hasToString("0-3");
        assertThat(message.top().flexible()).hasToString("2-3");
        assertThat(message.nested()).extracting(Struct::name).containsExactly("Line", "Money");
        assertThat(message.struct("Money").versions()).as("the last version of the message ends an open range").hasToString("3");
    }

    @Test
    void theLeastSizeIsThatOfTheSmallestVersion() throws Exception {
        MessageDefinition message = example();

        assertThat(new MinimumSize(message).of(message.struct("Line"))).as("an identifier and nothing else, before version 2").isEqualTo(16);
        assertThat(new MinimumSize(message).of(message.struct("Money"))).as("a number and the count of tagged fields").isEqualTo(9);
    }

    @Test
    void aMessageWhoseVersionsAreAllRemovedIsNone() {
        assertThat(DefinitionReader.parse("{ \"type\": \"request\", \"name\": \"OldRequest\", \"apiKey\": 4, \"validVersions\": \"none\" }")).isNull();
    }

    @Test
    void whatThisGeneratorDoesNotKnowIsNamedWithItsFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("NewRequest.json"), """
                { "type": "request", "name": "NewRequest", "apiKey": 1, "validVersions": "0", "flexibleVersions": "0+",
                  "fields": [ { "name": "Huge", "type": "int128", "versions": "0+" } ] }
                """);

        assertThatThrownBy(() -> DefinitionReader.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("NewRequest.json", "'int128' is not a type that this generator knows");
    }

    @Test
    void aFieldThatIsTaggedInSomeOfItsVersionsOnlyIsRefused() {
        assertThatThrownBy(() -> DefinitionReader.parse("""
                { "type": "data", "name": "Half", "validVersions": "0-2", "flexibleVersions": "0+",
                  "fields": [ { "name": "A", "type": "int8", "versions": "0+", "tag": 0, "taggedVersions": "1+" } ] }
                """)).hasMessage("Half.A is tagged in some of its versions only");
    }

    @Test
    void everyDefaultBecomesAJavaConstant() {
        assertThat(defaultOf("int32", "\"0x7fffffff\"")).isEqualTo("Integer.MAX_VALUE");
        assertThat(defaultOf("int32", "\"-2147483648\"")).isEqualTo("Integer.MIN_VALUE");
        assertThat(defaultOf("int32", "-1")).isEqualTo("-1");
        assertThat(defaultOf("int64", "\"9223372036854775807\"")).isEqualTo("Long.MAX_VALUE");
        assertThat(defaultOf("int64", "\"5000000000\"")).isEqualTo("5000000000L");
        assertThat(defaultOf("bool", "\"true\"")).isEqualTo("true");
        assertThat(defaultOf("bool", "false")).isEqualTo("false");
        assertThat(defaultOf("string", "\"latest\"")).isEqualTo("\"latest\"");
        assertThat(defaultOf("float64", "\"1.5\"")).isEqualTo("1.5");
    }

    private static String defaultOf(String type, String json) {
        MessageDefinition message = Objects.requireNonNull(DefinitionReader.parse("""
                { "type": "data", "name": "One", "validVersions": "0", "flexibleVersions": "0+",
                  "fields": [ { "name": "A", "type": "TYPE", "versions": "0+", "default": JSON } ] }
                """.replace("TYPE", type).replace("JSON", json)));
        return message.top().fields().get(0).defaultValue();
    }

    static MessageDefinition example() throws Exception {
        Path file = Path.of(Objects.requireNonNull(DefinitionReaderTest.class.getResource("OrdersRequest.json")).toURI());
        return Objects.requireNonNull(DefinitionReader.read(file));
    }

    static List<MessageDefinition> examples() throws Exception {
        return List.of(example());
    }
}
