package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerReleasesTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void jarsAreThoseThatTheFileOfTheReleaseLists() throws IOException {
        Path server = Files.createFile(directory.resolve("kafka_2.13-3.9.1.jar"));
        Path clients = Files.createFile(directory.resolve("kafka-clients-3.9.1.jar"));
        Files.writeString(directory.resolve("3.9.1.classpath"), server + File.pathSeparator + clients + "\n");

        assertThat(new BrokerReleases(directory).jarsOf("3.9.1")).containsExactly(server, clients);
    }

    @Test
    void jarsAreThoseInTheDirectoryOfTheRelease() throws IOException {
        Path libraries = Files.createDirectory(directory.resolve("2.8.2"));
        Path server = Files.createFile(libraries.resolve("kafka_2.13-2.8.2.jar"));
        Files.createFile(libraries.resolve("kafka_2.13-2.8.2.jar.asc"));

        assertThat(new BrokerReleases(directory).jarsOf("2.8.2")).containsExactly(server);
    }

    @Test
    void absentReleaseTellsWhereItShouldBe() {
        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> new BrokerReleases(directory).jarsOf("3.9.1"))
                .withMessageContaining("no broker of Kafka 3.9.1 in " + directory)
                .withMessageContaining("3.9.1.classpath")
                .withMessageContaining("dependency:build-classpath")
                .withMessageContaining("kafkaboot.brokers");
    }

    @Test
    void listOfJarsThatAreGoneIsToldAsSuch() throws IOException {
        Path list = Files.writeString(directory.resolve("3.9.1.classpath"), directory.resolve("gone.jar").toString());

        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> new BrokerReleases(directory).jarsOf("3.9.1"))
                .withMessageContaining("Nothing of what " + list + " lists is there");
    }
}
