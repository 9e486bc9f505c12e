package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.protocol.ApiKey;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What every client counts: connections that were made, and how long brokers took to answer. On the loop. */
final class ConnectionMetrics implements ConnectionListener, MetricSource {

    private final String prefix;
    private final Occurrences connections;
    private final Map<Integer, AverageAndMax> latencies = new TreeMap<>();

    ConnectionMetrics(String prefix, long nowNanos) {
        this.prefix = prefix;
        this.connections = new Occurrences(nowNanos);
    }

    @Override
    public void connected(Node broker, ConnectionClass connectionClass) {
        connections.add();
    }

    @Override
    public void responseReceived(Node broker, ApiKey api, int bytes, Duration latency) {
        latencies.computeIfAbsent(broker.id(), unknown -> new AverageAndMax()).add(latency);
    }

    @Override
    public void tell(MetricReport report, long nowNanos) {
        connections.tell(report, prefix + "connection.creation", nowNanos);
        latencies.forEach((id, latency) -> latency.tell(report, prefix + "node.request.latency", Map.of("node_id", "node-" + id)));
        latencies.clear(); // brokers come and go; of those that did not answer meanwhile there is nothing to tell
    }
}
