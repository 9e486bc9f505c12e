package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerClassPathTest {

    private static final String SERVER = "kafka/server/KafkaRaftServer.class";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void classPathOfThisJvmHoldsTheServerAndNoLoggingOfTheTests() {
        assertThat(BrokerClassPath.ofThisJvm().entries())
                .extracting(Path::toString)
                .anyMatch(name -> name.contains("kafka_2.13"))
                .anyMatch(name -> name.contains("slf4j-api"))
                .noneMatch(name -> name.contains("slf4j-simple"))
                .noneMatch(name -> name.contains("log4j-core"))
                .noneMatch(name -> name.endsWith("classes"));
    }

    @Test
    void kafkaComesFirstAndWhatDisturbsItStaysOut() throws IOException {
        Path library = jar("library.jar", "org/example/Thing.class");
        Path server = jar("server.jar", SERVER);
        Path logback = jar("logback.jar", "META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
        Path settings = jar("settings.jar", "log4j2.xml", "org/example/Setting.class");
        Path spring = jar("spring.jar", "org/springframework/Bean.class");

        BrokerClassPath chosen =
                BrokerClassPath.among(List.of(directory, library, logback, settings, spring, server, directory.resolve("absent.jar")));

        assertThat(chosen.entries()).containsExactly(server, library);
    }

    @Test
    void jarThatOnlyPointsAtOthersIsFollowed() throws IOException {
        Path server = jar("the server.jar", SERVER);
        Path pointing = directory.resolve("booter.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "the%20server.jar absent.jar " + directory.toUri());
        try (OutputStream file = Files.newOutputStream(pointing)) {
            new JarOutputStream(file, manifest).close();
        }

        assertThat(BrokerClassPath.expanded(pointing.toString())).contains(pointing, server);
        assertThat(BrokerClassPath.among(BrokerClassPath.expanded(pointing.toString())).entries()).contains(server);
    }

    @Test
    void mixedVersionsOfKafkaAreRefused() throws IOException {
        Path server = jar("kafka_2.13-4.3.1.jar", SERVER);
        Path raft = jar("kafka-raft-4.2.2.jar", "org/apache/kafka/raft/RaftClient.class");

        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> BrokerClassPath.among(List.of(server, raft)))
                .withMessageContaining("4.2.2=[kafka-raft-4.2.2.jar]")
                .withMessageContaining("4.3.1=[kafka_2.13-4.3.1.jar]");
    }

    @Test
    void zooKeeperIsNeededByReleasesThatKnowItAndFormatNoDataDirectory() throws IOException {
        Path zooKeepers = jar("kafka_2.13-3.9.1.jar", SERVER, "kafka/server/KafkaServer.class");
        Path formatter = jar("kafka-metadata-3.9.1.jar", "org/apache/kafka/metadata/storage/Formatter.class");
        Path raft = jar("kafka_2.13-4.3.1.jar", SERVER);
        Path beforeRaft = jar("kafka_2.12-2.1.1.jar", "kafka/server/KafkaServer.class");

        assertThat(BrokerClassPath.among(List.of(zooKeepers)).needsZooKeeper()).isTrue();
        assertThat(BrokerClassPath.among(List.of(beforeRaft)).needsZooKeeper()).isTrue();
        assertThat(BrokerClassPath.among(List.of(zooKeepers, formatter)).needsZooKeeper()).isFalse();
        assertThat(BrokerClassPath.among(List.of(raft)).needsZooKeeper()).isFalse();
    }

    private Path jar(String name, String... entries) throws IOException {
        Path jar = directory.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : entries) {
                out.putNextEntry(new JarEntry(entry));
            }
        }
        return jar;
    }
}
