package dev.kafkaboot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the table in docs/spring-boot.md to the meters that there are. Tests run in the module's own directory. */
class MetersDocumentationTests {

    private static final String NAME = "(kafka\\.(?:client|producer|consumer|listener)\\.[a-z.]+)";

    @Test
    void everyMeterIsInTheGuideAndNoOther() throws IOException {
        String guide = Files.readString(Path.of("../docs/spring-boot.md"));
        String meters = guide.substring(guide.indexOf("## Meters"), guide.indexOf("## Tests"));

        assertThat(names(meters, "`" + NAME + "`")).isEqualTo(names(sources(), "\"" + NAME + "\""));
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/kafkaboot/autoconfigure/metrics"))) {
            return files.map(MetersDocumentationTests::read).collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
