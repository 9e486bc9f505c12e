package dev.kafkaboot.test;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** The configuration of one broker of a cluster, set for quick tests: KRaft, broker and controller in one; or with ZooKeeper. */
final class BrokerProperties {

    static final String HOST = "127.0.0.1";

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Derives the configuration of one broker.
     *
     * @param ports the ports of all brokers of the cluster; the first is that of node 1
     * @param nodeId from 1
     * @param onZooKeeper whether the cluster lives on ZooKeeper; it listens on the first broker's controller port
     */
    BrokerProperties(List<BrokerPorts> ports, int nodeId, Path dataDirectory, boolean onZooKeeper) {
        identity(ports.get(nodeId - 1), nodeId, dataDirectory);
        if (onZooKeeper) {
            zooKeeper(ports, nodeId);
        } else {
            quorum(ports, nodeId);
        }
        replication(Math.min(3, ports.size()));
        sessions(/* alone= */ ports.size() == 1);
        quickGroups();
        smallFootprint();
    }

    /** Adds listeners for clients, by name with their security protocols, on the broker's further ports. */
    BrokerProperties listening(Map<String, String> protocols, BrokerPorts own) {
        protocols.forEach((name, protocol) -> {
            String endpoint = "," + name + "://" + HOST + ":" + own.further().get(name);
            values.merge("listeners", endpoint, String::concat);
            values.merge("advertised.listeners", endpoint, String::concat);
            values.merge("listener.security.protocol.map", "," + name + ":" + protocol, String::concat);
        });
        return this;
    }

    /** Lets the user's settings win over ours. */
    BrokerProperties with(Map<String, String> overrides) {
        values.putAll(overrides);
        return this;
    }

    /** Writes the file that the broker reads. */
    void writeTo(Path file) {
        Properties properties = new Properties();
        properties.putAll(values);
        try (OutputStream out = Files.newOutputStream(file)) { // and not a writer: it would leave alone what the broker reads as Latin-1
            properties.store(out, null);
        } catch (IOException failure) {
            throw new RealKafkaException("cannot write " + file, failure);
        }
    }

    static String address(BrokerPorts ports) {
        return HOST + ":" + ports.client();
    }

    private void identity(BrokerPorts own, int nodeId, Path dataDirectory) {
        values.put("broker.rack", "rack-" + nodeId);
        values.put("listeners", "PLAINTEXT://" + address(own));
        values.put("advertised.listeners", "PLAINTEXT://" + address(own));
        values.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT");
        values.put("inter.broker.listener.name", "PLAINTEXT");
        values.put("log.dirs", dataDirectory.toString());
    }

    private void quorum(List<BrokerPorts> ports, int nodeId) {
        values.put("process.roles", "broker,controller");
        values.put("node.id", Integer.toString(nodeId));
        values.put("controller.quorum.voters", ports.stream()
                .map(voter -> (ports.indexOf(voter) + 1) + "@" + HOST + ":" + voter.controller())
                .collect(Collectors.joining(",")));
        values.put("controller.listener.names", "CONTROLLER");
        values.merge("listeners", ",CONTROLLER://" + HOST + ":" + ports.get(nodeId - 1).controller(), String::concat);
        values.merge("listener.security.protocol.map", ",CONTROLLER:PLAINTEXT", String::concat);
    }

    private void zooKeeper(List<BrokerPorts> ports, int nodeId) {
        values.put("broker.id", Integer.toString(nodeId));
        values.put("zookeeper.connect", HOST + ":" + ports.get(0).controller());
        // A session that ends while a broker starts ends the start. Nobody waits for the partitions of one that is alone.
        values.put("zookeeper.session.timeout.ms", ports.size() == 1 ? "60000" : "6000");
        values.put("zookeeper.connection.timeout.ms", "60000");
    }

    private void replication(int factor) {
        String replicas = Integer.toString(factor);
        String inSync = Integer.toString(Math.max(1, factor - 1));
        values.put("default.replication.factor", replicas);
        values.put("min.insync.replicas", inSync);
        values.put("offsets.topic.replication.factor", replicas);
        values.put("transaction.state.log.replication.factor", replicas);
        values.put("transaction.state.log.min.isr", inSync);
        values.put("share.coordinator.state.topic.replication.factor", replicas);
        values.put("share.coordinator.state.topic.min.isr", inSync);
        values.put("offsets.topic.num.partitions", "3");
        values.put("transaction.state.log.num.partitions", "3");
        values.put("share.coordinator.state.topic.num.partitions", "3");
    }

    private void sessions(boolean alone) {
        // After this a killed broker's partitions move to the others, and not before can it register again.
        values.put("broker.session.timeout.ms", alone ? "2000" : "3000");
        values.put("broker.heartbeat.interval.ms", alone ? "200" : "300");
    }

    private void quickGroups() {
        values.put("group.initial.rebalance.delay.ms", "0");
        values.put("group.min.session.timeout.ms", "100");
        values.put("group.consumer.heartbeat.interval.ms", "500");
        values.put("group.consumer.min.heartbeat.interval.ms", "100");
        values.put("group.consumer.min.session.timeout.ms", "1000");
        values.put("group.consumer.assignment.interval.ms", "0"); // what changes is assigned at once, as before 4.3
        values.put("group.share.assignment.interval.ms", "0"); // as above
        values.put("group.share.heartbeat.interval.ms", "500");
        values.put("group.share.min.heartbeat.interval.ms", "100");
        values.put("group.share.min.session.timeout.ms", "1000");
        values.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    }

    private void smallFootprint() {
        values.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
    }
}
