package dev.kafkaboot.test;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The versions of the Kafka libraries on one class path. They must all be the same: a dependency management that pins some of
 * them, as Spring Boot's does, easily mixes two, and such a broker fails in strange ways.
 */
final class KafkaVersions {

    /** Only the server's file name has its Scala version in it, and only the clients' manifest tells Kafka's. */
    private static final Pattern JAR = Pattern.compile("kafka(?:_\\d\\.\\d+|-[a-z-]+)-(\\d+(?:\\.\\d+)+)\\.jar");

    private final Map<String, Set<String>> jarsByVersion = new TreeMap<>();

    /** Notes the version in the name of one of Kafka's own jars; other names are ignored. */
    void add(String jarName) {
        Matcher matcher = JAR.matcher(jarName);
        if (matcher.matches()) {
            jarsByVersion.computeIfAbsent(matcher.group(1), unused -> new TreeSet<>()).add(jarName);
        }
    }

    /**
     * Checks that no two versions were noted.
     *
     * @throws RealKafkaException naming the versions and their jars
     */
    void requireOne() {
        if (jarsByVersion.size() > 1) {
            throw new RealKafkaException("The class path mixes several versions of Kafka's libraries: " + jarsByVersion
                    + ". Give all artifacts of org.apache.kafka one version: in Maven's dependencyManagement, or by the property kafka.version"
                    + " where Spring Boot's parent manages them.");
        }
    }
}
