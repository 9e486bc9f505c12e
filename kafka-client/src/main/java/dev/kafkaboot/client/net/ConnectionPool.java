package dev.kafkaboot.client.net;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to the brokers of one cluster: one for each broker and {@link ConnectionClass}, and for each client where the class is not shared. They
 * are made when first needed and closed when idle.
 *
 * <p>Failures are counted by broker, not by connection: a broker that is down is down for all, and one that comes back is back for all. On the loop only,
 * unless a method says otherwise.
 */
public final class ConnectionPool {

    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);
    private static final int RECEIVE_BUFFERS_KEPT = 64 * 1024 * 1024;
    private static final Duration LONGEST_SWEEP = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final ReceiveBufferPool buffers = new ReceiveBufferPool(RECEIVE_BUFFERS_KEPT);
    private final Map<Key, Connection> connections = new LinkedHashMap<>();
    private final Map<Connection, Key> draining = new LinkedHashMap<>();
    private final BrokerHealth health;
    private final Map<Integer, BrokerVersions> versions = new HashMap<>();
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Object, List<ConnectionListener>> ownersListeners = new ConcurrentHashMap<>();
    private Runnable lost = () -> {};
    private Consumer<Node> ready = node -> {};
    private @Nullable Timer sweep;
    private @Nullable ClientClosedException closed;

    public ConnectionPool(EventLoop loop, ConnectionSettings settings) {
        this.loop = loop;
        this.settings = settings;
        this.health = new BrokerHealth(loop, settings);
    }

    private record Key(int nodeId, ConnectionClass connectionClass, @Nullable Object owner) {}

    /**
     * Sends a request to a broker, on a connection that is made if need be. If the broker has refused the client's credentials a moment ago, it fails at once.
     *
     * @param owner the client whose connection it takes, or null for a shared one
     * @param byVersion makes the request when the version is known; called at most once
     * @return completes on the loop, with the frame, which is the receiver's to release
     */
    public <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatch(
            @Nullable Object owner,
            String clientId,
            ApiKey api,
            IntFunction<? extends RequestMessage<R>> byVersion,
            Node node,
            RequestOptions options) {
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        Key key = new Key(node.id(), options.connectionClass(), owner);
        AuthenticationException refusal = health.refusal(node);
        if (refusal != null && !connections.containsKey(key)) {
            return CompletableFuture.failedFuture(refusal); // whoever waits for the next attempt waits for the same
        }
        PendingRequest<R> request = new PendingRequest<>(api, byVersion, clientId, options, loop.nanoTime());
        connection(key, node).add(request);
        return request.future;
    }

    private Connection connection(Key key, Node node) {
        Connection existing = connections.get(key);
        if (existing != null && isSameAddress(existing.node(), node)) {
            return existing;
        }
        if (existing != null) {
            drain(key, existing); // the broker has moved
        }
        health.aim(node);
        Connection made = new Connection(
                loop, settings, buffers, node, health.addresses(node), health.setupLimit(node), new Events(key));
        connections.put(key, made);
        made.start(health.pause(node));
        sweepLater();
        return made;
    }

    private static boolean isSameAddress(Node one, Node other) {
        return one.port() == other.port() && one.host().equals(other.host());
    }

    private void drain(Key key, Connection connection) {
        connections.remove(key, connection);
        draining.put(connection, key);
        connection.drain();
    }

    /** What happens to one connection. */
    private final class Events implements ConnectionOwner {

        private final Key key;
        private boolean drained;

        Events(Key key) {
            this.key = key;
        }

        @Override
        public void ready(Connection connection, BrokerVersions negotiated) {
            versions.put(key.nodeId, negotiated);
            health.connected(connection.node());
            tell(key.owner, listener -> listener.connected(connection.node(), key.connectionClass));
            ready.accept(connection.node());
        }

        @Override
        public void closed(Connection connection, ConnectionState before, @Nullable Throwable cause) {
            connections.remove(key, connection);
            drained = draining.remove(connection) != null;
            boolean wasReady = before == ConnectionState.READY || before == ConnectionState.CLOSING;
            boolean isFault = cause != null && !(cause instanceof ClientClosedException);
            health.disconnected(connection.node(), wasReady, isFault ? cause : null);
            if (cause != null && isFault) {
                log.debug("{} {} ({})", Diagnosis.name(connection.node()), Diagnosis.reason(cause), key.connectionClass);
            }
            tell(key.owner, listener -> listener.disconnected(connection.node(), key.connectionClass, isFault ? cause : null));
            if (isFault) {
                lost.run();
            }
        }

        @Override
        public void leftByPeer(Connection connection) {
            lost.run();
        }

        @Override
        public void replaced(Connection connection, List<PendingRequest<?>> unsent) {
            for (PendingRequest<?> request : unsent) {
                Connection successor = connections.get(key); // there may be one if the broker has moved
                if (successor != null) {
                    successor.add(request);
                } else if (drained) {
                    request.fail(Diagnosis.lost(request, connection.node(), null)); // the broker is not there any more, or has left
                } else {
                    connection(key, connection.node()).add(request);
                }
            }
        }

        @Override
        public String describe(Connection connection) {
            return health.describe(connection.node());
        }

        @Override
        public void sent(Connection connection, PendingRequest<?> request, int bytes) {
            tell(key.owner, listener -> listener.requestSent(connection.node(), request.api, bytes));
        }

        @Override
        public void received(Connection connection, PendingRequest<?> request, int bytes) {
            if (listeners.isEmpty() && ownersListeners.isEmpty()) {
                return;
            }
            Duration latency = Duration.ofNanos(loop.nanoTime() - request.startedNanos);
            tell(key.owner, listener -> listener.responseReceived(connection.node(), request.api, bytes, latency));
        }

        @Override
        public void throttled(Connection connection, PendingRequest<?> request, Duration pause) {
            tell(key.owner, listener -> listener.throttled(connection.node(), request.api, pause));
        }
    }

    private void tell(@Nullable Object owner, Consumer<ConnectionListener> event) {
        tell(listeners, event);
        if (owner != null) {
            tell(ownersListeners.getOrDefault(owner, List.of()), event);
        }
    }

    private static void tell(List<ConnectionListener> listeners, Consumer<ConnectionListener> event) {
        for (ConnectionListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable thrown) { // a user's code: whatever it throws must not end the loop, nor cost the answer
                log.error("A connection listener failed", thrown);
            }
        }
    }

    /** Adds something that hears of connections and requests. From any thread. */
    public Registration addListener(ConnectionListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Adds something that hears of one client's own connections, and of none that are shared. From any thread. */
    public Registration addListener(Object owner, ConnectionListener listener) {
        ownersListeners.compute(owner, (key, present) -> with(present, listener));
        return () -> ownersListeners.computeIfPresent(owner, (key, present) -> without(present, listener));
    }

    private static List<ConnectionListener> with(@Nullable List<ConnectionListener> present, ConnectionListener added) {
        List<ConnectionListener> changed = present == null ? new ArrayList<>() : new ArrayList<>(present);
        changed.add(added);
        return List.copyOf(changed);
    }

    private static @Nullable List<ConnectionListener> without(List<ConnectionListener> present, ConnectionListener removed) {
        List<ConnectionListener> changed = present.stream().filter(each -> each != removed).toList();
        return changed.isEmpty() ? null : changed;
    }

    /** Says what to do when a broker ended a connection or could not be reached: something about the cluster may have changed. */
    public void onLost(Runnable action) {
        lost = action;
    }

    /** Says what to do when a connection is ready. */
    public void onReady(Consumer<Node> action) {
        ready = action;
    }

    /**
     * Closes the connections to a broker and fails what they have to do, because it is not what it was taken for.
     *
     * @param reason goes on with a sentence that begins with the broker's name
     */
    public void disconnect(int nodeId, String reason) {
        ConnectionProblem problem = new ConnectionProblem(reason);
        connections.entrySet().stream().filter(entry -> entry.getKey().nodeId == nodeId).map(Map.Entry::getValue).toList()
                .forEach(connection -> connection.close(problem));
    }

    /** Whether a request would be written at once. */
    public boolean isReady(int nodeId, ConnectionClass connectionClass, @Nullable Object owner) {
        Connection connection = connections.get(new Key(nodeId, connectionClass, owner));
        return connection != null && connection.isReady();
    }

    /** What a broker was last seen to take, or null if it was never connected to. */
    public @Nullable BrokerVersions versions(int nodeId) {
        return versions.get(nodeId);
    }

    /** Whether the last attempt to reach a broker failed, or its last connection was lost. */
    public boolean isFailed(int nodeId) {
        return health.isFailed(nodeId);
    }

    /**
     * The broker to ask when any will do: one that is connected and has little to do, else one that did not fail, else the one that may be tried again
     * first; among equals, any.
     *
     * @param candidates at least one
     */
    public Node leastLoaded(Collection<Node> candidates) {
        Node best = null;
        long bestRank = Long.MAX_VALUE;
        int equals = 0;
        for (Node node : candidates) {
            long rank = rank(node);
            if (best == null || rank < bestRank) {
                best = node;
                bestRank = rank;
                equals = 1;
            } else if (rank == bestRank && loop.random().nextInt(++equals) == 0) {
                best = node;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("There is no broker to choose from");
        }
        return best;
    }

    /**
     * Lower is better: ready ones by their load, then those being connected to, then untried ones, then ready ones that have kept somebody waiting for too
     * long or asked for a pause, which may last for hours, then failed ones by the time they must wait.
     */
    private long rank(Node node) {
        Connection shared = connections.get(new Key(node.id(), ConnectionClass.GENERAL, null));
        long band = 1L << 32;
        if (shared != null && shared.state() == ConnectionState.READY) {
            return shared.isHeldUp() || !shared.isReady() ? 2 * band + 1 + shared.load() : shared.load();
        }
        if (health.isFailed(node.id())) {
            return 3 * band + health.pause(node).toNanos();
        }
        return shared != null ? band + shared.load() : 2 * band;
    }

    /**
     * Closes connections to brokers that are not among those known, or not at that address any more, once their requests are answered, and forgets what was
     * known of brokers that are gone.
     */
    public void retain(Collection<Node> known) {
        Map<Integer, Node> byId = known.stream().collect(Collectors.toMap(Node::id, Function.identity()));
        for (Map.Entry<Key, Connection> entry : List.copyOf(connections.entrySet())) {
            Node node = byId.get(entry.getKey().nodeId);
            if (node == null || !isSameAddress(entry.getValue().node(), node)) {
                drain(entry.getKey(), entry.getValue());
            }
        }
        health.retain(known);
        versions.keySet().retainAll(byId.keySet());
    }

    /** The state of the way to each broker, as it is now. From any thread. */
    public List<BrokerState> states() {
        return health.states();
    }

    /** A broker's name in messages. */
    public static String nameOf(Node node) {
        return Diagnosis.name(node);
    }

    /** Each broker with what went wrong last, for messages. */
    public String describeFailures(Collection<Node> nodes) {
        return nodes.stream().map(health::describe).collect(Collectors.joining(", "));
    }

    /** How long a connection may lie unused before it is closed. */
    public Duration maxIdle() {
        return settings.maxIdle();
    }

    private void sweepLater() {
        if (sweep == null) {
            Duration half = settings.maxIdle().dividedBy(2);
            sweep = loop.schedule(half.compareTo(LONGEST_SWEEP) < 0 ? half : LONGEST_SWEEP, this::sweep);
        }
    }

    private void sweep() {
        sweep = null;
        for (Connection connection : List.copyOf(connections.values())) {
            if (connection.isIdleFor(settings.maxIdle())) {
                connection.close(null);
            }
        }
        if (!connections.isEmpty()) {
            sweepLater();
        }
    }

    /**
     * Waits for what counts as written and is not with the system yet, as TLS may hold some of it: closing would lose that. On the loop.
     *
     * @param owner whose connections are meant; null means all
     */
    public CompletableFuture<Void> sent(@Nullable Object owner) {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        BiConsumer<Key, Connection> addIfMeant = (key, connection) -> {
            if (owner == null || owner.equals(key.owner)) {
                sent.add(connection.sent());
            }
        };
        connections.forEach(addIfMeant);
        draining.forEach((connection, key) -> addIfMeant.accept(key, connection));
        return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new));
    }

    /** Closes the connections of one client and fails what they have to do. */
    public void closeOwned(Object owner) {
        ClientClosedException reason = new ClientClosedException("The client was closed");
        List<Connection> owned = new ArrayList<>();
        connections.forEach((key, connection) -> addIfOwned(owner, key, connection, owned));
        draining.forEach((connection, key) -> addIfOwned(owner, key, connection, owned));
        owned.forEach(connection -> connection.close(reason));
    }

    private static void addIfOwned(Object owner, Key key, Connection connection, List<Connection> owned) {
        if (owner.equals(key.owner)) {
            owned.add(connection);
        }
    }

    /** Closes all connections and fails what they have to do; later requests fail with the reason too. */
    public void close(ClientClosedException reason) {
        if (closed != null) {
            return;
        }
        closed = reason;
        if (sweep != null) {
            sweep.cancel();
        }
        List<Connection> all = new ArrayList<>(connections.values());
        all.addAll(draining.keySet());
        all.forEach(connection -> connection.close(reason));
    }

    /** How many connections there are, in whichever state. */
    int size() {
        return connections.size() + draining.size();
    }

    ReceiveBufferPool buffers() {
        return buffers;
    }
}
