package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeClassPathTests {

    @Test
    void theApplicationRunsWithoutAnyArtifactOfApacheKafka() throws IOException {
        List<String> runtime = List.of(Files.readString(Path.of("target/runtime-classpath.txt")).split(File.pathSeparator, -1));

        assertThat(runtime).anyMatch(entry -> entry.contains("kafka-client")).noneMatch(entry -> entry.contains(Path.of("org/apache/kafka").toString()));
    }
}
