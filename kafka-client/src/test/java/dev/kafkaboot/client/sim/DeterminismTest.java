package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed makes the same run, line by line: again, and in another JVM, where hash codes and the order of immutable sets are others. */
class DeterminismTest {

    private static final long SEED = 42;

    private static List<String> run(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            simulation.log().keepAll();
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
            network.tell(cluster -> cluster.createTopic("orders", 4));
            History history = new History(simulation::nowNanos);
            simulation.process("client", network, Map.of(), process -> ConnectionsUnderFaultsTest.askAgainAndAgain(process, new AtomicInteger()));
            simulation.process("producer", network, Map.of(), new SendingApplication(history, "orders", 4, Map.of("compression.type", "gzip")));
            for (int i = 1; i <= 3; i++) {
                Map<String, Object> config = Map.of("auto.offset.reset", "earliest", "session.timeout.ms", 6_000, "heartbeat.interval.ms", 1_000,
                        "partition.assignment.strategy", "cooperative-sticky");
                simulation.process("member-" + i, network, Map.of(), new GroupApplication(history, "orders", "billing", config));
            }
            Faults faults = new Faults(network, EnumSet.allOf(Faults.Fault.class)).topic("orders", 4).topic("__consumer_offsets", 50).start();
            simulation.run(Duration.ofMinutes(2));
            faults.heal();
            simulation.run(Duration.ofMinutes(1));
            List<String> lines = new ArrayList<>(simulation.log().all());
            lines.addAll(history.text().lines().toList());
            return lines;
        }
    }

    @Test
    void sameSeedMakesTheSameRunAgain() {
        List<String> first = run(SEED);
        List<String> second = run(SEED);

        assertThat(first).hasSizeGreaterThan(1_000);
        assertThat(second).isEqualTo(first);
    }

    @Test
    void anotherSeedMakesAnotherRun() {
        assertThat(run(SEED + 1)).isNotEqualTo(run(SEED));
    }

    @Test
    void sameSeedMakesTheSameRunInAnotherJvm(@TempDir Path directory) throws Exception {
        Path out = directory.resolve("log");
        Process child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dslf4j.provider=" + ClientLogProvider.class.getName(),
                "-cp", System.getProperty("java.class.path"),
                DeterminismTest.class.getName(), out.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();

        assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(child.exitValue()).as(() -> read(directory.resolve("output"))).isZero();
        assertThat(read(out)).isEqualTo(String.join("\n", run(SEED)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs in a JVM of its own: writes the log of the run to a file. */
    public static void main(String[] args) throws IOException {
        Files.write(Path.of(args[0]), String.join("\n", run(SEED)).getBytes(StandardCharsets.UTF_8));
    }
}
