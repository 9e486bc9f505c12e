package dev.kafkaboot.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    private final Map<String, String> listeners = new LinkedHashMap<>();
    private final List<String> furtherJvmArguments = new ArrayList<>();
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

    /**
     * Lets every broker listen for clients on one more port, beside the plain one: with TLS or SASL, for example. Its address is told by
     * {@link RealKafka#bootstrapServers(String)}.
     *
     * @param name the listener's name, in upper case
     * @param securityProtocol PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
     * @param settings Kafka's properties of this listener alone, without the {@code listener.name.<name>.} that they begin with in a broker's
     *     configuration: {@code ssl.keystore.location}, {@code sasl.enabled.mechanisms}, {@code plain.sasl.jaas.config} and so on
     * @throws IllegalArgumentException if the name is not in upper case, or is PLAINTEXT or CONTROLLER, which there are already
     */
    public RealKafkaBuilder listener(String name, String securityProtocol, Map<String, String> settings) {
        if (!name.matches("[A-Z][A-Z0-9_]*") || name.equals("PLAINTEXT") || name.equals("CONTROLLER")) {
            throw new IllegalArgumentException("a listener's name must be in upper case, and neither PLAINTEXT nor CONTROLLER, not " + name);
        }
        listeners.put(name, securityProtocol);
        settings.forEach((key, value) -> property("listener.name." + name.toLowerCase(Locale.ROOT) + "." + key, value));
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

    /** Adds an argument of the brokers' JVMs: a system property, {@code -Dname=value}, for example. */
    public RealKafkaBuilder jvmArgument(String argument) {
        furtherJvmArguments.add(argument);
        return this;
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
     * Takes the broker of this release, and not that of the class path of this JVM: to test against the brokers that one runs. Its jars have to be in the
     * directory that the system property {@code kafkaboot.brokers} names ({@code target/brokers} by default): listed by a file {@code <release>.classpath}, as
     * {@code dependency:build-classpath} writes it, or in a directory {@code <release>}, such as {@code libs} of what Apache distributes.
     *
     * <p>Brokers before 3.9 run with ZooKeeper, which their jars bring. Tested with 2.8 and 3.9.
     *
     * @param release as in the names of the jars: {@code 3.9.1}
     * @throws RealKafkaException if there are no jars of this release
     */
    public RealKafkaBuilder release(String release) {
        return classPath(BrokerReleases.ofThisBuild().jarsOf(release));
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
        List<String> arguments = new ArrayList<>(forThroughput
                ? List.of("-Xmx" + maxHeap)
                : List.of("-Xmx" + maxHeap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        arguments.addAll(furtherJvmArguments);
        return List.copyOf(arguments);
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
            ports.add(portChoice.apply(taken).with(listeners.keySet(), taken));
        }
        return ports;
    }

    /** The security protocols of further listeners, by their names. */
    Map<String, String> listeners() {
        return listeners;
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
