package dev.kafkaboot.test;

import dev.kafkaboot.test.broker.BrokerMain;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.slf4j.LoggerFactory;

/**
 * The part of a class path that Apache's broker needs.
 *
 * <p>What may disturb the broker stays out of the child: directories (the application and its configuration files), other logging
 * libraries, which would take over the broker's log, jars that hold a logging configuration, Spring and JUnit. The other jars stay,
 * Kafka's own in front, so that a Kafka version with other dependencies needs no change here.
 *
 * @param needsZooKeeper whether the cluster has to live on ZooKeeper, because this Kafka is too old to be started with KRaft from here
 */
record BrokerClassPath(List<Path> entries, boolean needsZooKeeper) {

    private static final String SERVER = "kafka/server/KafkaRaftServer.class";

    /** What formats a data directory since Kafka 3.9. Before 3.3 KRaft was a preview, and before 2.8 there was none. */
    private static final String FORMATTER = "org/apache/kafka/metadata/storage/Formatter.class";

    /** Is there as long as Kafka can do with ZooKeeper: until 3.9. */
    private static final String ZOOKEEPER_SERVER = "kafka/server/KafkaServer.class";

    private static final List<String> KAFKA = List.of("kafka/", "org/apache/kafka/", "scala/");

    /** Entries that a jar of Kafka's class path never has, or that it starts sooner without (the core of Log4j). */
    private static final List<String> KEPT_OUT = List.of(
            "META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
            "org/slf4j/impl/StaticLoggerBinder.class",
            "org/apache/logging/log4j/core/LoggerContext.class",
            "logback.xml",
            "logback-test.xml",
            "log4j2.xml",
            "log4j2-test.xml",
            "log4j2.properties",
            "simplelogger.properties");

    private static final List<String> KEPT_OUT_PACKAGES = List.of("org/springframework/", "org/junit/");

    BrokerClassPath {
        entries = List.copyOf(entries);
    }

    /**
     * Picks the broker's libraries out of the class path of this JVM.
     *
     * @throws RealKafkaException if there is no Kafka server among them, or Kafka libraries of several versions
     */
    static BrokerClassPath ofThisJvm() {
        // Surefire may start its JVM with a jar of its own that does nothing but point at the real class path.
        String own = Stream.of("surefire.test.class.path", "java.class.path", "jdk.module.path")
                .map(property -> System.getProperty(property, ""))
                .collect(Collectors.joining(File.pathSeparator));
        return among(expanded(own));
    }

    /** The entries of a class path, and those that the manifests of its jars point at. */
    static List<Path> expanded(String classPath) {
        Set<Path> found = new LinkedHashSet<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                addWithManifest(Path.of(entry).toAbsolutePath().normalize(), found);
            }
        }
        return List.copyOf(found);
    }

    /** As {@link #ofThisJvm()}, out of the given jars and directories. */
    static BrokerClassPath among(List<Path> candidates) {
        List<Path> kafka = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        KafkaVersions versions = new KafkaVersions();
        boolean raft = false;
        boolean formatter = false;
        boolean zooKeeper = false;
        for (Path candidate : candidates) {
            if (!Files.isRegularFile(candidate)) {
                continue;
            }
            try (JarFile jar = new JarFile(candidate.toFile())) {
                if (holdsAnyOf(jar, KAFKA)) {
                    kafka.add(candidate);
                    versions.add(String.valueOf(candidate.getFileName()));
                    raft |= jar.getEntry(SERVER) != null;
                    formatter |= jar.getEntry(FORMATTER) != null;
                    zooKeeper |= jar.getEntry(ZOOKEEPER_SERVER) != null;
                } else if (!isKeptOut(jar)) {
                    others.add(candidate);
                }
            } catch (IOException notJar) {
                // Whatever it is, Java would not load the broker from it either.
            }
        }
        if (!raft && !zooKeeper) {
            throw new RealKafkaException(
                    "There is no Kafka server on the class path. Add org.apache.kafka:kafka_2.13 to the dependencies, in test scope.");
        }
        versions.requireOne();
        kafka.addAll(others);
        return new BrokerClassPath(kafka, zooKeeper && !formatter);
    }

    /**
     * What {@code java -cp} takes, with the child's main class in front, and the SLF4J that writes its log: that of brokers before 4.0
     * does not know providers.
     */
    String argument() {
        List<Path> all = new ArrayList<>();
        all.add(locationOf(BrokerMain.class));
        all.add(locationOf(LoggerFactory.class));
        all.addAll(entries);
        return all.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isKeptOut(JarFile jar) {
        return KEPT_OUT.stream().anyMatch(name -> jar.getEntry(name) != null) || holdsAnyOf(jar, KEPT_OUT_PACKAGES);
    }

    private static boolean holdsAnyOf(JarFile jar, List<String> packages) {
        return jar.stream().map(ZipEntry::getName).anyMatch(name -> packages.stream().anyMatch(name::startsWith));
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void addWithManifest(Path entry, Set<Path> found) {
        if (!Files.exists(entry) || !found.add(entry) || Files.isDirectory(entry)) {
            return;
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            Manifest manifest = jar.getManifest();
            String classPath = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (classPath != null) {
                for (String relative : classPath.trim().split("\\s+", -1)) {
                    URI resolved = entry.toUri().resolve(relative);
                    if ("file".equals(resolved.getScheme())) {
                        addWithManifest(Path.of(resolved), found);
                    }
                }
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            // An entry that cannot be read or a reference that is no URI: Java ignores those as well.
        }
    }
}
