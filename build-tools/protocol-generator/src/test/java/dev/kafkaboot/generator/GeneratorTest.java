package dev.kafkaboot.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {

    @TempDir
    private Path folder;

    private Path definitions;
    private Path sources;
    private Path message;

    @BeforeEach
    void generateOnce() throws Exception {
        definitions = Files.createDirectory(folder.resolve("definitions"));
        sources = folder.resolve("sources");
        message = sources.resolve("dev/kafkaboot/protocol/message/PingRequest.java");
        define("PingRequest", "0-1");
        define("GoneRequest", "none");
        run();
    }

    @Test
    void everyMessageWithAVersionIsWrittenAndTheEnumOfAllApis() {
        assertThat(message).exists();
        assertThat(message.resolveSibling("package-info.java")).exists();
        assertThat(message.resolveSibling("GoneRequest.java")).doesNotExist();
        assertThat(sources.resolve("dev/kafkaboot/protocol/ApiKey.java")).content().contains("PING(").doesNotContain("GONE(");
    }

    @Test
    void aFileThatWouldBeTheSameIsLeftAlone() throws Exception {
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(message, old);

        run();

        assertThat(Files.getLastModifiedTime(message)).isEqualTo(old);
    }

    @Test
    void aFileThatChangesIsWrittenAgain() throws Exception {
        define("PingRequest", "0-2");

        run();

        assertThat(message).content().contains("HIGHEST_VERSION = 2;");
    }

    @Test
    void theClassOfADefinitionThatIsGoneIsDeleted() throws Exception {
        define("PongRequest", "0");
        Files.delete(definitions.resolve("PingRequest.json"));

        run();

        assertThat(message).doesNotExist();
        assertThat(message.resolveSibling("PongRequest.java")).exists();
    }

    @Test
    void aFolderWithoutDefinitionsIsAnError() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThatThrownBy(() -> Generator.main(new String[] {empty.toString(), sources.toString()}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no definition in " + empty);
        assertThatThrownBy(() -> Generator.main(new String[0])).hasMessageStartingWith("Two arguments are needed");
    }

    private void define(String name, String versions) throws Exception {
        Files.writeString(definitions.resolve(name + ".json"), """
                { "type": "request", "name": "%s", "apiKey": 1, "validVersions": "%s", "flexibleVersions": "0+", "fields": [] }
                """.formatted(name, versions));
    }

    private void run() throws Exception {
        Generator.main(new String[] {definitions.toString(), sources.toString()});
    }
}
