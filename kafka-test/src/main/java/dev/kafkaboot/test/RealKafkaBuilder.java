package dev.kafkaboot.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Configures a {@link RealKafka}. Not thread-safe; may be used again. */
public final class RealKafkaBuilder {

    private static final Duration DEFAULT_START_TIMEOUT = Duration.ofMinutes(3);

    private int brokers = 1;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<Integer, Map<String, String>> brokerProperties = new HashMap<>();
    private String maxHeap = "256m";
    private boolean forThroughput;
    private Duration startTimeout = DEFAULT_START_TIMEOUT;
    private @Nullable Path directory;
    private @Nullable List<Path> classPath;
    private Function<Set<Integer>, BrokerPorts> portChoice = BrokerPorts::choose;

    RealKafkaBuilder() {}

    /**
     * How many brokers, each of them a controller as well. One by default.
     *
     * @throws IllegalArgumentException if it is less than one
     */
    public RealKafkaBuilder brokers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a cluster needs at least one broker, not " + count);
        }
        brokers = count;
        return this;
    }

    /** Sets a broker property of Kafka on every broker. */
    public RealKafkaBuilder property(String key, String value) {
        properties.put(key, value);
        return this;
    }

    /** Sets broker properties of Kafka on every broker. */
    public RealKafkaBuilder properties(Map<String, String> values) {
        properties.putAll(values);
        return this;
    }

    /**
     * Sets a broker property of Kafka on one broker.
     *
     * @param id the node id, from 1
     */
    public RealKafkaBuilder brokerProperty(int id, String key, String value) {
        brokerProperties.computeIfAbsent(id, unused -> new LinkedHashMap<>()).put(key, value);
        return this;
    }

    /** The heap of each broker, as {@code -Xmx} takes it; 256m by default. */
    public RealKafkaBuilder maxHeap(String size) {
        maxHeap = size;
        return this;
    }

    /** Lets the brokers' JVMs optimise fully and gives them 1 GB of heap: for measuring, at the cost of a slower start. */
    public RealKafkaBuilder forThroughput() {
        forThroughput = true;
        return maxHeap("1g");
    }

    /** How long the start of the cluster, or of a broker, may take: three minutes by default, because a busy machine is not an error. */
    public RealKafkaBuilder startTimeout(Duration timeout) {
        startTimeout = timeout;
        return this;
    }

    /** Keeps configuration, logs and data in this directory, also after the end, and not in a temporary one. Old data is deleted at the start. */
    public RealKafkaBuilder directory(Path path) {
        directory = path;
        return this;
    }

    /** Takes the broker from these jars and not from the class path of this JVM: another version of Kafka, for example. */
    public RealKafkaBuilder classPath(List<Path> jars) {
        classPath = List.copyOf(jars);
        return this;
    }

    /**
     * Starts the cluster and returns when every broker answers requests and knows the others.
     *
     * @throws RealKafkaException if there is no Kafka server on the class path, or if it does not start; the message shows its log
     */
    public RealKafka start() {
        return new RealKafka(this);
    }

    /** The user's settings for one broker. */
    Map<String, String> propertiesOf(int id) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.putAll(brokerProperties.getOrDefault(id, Map.of()));
        return all;
    }

    List<String> jvmArguments() {
        return forThroughput
                ? List.of("-Xmx" + maxHeap)
                : List.of("-Xmx" + maxHeap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    }

    /** For tests of what happens when a chosen port is taken. */
    RealKafkaBuilder portChoice(Function<Set<Integer>, BrokerPorts> choice) {
        portChoice = choice;
        return this;
    }

    /** The ports of every broker, chosen anew by each call. */
    List<BrokerPorts> choosePorts() {
        Set<Integer> taken = new HashSet<>();
        List<BrokerPorts> ports = new ArrayList<>();
        for (int id = 1; id <= brokers; id++) {
            ports.add(portChoice.apply(taken));
        }
        return ports;
    }

    Duration startTimeout() {
        return startTimeout;
    }

    @Nullable Path directory() {
        return directory;
    }

    BrokerClassPath brokerClassPath() {
        return classPath == null ? BrokerClassPath.ofThisJvm() : BrokerClassPath.among(classPath);
    }
}
