package dev.kafkaboot.autoconfigure.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.FakeKafkaServer;
import java.io.File;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The session that docs/protocol.md shows, in JDK's own jshell, on a fake Kafka. */
@Timeout(120)
class ProtocolSnippetsTests {

    private static final String PAGE = "docs/protocol.md";

    /** What the jshell command imports by itself. */
    private static final List<String> IMPORTED = List.of("java.io.*", "java.math.*", "java.net.*", "java.nio.file.*", "java.util.*",
            "java.util.concurrent.*", "java.util.function.*", "java.util.prefs.*", "java.util.regex.*", "java.util.stream.*");

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    /** An engine within this JVM makes its own loader the thread's, and the thread runs other tests after this one. */
    @AfterEach
    void giveTheThreadItsLoaderBack() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void sessionRunsAsItIsShown() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(); JShell shell = JShell.builder().executionEngine("local").build()) {
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                shell.addToClasspath(entry);
            }
            IMPORTED.forEach(each -> run(shell, "import " + each + ";"));

            Snippet.in(PAGE).forEach(snippet -> run(shell, snippet.at(kafka.bootstrapServers())));

            assertThat(value(shell, "created")).isEqualTo("NONE");
            assertThat(value(shell, "offset")).isEqualTo("0");
            assertThat(value(shell, "values")).isEqualTo("[0: value]");
            assertThat(value(shell, "refused")).isEqualTo("OFFSET_OUT_OF_RANGE");
            assertThat(value(shell, "none.equals(Uuid.ZERO)")).isEqualTo("true");
            assertThat(value(shell, "offered.size() > 20")).isEqualTo("true");
            assertThat(value(shell, "heard.get(0)")).startsWith("\"DESCRIBE_CLUSTER from ");
        }
    }

    /** Runs what stands in a block, statement by statement, as the command does with what is typed in. */
    private static void run(JShell shell, String block) {
        String rest = block;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            assertThat(next.source()).as("complete: %s", rest).isNotNull();
            shell.eval(next.source()).forEach(event -> requireDone(shell, event));
            rest = next.remaining();
        }
    }

    private static void requireDone(JShell shell, SnippetEvent event) {
        List<String> problems = shell.diagnostics(event.snippet()).map(each -> each.getMessage(null)).toList();
        assertThat(event.status()).as("%s: %s", event.snippet().source(), problems).isEqualTo(Status.VALID);
        assertThat(event.exception()).as(event.snippet().source()).isNull();
    }

    private static String value(JShell shell, String expression) {
        return shell.eval(expression).get(0).value();
    }
}
