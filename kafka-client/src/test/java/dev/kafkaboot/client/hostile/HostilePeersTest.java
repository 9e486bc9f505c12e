package dev.kafkaboot.client.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a peer does costs one connection and a bounded amount of memory, and never the loop. */
class HostilePeersTest {

    @Test
    @Timeout(180)
    void noPeerCostsMoreThanItsConnectionInAVirtualMachineOf64Megabytes(@TempDir Path directory) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), HostilePeers.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(170, TimeUnit.SECONDS)).as("ended in time: %s", Files.readString(output)).isTrue();
            assertThat(child.exitValue()).as("exit value; it said: %s", Files.readString(output)).isZero();
            assertThat(Files.readString(output)).contains(HostilePeers.ALL_MET);
        } finally {
            child.destroyForcibly();
        }
    }
}
