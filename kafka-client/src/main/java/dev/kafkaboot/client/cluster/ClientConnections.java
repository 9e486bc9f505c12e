package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.BrokerVersions;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's view of a {@link ConnectionManager}: what a producer, a consumer or an admin client sends with.
 *
 * <p>Requests carry the client's own id. Connections of the classes that are not {@linkplain ConnectionClass#isShared() shared} are this client's own,
 * because a broker answers one connection's requests one after the other: two members of a group on one connection would wait for each other.
 *
 * <p>The {@code dispatch} methods are for the loop only, and their futures complete on the loop, with a {@link dev.kafkaboot.client.KafkaException}
 * (or {@link dev.kafkaboot.protocol.ProtocolException} where a message cannot be written for the broker) when they fail:
 *
 * <ul>
 *   <li>{@link dev.kafkaboot.client.DisconnectException} when the connection could not be made or was lost; it says whether the broker may have received
 *       the request;
 *   <li>{@link dev.kafkaboot.client.TimeoutException} when the request's limit passed; if it was written by then, the broker may have received it
 *       ({@link dev.kafkaboot.client.net.RequestTimeoutException}). A Produce request's connection is closed then, so that nothing can overtake it;
 *       other requests fail alone, and their connection is closed when nothing has come for {@code request.timeout.ms};
 *   <li>{@link dev.kafkaboot.client.ClientClosedException} when this client or the manager was closed.
 * </ul>
 *
 * <p>When a future is complete, in whichever way, no connection refers to the request's buffers any more. While a broker is backing off, a request
 * waits for the next attempt to connect and fails with it, so a caller that simply repeats does not spin.
 */
public final class ClientConnections {

    private static final Logger log = LoggerFactory.getLogger(ClientConnections.class);

    private final ConnectionManager connections;
    private final Router router;
    private final String clientId;
    private final boolean closesManager;
    private final HandOver handOver;
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    ClientConnections(ConnectionManager connections, Router router, String clientId, boolean closesManager) {
        this.connections = connections;
        this.router = router;
        this.clientId = clientId;
        this.closesManager = closesManager;
        this.handOver = new HandOver(connections.loop());
    }

    /**
     * What is wrong with what a client is given of connections: alone it must name servers, and with a manager it must leave to that what concerns connections,
     * because the manager was made with values of its own.
     */
    public static List<ConfigException.Fault> faults(Map<String, ?> given, @Nullable ConnectionManager shared) {
        if (shared != null) {
            return CommonConfig.CONNECTION_KEYS.stream()
                    .filter(key -> given.get(key.name()) != null)
                    .map(key -> new ConfigException.Fault(key.name(), key.shown(given.get(key.name())),
                            "it has no effect on connections that are shared; set it where the ConnectionManager is made, or leave connections(...) out"))
                    .toList();
        }
        if (given.get(CommonConfig.BOOTSTRAP_SERVERS.name()) != null) {
            return List.of();
        }
        return List.of(new ConfigException.Fault(CommonConfig.BOOTSTRAP_SERVERS.name(), "(not given)",
                "it must name brokers as host:port, separated by commas"));
    }

    /** Registers with a manager, which stays open when this is closed; without one, makes one for this client alone. */
    public static ClientConnections of(ClientConfig config, @Nullable ConnectionManager shared) {
        return shared == null ? open(config) : shared.register(config.get(CommonConfig.CLIENT_ID));
    }

    /** Makes a manager for one client alone; it is closed with this. */
    public static ClientConnections open(ClientConfig config) {
        return ConnectionManager.create(config).add(config.get(CommonConfig.CLIENT_ID), /* closesManager= */ true);
    }

    /** The manager behind this. */
    public ConnectionManager manager() {
        return connections;
    }

    /** The loop that everything lives on. */
    public EventLoop loop() {
        return connections.loop();
    }

    /** What is known of the cluster. */
    public ClusterMetadata metadata() {
        return connections.metadata();
    }

    /** Which brokers coordinate what. */
    public CoordinatorCache coordinators() {
        return connections.coordinators();
    }

    /** The id that this client's requests carry. */
    public String clientId() {
        return clientId;
    }

    /** Sends a request to a broker. On the loop only. */
    public <R extends ResponseMessage> CompletableFuture<R> dispatch(RequestMessage<R> request, int nodeId, RequestOptions options) {
        return dispatchFrame(request, nodeId, options).thenApply(ClientConnections::unframed);
    }

    /** Sends a request to a broker and hands over the frame that came back; the receiver releases it. On the loop only. */
    public <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatchFrame(
            RequestMessage<R> request, int nodeId, RequestOptions options) {
        return dispatchFrame(request.apiKey(), version -> request, nodeId, options);
    }

    /**
     * Sends a request that is made when the version is known, where versions differ in more than what can be left out. On the loop only.
     *
     * @param byVersion makes the request for a version; called at most once, on the loop
     */
    public <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatchFrame(
            ApiKey api, IntFunction<? extends RequestMessage<R>> byVersion, int nodeId, RequestOptions options) {
        return closed.get() ? refused() : noted(api, options, router.dispatch(owner(options), clientId, api, byVersion, nodeId, options));
    }

    /** As {@link #dispatchFrame(ApiKey, IntFunction, int, RequestOptions)}, without the frame. On the loop only. */
    public <R extends ResponseMessage> CompletableFuture<R> dispatch(
            ApiKey api, IntFunction<? extends RequestMessage<R>> byVersion, int nodeId, RequestOptions options) {
        return this.<R>dispatchFrame(api, byVersion, nodeId, options).thenApply(ClientConnections::unframed);
    }

