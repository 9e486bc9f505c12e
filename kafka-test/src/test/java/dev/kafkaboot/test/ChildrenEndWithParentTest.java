package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
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
        try (Parent parent = new Parent("paused")) {
            ProcessHandle running = parent.broker();
            ProcessHandle paused = parent.broker();
            assertThat(List.of(running, paused)).allMatch(ProcessHandle::isAlive);

            parent.kill();

            running.onExit().get(30, TimeUnit.SECONDS);
            paused.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void parentThatEndsWithoutClosingLeavesNeitherBrokersNorData() throws Exception {
        try (Parent parent = new Parent("leave")) {
            ProcessHandle broker = parent.broker();

            parent.letGo();
            parent.awaitEnd();

            assertThat(broker.isAlive()).isFalse();
            assertThat(directory.toFile().list()).containsExactly("parent.log");
        }
    }

    /** Another JVM that uses {@link RealKafka}, with its temporary directory in ours. */
    private final class Parent implements AutoCloseable {

        private final Process process;
        private final BufferedReader output;

        Parent(String behaviour) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Djava.io.tmpdir=" + directory,
                            "-cp",
                            System.getProperty("java.class.path"),
                            ParentMain.class.getName(),
                            behaviour)
                    .redirectError(directory.resolve("parent.log").toFile())
                    .start();
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        ProcessHandle broker() throws IOException {
            String line = output.readLine();
            assertThat(line).as("process id that the parent prints").isNotNull();
            return ProcessHandle.of(Long.parseLong(line)).orElseThrow();
        }

        void kill() throws Exception {
            process.destroyForcibly().onExit().get(30, TimeUnit.SECONDS);
        }

        void letGo() throws IOException {
            process.getOutputStream().close();
        }

        void awaitEnd() throws Exception {
            process.onExit().get(30, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** Prints the process ids of its brokers; then it waits to be killed, with one of two paused, or leaves without closing once it is let go. */
    static final class ParentMain {

        private ParentMain() {}

        public static void main(String[] args) throws Exception {
            RealBroker running = RealKafka.start().broker(1);
            System.out.println(running.pid());
            if (args[0].equals("paused")) {
                RealBroker paused = RealKafka.start().broker(1);
                paused.pause();
                System.out.println(paused.pid());
                Thread.currentThread().join();
            }
            System.in.read(); // the broker ends with this JVM: whoever looks for it must have found it by then
        }
    }
}
