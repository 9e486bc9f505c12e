package dev.kafkaboot.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one broker, or the ZooKeeper of old ones, keeps what it needs: its configuration, its log and its data. */
record BrokerDirectory(Path root) {

    private static final int TAIL_LINES = 80;

    /** Makes the directory, empty but for an earlier log. */
    static BrokerDirectory prepare(Path clusterRoot, String name) {
        BrokerDirectory directory = new BrokerDirectory(clusterRoot.resolve(name));
        delete(directory.data());
        try {
            Files.createDirectories(directory.temporary());
        } catch (IOException failure) {
            throw new RealKafkaException("cannot make " + directory.root, failure);
        }
        return directory;
    }

    Path properties() {
        return root.resolve("server.properties");
    }

    Path data() {
        return root.resolve("data");
    }

    /** For what the child's libraries unpack, so that it goes when the rest goes. */
    Path temporary() {
        return root.resolve("tmp");
    }

    Path log() {
        return root.resolve("broker.log");
    }

    /** Writes the command line of the JVM to a file, because a class path may be longer than a command line can be. */
    Path writeArguments(List<String> arguments) {
        Path file = root.resolve("jvm.args");
        try {
            return Files.write(file, arguments.stream()
                    .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                    .toList());
        } catch (IOException failure) {
            throw new RealKafkaException("cannot write " + file, failure);
        }
    }

    /** The last lines of the log. */
    String logTail() {
        try {
            // Bytes that are no UTF-8 must not hide the rest.
            List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException failure) {
            return "(no log: " + failure + ")";
        }
    }

    /** Deletes a directory with all that is in it; what is gone already, or cannot be deleted, is left alone. */
    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            System.getLogger(BrokerDirectory.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot delete " + directory, failure);
        }
    }
}
