package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.test.AutoConfigureRealKafka;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Types what README.md shows, and compares what comes back. Without what the commands are typed with, there is nothing to try. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRealKafka(dedicated = true)
class ReadmeTests {

    /** Where the README's commands are typed; tests run in the sample's own directory. */
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @LocalServerPort
    private int port;

    /** Before the application and its broker are started. The build itself needs none of them; {@code .ci/run} does, and fails without. */
    @BeforeAll
    static void theCommandsCanBeTyped() {
        List<String> path = List.of(System.getenv("PATH").split(File.pathSeparator, -1));

        for (String tool : List.of("bash", "curl")) {
            assumeThat(path).as("the README's commands need " + tool + ", which is not on the PATH")
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
        }
    }

    @Test
    void everyCommandPrintsWhatTheReadmeShows() throws IOException {
        List<ReadmeCommands.Step> steps = ReadmeCommands.in(ROOT.resolve("samples/orders/README.md"));

        assertThat(steps).hasSizeGreaterThan(5);
        for (ReadmeCommands.Step step : steps) {
            if (step.isLook()) {
                await(step.command()).atMost(Duration.ofSeconds(60)).untilAsserted(() -> check(step));
            } else {
                check(step);
            }
        }
    }

    private void check(ReadmeCommands.Step step) {
        assertThat(run(step.command())).as(step.command()).matches(step.expected());
    }

    private String run(String command) {
        try {
            String address = "localhost:" + port;
            ProcessBuilder builder = new ProcessBuilder("bash", "-c", command.replace("localhost:8080", address))
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true);
            builder.environment().put("ORDERS_URL", "http://" + address);
            Process shell = builder.start();
            shell.getOutputStream().close();
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
