package dev.kafkaboot.autoconfigure.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/share-consumer.md shows. */
class ShareConsumerSnippetsTests {

    /** Compiled only: the fake Kafka has no share groups yet. The same calls run on a real one in the client's own tests. */
    @Test
    void recordsAreAcknowledgedOneByOne(@TempDir Path directory) throws Exception {
        Class<?> compiled = new SnippetCompiler(directory).compile("Shipping", """
                abstract class Shipping {
                    final org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger("shipping");
                    volatile boolean running = true;
                    abstract void handle(ConsumerRecord<String, String> record) throws java.io.IOException;
                    void run() {
                """ + Snippet.of("docs/share-consumer.md", 1).code().replace("IOException", "java.io.IOException") + "}\n}\n");

        assertThat(compiled.getSimpleName()).isEqualTo("Shipping");
    }
}
