package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenEndWithParentTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void killedParentTakesItsBrokersAlongEvenPausedOnes() throws Exception {
        Process parent = new ProcessBuilder(command())
                .redirectError(directory.resolve("parent.log").toFile())
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            List<ProcessHandle> brokers = List.of(brokerOf(output.readLine()), brokerOf(output.readLine()));
            assertThat(brokers).allMatch(ProcessHandle::isAlive);

            parent.destroyForcibly();

            for (ProcessHandle broker : brokers) {
                broker.onExit().get(30, TimeUnit.SECONDS);
            }
            assertThat(brokers).noneMatch(ProcessHandle::isAlive);
        } finally {
            parent.destroyForcibly();
        }
    }

    private List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                directory.toString());
    }

    private static ProcessHandle brokerOf(String line) {
        assertThat(line).as("process id that the parent prints").isNotNull();
        return ProcessHandle.of(Long.parseLong(line)).orElseThrow();
    }

    /** Starts two clusters, pauses one, prints the brokers' process ids, and waits to be killed. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] args) throws Exception {
            RealKafka running = RealKafka.builder().directory(Path.of(args[0], "running")).start();
            RealKafka paused = RealKafka.builder().directory(new File(args[0], "paused").toPath()).start();
            paused.broker(1).pause();
            System.out.println(running.broker(1).pid());
            System.out.println(paused.broker(1).pid());
            Thread.currentThread().join();
        }
    }
}
