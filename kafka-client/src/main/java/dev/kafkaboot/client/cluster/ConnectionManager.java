package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.net.BootstrapServers;
import dev.kafkaboot.client.net.BrokerState;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.net.ConnectionPool;
import dev.kafkaboot.client.net.ConnectionSettings;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to a cluster: one event loop, the connections to its brokers, its metadata and its coordinators. Safe from any thread.
 *
 * <p>Any program may send any protocol message with it:
 *
 * <pre>{@code
 * try (ConnectionManager net = ConnectionManager.connect("localhost:9092")) {
 *     MetadataResponse reply = net.send(new MetadataRequest()).join();
 * }
 * }</pre>
 *
 * <p>Nothing is connected until something is sent, so making one never fails because brokers are down. Versions are negotiated: the highest that
 * this library and the broker both know. Futures complete on {@link EventLoop#callbacks()}.
 *
 * <p>Producers, consumers and admin clients may share one; each {@linkplain #register registers}, and closing a client does not close a manager
 * that it was given.
 */
public final class ConnectionManager implements AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final EventLoop loop;
    private final boolean ownsLoop;
    private final ConnectionPool pool;
    private final Router router;
    private final ClusterMetadata metadata;
    private final CoordinatorCache coordinators;
    private final Duration apiTimeout;
    private final ClientConnections own;
    private final HandOver handOver;
    private final Set<ClientConnections> clients = new CopyOnWriteArraySet<>();
    private final Registration untilEnd;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ConnectionManager(ClientConfig config, ConnectionSettings settings, EventLoop loop, boolean ownsLoop) {
        ConnectionLayers.warn(config);
        this.loop = loop;
        this.ownsLoop = ownsLoop;
        this.apiTimeout = config.get(CommonConfig.DEFAULT_API_TIMEOUT);
        this.pool = new ConnectionPool(loop, settings);
        MetadataSettings metadataSettings = MetadataSettings.of(config);
        this.router = new Router(loop, pool, BootstrapServers.parse(config.get(CommonConfig.BOOTSTRAP_SERVERS)), metadataSettings.mayStartAnew());
        String clientId = config.get(CommonConfig.CLIENT_ID);
        this.metadata = new ClusterMetadata(loop, router, metadataSettings, clientId);
        router.refreshWith(metadata::refresh);
        this.coordinators = new CoordinatorCache(loop, router, metadataSettings, clientId);
        this.handOver = new HandOver(loop);
        Outage outage = new Outage(loop, router, clientId);
        pool.onReady(outage::connected);
        pool.onLost(() -> {
            outage.lost();
            metadata.requestRefresh();
        });
        this.own = new ClientConnections(this, router, clientId, /* closesManager= */ false);
        this.untilEnd = loop.onEnd(this::loopEnded);
    }

    private void loopEnded(@Nullable Throwable cause) {
        shutDown(new ClientClosedException("The event loop has ended" + (cause == null ? "" : ": " + cause), cause));
    }

    /**
     * Makes one with defaults and a loop of its own.
     *
     * @param bootstrapServers brokers to ask first, as {@code host:port}, separated by commas
     * @throws dev.kafkaboot.client.ConfigException if an entry is not of that form; it names all that are not
     */
    public static ConnectionManager connect(String bootstrapServers) {
        return create(ClientConfig.of(CommonConfig.KEYS, Map.of(CommonConfig.BOOTSTRAP_SERVERS.name(), bootstrapServers)));
    }

    /**
     * Makes one with a loop of its own, which ends with it.
     *
     * @param config needs {@link CommonConfig#BOOTSTRAP_SERVERS}
     * @throws dev.kafkaboot.client.ConfigException if the bootstrap servers are missing or not of the form {@code host:port}
     */
    public static ConnectionManager create(ClientConfig config) {
        BootstrapServers.parse(config.get(CommonConfig.BOOTSTRAP_SERVERS)); // before there is a thread to stop again
        ConnectionSettings settings = ConnectionLayers.settings(config);
        return new ConnectionManager(config, settings, EventLoop.start(config.get(CommonConfig.CLIENT_ID) + "-loop"), /* ownsLoop= */ true);
    }

    /**
     * What is wrong with what a configuration says of connections: of proxies, TLS and SASL. It reads keys and certificates, and connects to nothing.
     *
     * @return all faults; empty if a manager can be made
     */
    public static List<ConfigException.Fault> faults(ClientConfig config) {
        try {
            ConnectionLayers.settings(config);
            return List.of();
        } catch (ConfigException refused) {
            return refused.faults();
        }
    }

    /** Makes one on a loop that is given, and that goes on after it is closed. */
    public static ConnectionManager create(ClientConfig config, EventLoop loop) {
        return new ConnectionManager(config, ConnectionLayers.settings(config), loop, /* ownsLoop= */ false);
    }

    /** The loop that everything here lives on. */
    public EventLoop loop() {
        return loop;
    }

    /** What is known of the cluster. */
    public ClusterMetadata metadata() {
        return metadata;
    }

    /** Which brokers coordinate which groups and transactions. */
    public CoordinatorCache coordinators() {
        return coordinators;
    }

    /**
     * Adds a client: gives it its own view, with connections of its own where answers wait.
     *
     * @param clientId the {@code client.id} in the headers of its requests
     */
    public ClientConnections register(String clientId) {
        refuseIfClosed();
        return add(clientId, /* closesManager= */ false);
    }

    ClientConnections add(String clientId, boolean closesManager) {
        ClientConnections client = new ClientConnections(this, router, clientId, closesManager);
        clients.add(client);
        return client;
    }

    void forget(ClientConnections client) {
        clients.remove(client);
    }

    /** Sends a request to whichever broker has the least to do. The limit is {@code default.api.timeout.ms}. */
    public <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request) {
        return handOver(() -> own.dispatchToAny(request, RequestOptions.of(ConnectionClass.GENERAL, apiTimeout)));
    }

    /** Sends a request to a broker. The limit is {@code default.api.timeout.ms}. */
    public <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request, int nodeId) {
        return send(request, nodeId, RequestOptions.of(ConnectionClass.GENERAL, apiTimeout));
    }

    /** Sends a request to a broker in a given way. */
    public <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request, int nodeId, RequestOptions options) {
        return handOver(() -> own.dispatch(request, nodeId, options));
    }

    /** Sends a request to the controller. An answer of NOT_CONTROLLER is the caller's to see and to repeat. */
    public <R extends ResponseMessage> CompletableFuture<R> sendToController(RequestMessage<R> request) {
        return handOver(() -> own.dispatchToController(request, RequestOptions.of(ConnectionClass.GENERAL, apiTimeout)));
    }

    /** Sends a request to the coordinator of a group or of a transactional id. An answer of NOT_COORDINATOR is the caller's to see and to repeat. */
    public <R extends ResponseMessage> CompletableFuture<R> sendToCoordinator(CoordinatorType type, String key, RequestMessage<R> request) {
        return handOver(() -> own.dispatchToCoordinator(type, key, request, RequestOptions.of(ConnectionClass.GENERAL, apiTimeout)));
    }

    /** The state of the way to each broker that is known, as it is now; for health reports. Asks nobody. */
    public List<BrokerState> state() {
        return pool.states();
    }

    /** Adds something that hears of connections and requests, on the loop. */
    public Registration addListener(ConnectionListener listener) {
        return pool.addListener(listener);
    }

    /**
     * Runs something on the loop and hands its outcome over to {@link EventLoop#callbacks()}: how a client of this manager turns its own futures into
     * its users'. It fails when the manager is closed or the loop ends, whatever it waits for.
     */
    public <T> CompletableFuture<T> handOver(Supplier<CompletableFuture<T>> onLoop) {
        return handOver.start(onLoop);
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw new ClientClosedException("The connection manager is closed");
        }
    }

    /** Closes within five seconds. */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    /**
     * Fails what is still waiting, closes all connections, and ends the loop if it is this manager's own. A second call does nothing.
     *
     * @param limit how long to wait for that; on the loop's thread there is no wait
     */
    public void close(Duration limit) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long startedNanos = loop.nanoTime();
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                shutDown(new ClientClosedException("The connection manager was closed"));
                done.complete(null);
            });
            if (!loop.inLoop()) {
                loop.await(done, limit);
            }
        } catch (ClientClosedException ended) {
            done.complete(null); // the loop ended before, and took everything with it
        } finally {
            untilEnd.remove();
            if (ownsLoop) {
                loop.close(limit.minusNanos(loop.nanoTime() - startedNanos));
            }
        }
    }

    private void shutDown(ClientClosedException reason) {
        metadata.close(reason);
        coordinators.close(reason);
        pool.close(reason);
        clients.forEach(client -> client.end(reason));
        handOver.end(reason);
    }
}
