package dev.kafkaboot.test;

import dev.kafkaboot.test.broker.BrokerLogProvider;
import dev.kafkaboot.test.broker.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One child JVM that runs one broker, or the ZooKeeper of old ones.
 *
 * <p>The child's standard input stays open for as long as this JVM lives; the child halts when it ends. So it never outlives this JVM.
 */
final class BrokerProcess {

    private final Process process;

    /** True once the child says that it started, false if it ends without. */
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();

    private BrokerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts the child; it is not ready yet.
     *
     * @param mainClass one that runs its server as a {@link ChildProcess}
     * @param mainArguments what it takes after the log file
     */
    static BrokerProcess launch(
            String classPath, List<String> jvmArguments, BrokerDirectory directory, Class<?> mainClass, List<String> mainArguments) {
        List<String> arguments = new ArrayList<>(jvmArguments);
        arguments.add("-XX:+DisplayVMOutputToStderr");
        arguments.add("-Djava.awt.headless=true");
        arguments.add("-Djava.io.tmpdir=" + directory.temporary());
        arguments.add("-Dslf4j.provider=" + BrokerLogProvider.class.getName());
        arguments.add("-Dslf4j.internal.verbosity=WARN");
        arguments.add("-Dlog4j2.StatusLogger.level=OFF");
        arguments.addAll(List.of("-cp", classPath, mainClass.getName(), directory.log().toString()));
        arguments.addAll(mainArguments);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(java, "@" + directory.writeArguments(arguments))
                .redirectError(ProcessBuilder.Redirect.appendTo(directory.log().toFile()))
                .directory(directory.root().toFile());
        // What these hold (agents, debuggers, heap sizes) is meant for the JVM under test.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"));
        try {
            BrokerProcess launched = new BrokerProcess(builder.start());
            launched.watchForStart();
            return launched;
        } catch (IOException failure) {
            throw new RealKafkaException("cannot run " + java, failure);
        }
    }

    /** Completes with true once the server answers requests, with false if the child ends before that. */
    CompletableFuture<Boolean> started() {
        return started;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code, in the shell's form: 128 and the signal's number after a signal. Waits for the end. */
    int exitCode() {
        return process.onExit().join().exitValue();
    }

    /** SIGKILL, and waits for the end. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM; SIGKILL if that has not ended the process in time. Waits for the end. */
    void terminate(Duration grace) {
        // Process.destroy would also close the child's standard input, and the child would halt at once.
        process.toHandle().destroy();
        try {
            if (process.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    private void watchForStart() {
        Thread watch = new Thread(this::readOutput, "broker-" + pid() + "-start");
        watch.setDaemon(true);
        watch.start();
    }

    private void readOutput() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(ChildProcess.STARTED)) {
                    started.complete(true);
                }
            }
        } catch (IOException closed) {
            // As good as the end of the output.
        }
        started.complete(false);
    }
}
