package dev.kafkaboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where a build keeps the libraries of other brokers than the one on its test class path. */
final class BrokerReleases {

    /** The system property that names the directory. */
    static final String PROPERTY = "kafkaboot.brokers";

    private static final String DEFAULT = "target/brokers";

    private final Path directory;

    BrokerReleases(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /** Those of this build. */
    static BrokerReleases ofThisBuild() {
        return new BrokerReleases(Path.of(System.getProperty(PROPERTY, DEFAULT)));
    }

    /**
     * The jars of a release.
     *
     * @throws RealKafkaException if they are not there; the message tells where they should be and how they get there
     */
    List<Path> jarsOf(String release) {
        Path jars = directory.resolve(release);
        Path classPath = directory.resolve(release + ".classpath");
        try {
            if (Files.isRegularFile(classPath)) {
                return present(classPath, BrokerClassPath.expanded(Files.readString(classPath).trim()));
            }
            if (Files.isDirectory(jars)) {
                try (Stream<Path> files = Files.list(jars)) {
                    return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
                }
            }
        } catch (IOException failure) {
            throw new RealKafkaException("cannot read the libraries of Kafka " + release + " in " + directory, failure);
        }
        throw new RealKafkaException("There is no broker of Kafka " + release + " in " + directory + ": neither a file " + classPath.getFileName()
                + " with a class path, as Maven's dependency:build-classpath writes it, nor a directory " + jars.getFileName()
                + " with the jars. The system property " + PROPERTY + " names another directory.");
    }

    private static List<Path> present(Path classPath, List<Path> entries) {
        if (entries.isEmpty()) {
            throw new RealKafkaException("Nothing of what " + classPath + " lists is there. Write it anew: the build that did has another local repository, or none.");
        }
        return entries;
    }
}
