package dev.kafkaboot.test.fake;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One broker of a {@link FakeKafka}. Its log and its id outlive its stops; its address may change. */
public final class FakeBroker {

    private final FakeKafka cluster;
    private final int id;
    private final Set<FakeConnection> connections = new LinkedHashSet<>();
    private String host;
    private int port;
    private @Nullable String rack;
    private boolean running = true;
    private final FetchSessions fetchSessions;
    private final ShareSessions shareSessions;

    FakeBroker(FakeKafka cluster, int id, String host, int port, @Nullable String rack) {
        this.cluster = cluster;
        this.id = id;
        this.host = host;
        this.port = port;
        this.rack = rack;
        this.fetchSessions = new FetchSessions(id);
        this.shareSessions = new ShareSessions(cluster);
    }

    /** The node id. */
    public int id() {
        return id;
    }

    /** The host that it advertises. */
    public String host() {
        return host;
    }

    /** The port that it advertises. */
    public int port() {
        return port;
    }

    /** {@code host:port}. */
    public String address() {
        return host + ":" + port;
    }

    /** The rack, or null. */
    public @Nullable String rack() {
        return rack;
    }

    /** Whether it takes connections. */
    public boolean isRunning() {
        return running;
    }

    /** Its open connections, in the order in which they were made. */
    public List<FakeConnection> connections() {
        return List.copyOf(connections);
    }

    /** Advertises another address from now on. Connections that are open stay so. */
    public void moveTo(String newHost, int newPort) {
        host = newHost;
        port = newPort;
    }

    /** Shuts it down in order: what it leads is led by others first, then its connections end. Does nothing if it is stopped. */
    public void stop() {
        if (running) {
            running = false;
            cluster.topics().brokerLeft(id);
            cutConnections();
        }
    }

    /**
     * Ends it at once: its connections end, and what it leads has no leader that answers until the cluster has noticed, after
     * {@link FakeKafkaBuilder#failoverMillis}. Does nothing if it is stopped.
     */
    public void kill() {
        if (running) {
            running = false;
            cutConnections();
            cluster.timers().afterMillis(cluster.settings().failoverMillis(), () -> {
                if (!running) {
                    cluster.topics().brokerDied(id);
                }
            });
        }
    }

    /** Takes connections again. Does nothing if it runs. */
    public void start() {
        if (!running) {
            running = true;
            fetchSessions.clear();
            cluster.topics().brokerCame(id);
        }
    }

    /** Ends every connection to it that is open now. */
    public void cutConnections() {
        connections().forEach(FakeConnection::close);
    }

    /** What clients fetch from it again and again; gone when it starts. */
    FetchSessions fetchSessions() {
        return fetchSessions;
    }

    /** What members of share groups read from it; gone with their connections. */
    ShareSessions shareSessions() {
        return shareSessions;
    }

    /**
     * Speaks as another Kafka release does from now on, on new connections and those that are open.
     *
     * @throws IllegalArgumentException if no such release is known
     */
    public void speakAs(String release) {
        cluster.apis().release(id, release);
    }

    void add(FakeConnection connection) {
        connections.add(connection);
    }

    void forget(FakeConnection connection) {
        connections.remove(connection);
        shareSessions.disconnected(connection.number());
    }

    @Override
    public String toString() {
        return "broker " + id + " (" + address() + (running ? ")" : ", stopped)");
    }
}
