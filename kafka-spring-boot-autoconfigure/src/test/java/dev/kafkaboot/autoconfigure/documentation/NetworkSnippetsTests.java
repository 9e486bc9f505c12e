package dev.kafkaboot.autoconfigure.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.FakeKafkaServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/network.md shows. */
@Timeout(120)
class NetworkSnippetsTests {

    private static final String PAGE = "docs/network.md";

    private final SnippetCompiler compiler;

    NetworkSnippetsTests(@TempDir Path directory) {
        compiler = new SnippetCompiler(directory, "java.net.*");
    }

    private static String code(int number) {
        return Snippet.of(PAGE, number).code();
    }

    @Test
    void proxyIsConfigured() throws Exception {
        Object closed = compiler.run(code(1) + "producer.close();\nreturn \"closed\";", "");

        assertThat(closed).isEqualTo("closed");
    }

    @Test
    void addressMapIsAFunction() throws Exception {
        Object reached = compiler.run(code(2) + """
                return List.of(byBroker.reach(new HostPort("b1.internal", 9092)), byBroker.reach(new HostPort("b1", 9092)) == null);
                """, "");

        assertThat(reached).hasToString("[gateway.example.com:29092, true]");
    }

    @Test
    void namesAreLookedUpElsewhere() throws Exception {
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            String port = kafka.bootstrapServers().substring(kafka.bootstrapServers().lastIndexOf(':'));

            Object topics = compiler.run(code(3).replace(":9092", port) + """
                    try (admin) {
                        return admin.topics().list().join();
                    }
                    """, """
                    static final class Registry {
                        List<InetAddress> addresses(String host) {
                            return List.of(InetAddress.getLoopbackAddress());
                        }
                    }
                    static final Registry registry = new Registry();
                    """);

            assertThat(topics).hasToString("[]");
        }
    }
}
