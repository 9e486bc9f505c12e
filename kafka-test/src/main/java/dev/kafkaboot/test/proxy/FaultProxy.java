package dev.kafkaboot.test.proxy;

import dev.kafkaboot.protocol.ApiKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Stands between clients and brokers on loopback, and does to their connections what networks do: delay, jitter, little bandwidth, bytes one by one, stalls,
 * resets, half-closed and dead connections, refused ones.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.start(kafka.bootstrapServers())) {
 *     connectTo(proxy.bootstrapServers());
 *     proxy.toClient().delay(Duration.ofMillis(50)).slice(1);
 *     proxy.on(ApiKey.PRODUCE).responses().skip(3).reset();
 * }
 * }</pre>
 *
 * <p>It listens once for each broker that it knows or hears of, and rewrites the brokers' addresses in their answers, so that clients stay on it. Connections
 * are taken to be plain Kafka; one whose bytes make no frames is reset.
 *
 * <p>Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    private final Map<String, ProxyListener> listeners = new LinkedHashMap<>();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<FrameRule> rules = new CopyOnWriteArrayList<>();
    private final Traffic toBroker = new Traffic();
    private final Traffic toClient = new Traffic();
    private final SplittableRandom random;
    private final List<String> bootstrap = new ArrayList<>();
    private boolean refusing;
    private boolean closed;

    private FaultProxy(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Begins to listen for some brokers, with jitter drawn from 0. */
    public static FaultProxy start(String brokers) {
        return start(brokers, 0);
    }

    /**
     * Begins to listen for some brokers.
     *
     * @param brokers as in {@code bootstrap.servers}
     * @param seed what jitter is drawn from
     */
    public static FaultProxy start(String brokers, long seed) {
        FaultProxy proxy = new FaultProxy(seed);
        for (String address : brokers.split(",", -1)) {
            int colon = address.lastIndexOf(':');
            proxy.portFor(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            proxy.bootstrap.add(address);
        }
        return proxy;
    }

    /** What a client takes as {@code bootstrap.servers}, in the place of the brokers' own. */
    public synchronized String bootstrapServers() {
        return bootstrap.stream().map(address -> host() + ":" + listener(address).port()).collect(Collectors.joining(","));
    }

    /** How requests go. */
    public Traffic toBroker() {
        return toBroker;
    }

    /** How responses go. */
    public Traffic toClient() {
        return toClient;
    }

    /** Begins a rule about frames of one kind. */
    public FrameRule on(ApiKey api) {
        return new FrameRule(this, api);
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Resets every connection that is open now. */
    public void resetConnections() {
        connections.forEach(ProxiedConnection::reset);
    }

    /** Ends one direction of every connection that is open now, in order; the other goes on. */
    public void halfCloseConnections(Direction direction) {
        connections.forEach(connection -> connection.halfClose(direction));
    }

    /** Refuses new connections, or takes them again. */
    public synchronized void refuseConnections(boolean on) {
        refusing = on;
        listeners.values().forEach(listener -> listener.listen(!on));
    }

    /** Takes back every fault that lasts: traffic is plain, rules are gone, connections are taken. Those that are stalled are reset. */
    public void heal() {
        rules.clear();
        toBroker.heal();
        toClient.heal();
        refuseConnections(false);
        connections.stream().filter(ProxiedConnection::isStalled).forEach(ProxiedConnection::reset);
    }

    /** Resets every connection and listens no more. */
    @Override
    public void close() {
        List<ProxyListener> ended;
        synchronized (this) {
            closed = true;
            ended = List.copyOf(listeners.values());
        }
        ended.forEach(listener -> listener.listen(false));
        resetConnections();
    }

    @Override
    public String toString() {
        return "FaultProxy for " + bootstrap;
    }

    static String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** The port at which a broker is reached through the proxy; listens for it if it does not yet. */
    synchronized int portFor(String brokerHost, int brokerPort) {
        String address = brokerHost + ":" + brokerPort;
        ProxyListener known = listeners.get(address);
        if (known == null) {
            try {
                known = new ProxyListener(this, address, new InetSocketAddress(brokerHost, brokerPort));
            } catch (IOException e) {
                throw new UncheckedIOException("The proxy cannot listen for " + address, e);
            }
            listeners.put(address, known);
            known.listen(!refusing && !closed);
        }
        return known.port();
    }

    private ProxyListener listener(String address) {
        ProxyListener listener = listeners.get(address);
        if (listener == null) {
            throw new IllegalStateException("The proxy does not listen for " + address);
        }
        return listener;
    }

    void add(FrameRule rule) {
        rules.add(rule);
    }

    void remove(FrameRule rule) {
        rules.remove(rule);
    }

    /** What happens to a frame. */
    FrameFault judge(FrameInfo frame) {
        for (FrameRule rule : rules) {
            if (rule.takes(frame)) {
                return rule.fault();
            }
        }
        return FrameFault.NONE;
    }

    Traffic traffic(Direction direction) {
        return switch (direction) {
            case TO_BROKER -> toBroker;
            case TO_CLIENT -> toClient;
        };
    }

    synchronized long drawNanos(long bound) {
        return bound <= 0 ? 0 : random.nextLong(bound);
    }

    void opened(ProxiedConnection connection) {
        connections.add(connection);
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }
}
