package dev.kafkaboot.autoconfigure.metrics;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.BrokerState;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.protocol.ApiKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the connections, by broker: how many there are, what they carry, and how long requests take.
 *
 * <p>One hears of all connections of an application, on as many loops as there are. Meters are looked up once for each broker and request type. Thread-safe.
 */
final class ConnectionMetrics implements ConnectionListener {

    private final Supplier<? extends Collection<ConnectionManager>> connections;
    private final MeterRegistry registry;
    private final Map<String, Broker> brokers = new ConcurrentHashMap<>();

    ConnectionMetrics(Supplier<? extends Collection<ConnectionManager>> connections, MeterRegistry registry) {
        this.connections = connections;
        this.registry = registry;
    }

    @Override
    public void connected(Node node, ConnectionClass connectionClass) {
        broker(node).connects.increment();
    }

    @Override
    public void disconnected(Node node, ConnectionClass connectionClass, @Nullable Throwable cause) {
        Broker broker = broker(node);
        (cause == null ? broker.closed : broker.failed).increment();
    }

    @Override
    public void requestSent(Node node, ApiKey api, int bytes) {
        broker(node).sentBytes.increment(bytes);
    }

    @Override
    public void responseReceived(Node node, ApiKey api, int bytes, Duration latency) {
        Broker broker = broker(node);
        broker.receivedBytes.increment(bytes);
        broker.requests(api).record(latency);
    }

    @Override
    public void throttled(Node node, ApiKey api, Duration time) {
        broker(node).throttled.record(time);
    }

    /** By address, because a broker has one id while it is only a bootstrap server and another once it is known. */
    private Broker broker(Node node) {
        String address = address(node);
        Broker known = brokers.get(address);
        return known != null ? known : brokers.computeIfAbsent(address, this::meters);
    }

    private static String address(Node node) {
        return node.host() + ":" + node.port();
    }

    private Broker meters(String address) {
        Gauge.builder("kafka.client.connections", connections, all -> all.get().stream().mapToInt(each -> readyConnections(each, address)).sum())
                .description("Connections that are ready for requests").tag("broker", address).register(registry);
        return new Broker(registry, Tags.of("broker", address));
    }

    private static int readyConnections(ConnectionManager connections, String address) {
        return connections.state().stream()
                .filter(state -> address(state.broker()).equals(address))
                .mapToInt(BrokerState::readyConnections)
                .sum();
    }

    private static final class Broker {

        private final MeterRegistry registry;
        private final Tags tags;
        private final Map<ApiKey, Timer> requests = new ConcurrentHashMap<>();
        private final Counter connects;
        private final Counter closed;
        private final Counter failed;
        private final Counter sentBytes;
        private final Counter receivedBytes;
        private final Timer throttled;

        Broker(MeterRegistry registry, Tags tags) {
            this.registry = registry;
            this.tags = tags;
            connects = counter("kafka.client.connects", "Connections that became ready", tags);
            closed = counter("kafka.client.disconnects", "Connections that ended, and attempts that failed", tags.and("error", "none"));
            failed = counter("kafka.client.disconnects", "Connections that ended, and attempts that failed", tags.and("error", "failure"));
            sentBytes = counter("kafka.client.sent.bytes", "Bytes of requests", tags);
            receivedBytes = counter("kafka.client.received.bytes", "Bytes of responses", tags);
            throttled = timer("kafka.client.throttled", "Time for which the broker asked to be left alone", tags);
        }

        Timer requests(ApiKey api) {
            Timer known = requests.get(api);
            return known != null ? known : requests.computeIfAbsent(
                    api, key -> timer("kafka.client.requests", "Time from the dispatch of a request to its response", tags.and("api", key.name())));
        }

        private Counter counter(String name, String description, Tags tags) {
            return Counter.builder(name).description(description).tags(tags).register(registry);
        }

        private Timer timer(String name, String description, Tags tags) {
            return Timer.builder(name).description(description).tags(tags).register(registry);
        }
    }
}
