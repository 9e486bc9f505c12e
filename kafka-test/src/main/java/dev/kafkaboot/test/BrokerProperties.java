package dev.kafkaboot.test;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** The configuration of one broker of a cluster: KRaft, broker and controller in one, set for quick tests. */
final class BrokerProperties {

    static final String HOST = "127.0.0.1";

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Derives the configuration of one broker.
     *
     * @param ports the ports of all brokers of the cluster; the first is that of node 1
     * @param nodeId from 1
     */
    BrokerProperties(List<BrokerPorts> ports, int nodeId, Path dataDirectory) {
        identity(ports, nodeId, dataDirectory);
        replication(Math.min(3, ports.size()));
        sessions(/* alone= */ ports.size() == 1);
        quickGroups();
        smallFootprint();
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
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        } catch (IOException failure) {
            throw new RealKafkaException("cannot write " + file, failure);
        }
    }

    static String address(BrokerPorts ports) {
        return HOST + ":" + ports.client();
    }

    private void identity(List<BrokerPorts> ports, int nodeId, Path dataDirectory) {
        BrokerPorts own = ports.get(nodeId - 1);
        values.put("process.roles", "broker,controller");
        values.put("node.id", Integer.toString(nodeId));
        values.put("broker.rack", "rack-" + nodeId);
        values.put("controller.quorum.voters", ports.stream()
                .map(voter -> (ports.indexOf(voter) + 1) + "@" + HOST + ":" + voter.controller())
                .collect(Collectors.joining(",")));
        values.put("listeners", "PLAINTEXT://" + HOST + ":" + own.client() + ",CONTROLLER://" + HOST + ":" + own.controller());
        values.put("advertised.listeners", "PLAINTEXT://" + address(own));
        values.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        values.put("controller.listener.names", "CONTROLLER");
        values.put("inter.broker.listener.name", "PLAINTEXT");
        values.put("log.dirs", dataDirectory.toString());
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
        values.put("group.share.heartbeat.interval.ms", "500");
        values.put("group.share.min.heartbeat.interval.ms", "100");
        values.put("group.share.min.session.timeout.ms", "1000");
        values.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    }

    private void smallFootprint() {
        values.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
    }
}
