package dev.kafkaboot.test;

import dev.kafkaboot.test.broker.BrokerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Apache Kafka for tests: one broker or several, each in a child JVM on loopback, from the jars on the class path. No Docker.
 *
 * <pre>{@code
 * try (RealKafka kafka = RealKafka.start()) {
 *     connectTo(kafka.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>The class path must hold {@code org.apache.kafka:kafka_2.13}, in test scope; or the broker is of another release, whose jars are elsewhere
 * ({@link RealKafkaBuilder#release}). The brokers run KRaft in combined mode, and those before Kafka 3.9 with a ZooKeeper in a JVM of its own; on free ports, on
 * data in a temporary directory that {@link #close()} deletes. They end with this JVM, however it ends. A broker starts in one to two
 * seconds, so one is best shared by many tests, each with topics and groups of its own ({@code dev.kafkaboot.test.junit} does that).
 *
 * <p>Some of the brokers' defaults differ from Apache's, for quick tests: no delay of a group's first rebalance, short bounds for
 * session and heartbeat times, three partitions for each internal topic, topics on up to three brokers unless told otherwise, three seconds
 * until a dead broker's partitions move. {@link RealKafkaBuilder#property} overrides any of them.
 *
 * <p>Thread-safe.
 */
public final class RealKafka implements TestKafka {

    private static final int ATTEMPTS_ON_PORTS = 5;
    private static final int DEFAULT_REPLICATION_FACTOR = -1;
    private static final String PORT_TAKEN = "Address already in use";

    private final BrokerClassPath libraries;
    private final String classPath;
    private final List<String> jvmArguments;
    private final Duration startTimeout;
    private final String clusterId = ClusterId.random();
    private final Path directory;
    private final boolean deleteDirectory;
    private final Thread shutdownHook = new Thread(this::end, "real-kafka-end");
    private volatile List<RealBroker> brokers = List.of();
    private volatile @Nullable ZooKeeperProcess zooKeeper;
    private volatile boolean closed;

    RealKafka(RealKafkaBuilder builder) {
        libraries = builder.brokerClassPath();
        classPath = libraries.argument();
        jvmArguments = builder.jvmArguments();
        startTimeout = builder.startTimeout();
        Path chosen = builder.directory();
        deleteDirectory = chosen == null;
        directory = chosen == null ? temporaryDirectory() : chosen.toAbsolutePath();
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        try {
            startAll(builder);
        } catch (RuntimeException | Error failure) {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
            deleteIfTemporary();
            throw failure;
        }
    }

    /** Starts one broker with the defaults. */
    public static RealKafka start() {
        return builder().start();
    }

    /** A cluster to be configured and started. */
    public static RealKafkaBuilder builder() {
        return new RealKafkaBuilder();
    }

    @Override
    public String bootstrapServers() {
        return brokers.stream().map(RealBroker::address).collect(Collectors.joining(","));
    }

    /**
     * Where the brokers listen under a name that was given to {@link RealKafkaBuilder#listener}, as {@link #bootstrapServers()}.
     *
     * @throws IllegalArgumentException if there is no such listener
     */
    public String bootstrapServers(String listener) {
        return brokers.stream().map(broker -> broker.host() + ":" + broker.port(listener)).collect(Collectors.joining(","));
    }

    /** All brokers, running or not, in the order of their ids. */
    public List<RealBroker> brokers() {
        return brokers;
    }

    /**
     * One broker.
     *
     * @param id the node id, from 1
     * @throws IllegalArgumentException if there is none of that id
     */
    public RealBroker broker(int id) {
        return brokers.stream()
                .filter(broker -> broker.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no broker " + id + " among " + brokers));
    }

    /** The cluster's id, in Kafka's base64url form. */
    public String clusterId() {
        return clusterId;
    }

    @Override
    public int brokerCount() {
        return brokers.size();
    }

    @Override
    public void killBroker(int id) {
        broker(id).kill();
    }

    @Override
    public void stopBroker(int id) {
        broker(id).stop();
    }

    @Override
    public void startBroker(int id) {
        RealBroker broker = broker(id);
        if (!broker.isRunning()) {
            broker.start();
        }
    }

    /** {@link #createTopic(String, int, int, Map)} with the brokers' default of the replication factor and no configuration. */
    @Override
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, DEFAULT_REPLICATION_FACTOR, Map.of());
    }

    /**
     * Creates a topic and returns when every running broker knows a leader for each of its partitions, and each leader serves them.
     *
     * @param replicationFactor on how many brokers each partition is kept; -1 for the default, which is one to three by the number of brokers
     * @param configs the topic's configuration, by Kafka's names
     * @throws RealKafkaException if the cluster refuses, for example because the topic exists, with its reason; or if it takes longer than
     *     the cluster's start time-out
     * @throws IllegalStateException if no broker can answer
     */
    @Override
    public void createTopic(String name, int partitions, int replicationFactor, Map<String, String> configs) {
        ClusterView view = new ClusterView(brokers, startTimeout);
        RealBroker broker = view.answering().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no broker can create topic " + name + ": all are stopped or paused"));
        try (BlockingBroker connection = new BlockingBroker(broker, startTimeout)) {
            new TopicCreation(name, partitions, replicationFactor, configs).createOn(connection, (int) startTimeout.toMillis());
        } catch (IOException failure) {
            throw new RealKafkaException("cannot create topic " + name + " on " + broker, failure);
        }
        view.awaitLeaders(name, partitions);
    }

    /** Kills the brokers and deletes their data. Does nothing the second time. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs, or has run.
        }
    }

    @Override
    public String toString() {
        return "RealKafka " + brokers;
    }

    BrokerProcess launch(BrokerDirectory broker) {
        if (closed) {
            throw new IllegalStateException("the cluster is closed");
        }
        List<String> arguments = libraries.needsZooKeeper() ? List.of(broker.properties().toString()) : List.of(broker.properties().toString(), clusterId);
        return BrokerProcess.launch(classPath, jvmArguments, broker, BrokerMain.class, arguments);
    }

    void awaitStarted(List<RealBroker> starting) {
        try {
            Startup.await(starting, startTimeout);
            new ClusterView(brokers, startTimeout).awaitRegistered();
        } catch (RealKafkaException failure) {
            starting.forEach(RealBroker::kill);
            throw failure;
        }
    }

    /** Between choosing a port and listening on it, somebody else may take it: then everything starts again on other ports. */
    private void startAll(RealKafkaBuilder builder) {
        for (int attempt = 1; ; attempt++) {
            List<RealBroker> all = prepare(builder);
            brokers = all;
            try {
                if (libraries.needsZooKeeper()) {
                    ZooKeeperProcess starting =
                            ZooKeeperProcess.launch(classPath, BrokerDirectory.prepare(directory, "zookeeper"), all.get(0).controllerPort());
                    zooKeeper = starting;
                    starting.awaitStarted(startTimeout);
                }
                all.forEach(RealBroker::launch);
                awaitStarted(all);
                return;
            } catch (RealKafkaException failure) {
                killAll();
                boolean portTaken = String.valueOf(failure.getMessage()).contains(PORT_TAKEN)
                        || all.stream().anyMatch(broker -> broker.logTail().contains(PORT_TAKEN));
                if (!portTaken || attempt == ATTEMPTS_ON_PORTS) {
                    throw failure;
                }
            }
        }
    }

    private List<RealBroker> prepare(RealKafkaBuilder builder) {
        List<BrokerPorts> ports = builder.choosePorts();
        List<RealBroker> prepared = new ArrayList<>();
        for (int id = 1; id <= ports.size(); id++) {
            BrokerDirectory home = BrokerDirectory.prepare(directory, "broker-" + id);
            new BrokerProperties(ports, id, home.data(), libraries.needsZooKeeper())
                    .listening(builder.listeners(), ports.get(id - 1))
                    .with(builder.propertiesOf(id))
                    .writeTo(home.properties());
            prepared.add(new RealBroker(this, id, ports.get(id - 1), home));
        }
        return List.copyOf(prepared);
    }

    private void end() {
        closed = true;
        killAll();
        deleteIfTemporary();
    }

    private void killAll() {
        brokers.forEach(RealBroker::kill);
        ZooKeeperProcess ofBrokers = zooKeeper;
        if (ofBrokers != null) {
            ofBrokers.kill();
        }
    }

    private void deleteIfTemporary() {
        if (deleteDirectory) {
            BrokerDirectory.delete(directory);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("real-kafka-");
        } catch (IOException failure) {
            throw new RealKafkaException("cannot make a temporary directory", failure);
        }
    }
}