    /** Sends a request to whichever broker has the least to do; tries others as long as none can have received it. On the loop only. */
    public <R extends ResponseMessage> CompletableFuture<R> dispatchToAny(RequestMessage<R> request, RequestOptions options) {
        CompletableFuture<ReceivedFrame<R>> answer = closed.get()
                ? refused()
                : noted(request.apiKey(), options, router.dispatchToAny(owner(options), clientId, request.apiKey(), version -> request, options));
        return answer.thenApply(ClientConnections::unframed);
    }

    /** Sends a request to the controller, or to whoever forwards to it. On the loop only. */
    public <R extends ResponseMessage> CompletableFuture<R> dispatchToController(RequestMessage<R> request, RequestOptions options) {
        return dispatchFrameToController(request.apiKey(), version -> request, options).thenApply(ClientConnections::unframed);
    }

    /** As {@link #dispatchToController}, with a request that is made when the version is known, and with the frame. On the loop only. */
    public <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatchFrameToController(
            ApiKey api, IntFunction<? extends RequestMessage<R>> byVersion, RequestOptions options) {
        return closed.get() ? refused() : noted(api, options, router.dispatchToController(owner(options), clientId, api, byVersion, options));
    }

    /**
     * Finds the coordinator, if need be, and sends it a request. If that fails or the answer says that it is not the coordinator, it is the caller's to
     * {@linkplain CoordinatorCache#invalidate forget} it. On the loop only.
     */
    public <R extends ResponseMessage> CompletableFuture<R> dispatchToCoordinator(
            CoordinatorType type, String key, RequestMessage<R> request, RequestOptions options) {
        long startedNanos = loop().nanoTime();
        return coordinators().find(type, key, options.timeout())
                .thenCompose(node -> dispatch(request, node.id(), options.after(Duration.ofNanos(loop().nanoTime() - startedNanos))));
    }

    /**
     * Adds something that hears of this client's connections and requests. Where the manager is shared, of connections that are shared too it hears
     * nothing but the answers to this client's requests ({@link ConnectionListener#responseReceived}). From any thread.
     */
    public Registration addListener(ConnectionListener listener) {
        if (closesManager) {
            return connections.addListener(listener);
        }
        listeners.add(listener);
        Registration own = router.pool().addListener(this, listener);
        return () -> {
            listeners.remove(listener);
            own.remove();
        };
    }

    /** Tells this client's listeners of an answer that came over a shared connection, of which the pool does not know whose it is. */
    private <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> noted(
            ApiKey api, RequestOptions options, CompletableFuture<ReceivedFrame<R>> answer) {
        if (listeners.isEmpty() || !options.connectionClass().isShared()) {
            return answer;
        }
        long startedNanos = loop().nanoTime();
        return answer.whenComplete((frame, failure) -> {
            if (frame != null) {
                Duration latency = Duration.ofNanos(loop().nanoTime() - startedNanos);
                int bytes = frame.sizeInBytes();
                listeners.forEach(listener -> tell(listener, frame.broker(), api, bytes, latency));
            }
        });
    }

    private static void tell(ConnectionListener listener, Node broker, ApiKey api, int bytes, Duration latency) {
        try {
            listener.responseReceived(broker, api, bytes, latency);
        } catch (Throwable thrown) { // a user's code: whatever it throws must not make a failure of an answer that came
            log.error("A connection listener failed", thrown);
        }
    }

    /** Whether a request would be written at once: the connection is ready and the broker did not ask for a pause. On the loop only. */
    public boolean isReady(int nodeId, ConnectionClass connectionClass) {
        return router.pool().isReady(nodeId, connectionClass, owner(connectionClass));
    }

    /** What a broker was last seen to take, or null if it was never connected to. On the loop only. */
    public @Nullable BrokerVersions versions(int nodeId) {
        return router.pool().versions(nodeId);
    }

    /**
     * Runs something on the loop and hands its outcome over to {@link EventLoop#callbacks()}: how a client turns its own futures into its users'. It fails
     * when this client or the manager is closed or the loop ends, whatever it waits for. Safe from any thread.
     */
    public <T> CompletableFuture<T> handOver(Supplier<CompletableFuture<T>> onLoop) {
        return handOver.start(onLoop);
    }

    /** How long a connection may lie unused before it is closed. */
    public Duration maxIdle() {
        return router.pool().maxIdle();
    }

    /** Completes when nothing that counts as sent would be lost by {@link #close(Duration)}; requests without an answer are over before TLS has sent them. On the loop. */
    public CompletableFuture<Void> sent() {
        return router.pool().sent(closesManager ? null : this);
    }

    /**
     * Fails this client's requests and closes its own connections; closes the manager too if it was made for this client alone. Safe from any thread; a
     * second call does nothing.
     *
     * @param limit how long to wait; on the loop's thread there is no wait
     */
    public void close(Duration limit) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        connections.forget(this);
        end(new ClientClosedException("The client was closed"));
        if (closesManager) {
            connections.close(limit);
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop().execute(() -> {
                router.pool().closeOwned(this);
                done.complete(null);
            });
            if (!loop().inLoop()) {
                loop().await(done, limit);
            }
        } catch (ClientClosedException ended) {
            done.complete(null); // the loop took the connections with it
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Fails what users still wait for. */
    void end(ClientClosedException reason) {
        handOver.end(reason);
    }

    private static <T> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(new ClientClosedException("The client is closed"));
    }

    private @Nullable ClientConnections owner(RequestOptions options) {
        return owner(options.connectionClass());
    }

    private @Nullable ClientConnections owner(ConnectionClass connectionClass) {
        return connectionClass.isShared() ? null : this;
    }

    /** Takes the response out of its frame. Where the response refers to the frame, the frame is left to the garbage collector. */
    private static <R extends ResponseMessage> R unframed(ReceivedFrame<R> frame) {
        if (!frame.isReferredTo()) {
            frame.release();
        }
        return frame.response();
    }
}
