package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.net.ConnectionPool;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the broker that a request goes to: one by its id, the controller, or whichever has the least to do. On the loop only.
 *
 * <p>Until the cluster was reached, and again when none of its brokers can be reached (KIP-899) or one of them says so (KIP-1102), the bootstrap addresses
 * stand in, unless {@code metadata.recovery.strategy} says that they must not.
 */
final class Router {

    /** How many brokers are remembered that metadata does not show; a cluster in which coordinators name ever other ones costs no more than that. */
    private static final int LEARNED_MAX = 100;

    private final EventLoop loop;
    private final ConnectionPool pool;
    private final List<Node> bootstrap;
    private final boolean mayStartAnew;
    private final Map<Integer, Node> learned = new LinkedHashMap<>();
    private ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    private boolean startsAnew;
    private boolean namedByStandIn;
    private Function<Duration, CompletableFuture<ClusterSnapshot>> refresh =
            limit -> CompletableFuture.failedFuture(new IllegalStateException("There is no metadata yet"));

    Router(EventLoop loop, ConnectionPool pool, List<Node> bootstrap, boolean mayStartAnew) {
        this.loop = loop;
        this.pool = pool;
        this.bootstrap = bootstrap;
        this.mayStartAnew = mayStartAnew;
    }

    /** Says how metadata is had when a broker is not known. */
    void refreshWith(Function<Duration, CompletableFuture<ClusterSnapshot>> source) {
        refresh = source;
    }

    ConnectionPool pool() {
        return pool;
    }

    /** The cluster has changed. */
    void changed(ClusterSnapshot now) {
        snapshot = now;
        learned.keySet().removeAll(now.nodesById().keySet());
        List<Node> known = new ArrayList<>(now.nodes());
        known.addAll(learned.values());
        pool.retain(known);
    }

    /** What is known of the cluster is not to be trusted: the bootstrap addresses are asked next, if they may be. */
    void startAnew() {
        startsAnew = mayStartAnew;
    }

    boolean startsAnew() {
        return startsAnew;
    }

    /** Metadata was had from this broker or bootstrap address. */
    void started(Node source) {
        startsAnew = false;
        namedByStandIn = source.id() < 0;
    }

    /** Takes note of a broker that an answer named and metadata does not show yet. */
    void learn(Node node) {
        Node known = snapshot.node(node.id());
        if (known == null) {
            learned.remove(node.id());
            if (learned.size() >= LEARNED_MAX) {
                learned.remove(learned.keySet().iterator().next());
            }
            learned.put(node.id(), node);
        }
    }

    private @Nullable Node node(int id) {
        if (id < 0) {
            return bootstrap.stream().filter(node -> node.id() == id).findFirst().orElse(null);
        }
        Node node = snapshot.node(id);
        return node != null ? node : learned.get(id);
    }

    <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatch(
            @Nullable ClientConnections owner,
            String clientId,
            ApiKey api,
            IntFunction<? extends RequestMessage<R>> byVersion,
            int nodeId,
            RequestOptions options) {
        Node node = node(nodeId);
        if (node != null) {
            return send(owner, clientId, api, byVersion, node, options);
        }
        long startedNanos = loop.nanoTime();
        return refresh.apply(options.timeout()).thenCompose(now -> {
            Node found = node(nodeId);
            if (found == null) {
                return CompletableFuture.failedFuture(new DisconnectException(
                        api + " was not sent: broker " + nodeId + " is not known, the cluster shows " + now.nodes(), null,
                        /* mayHaveBeenReceived= */ false));
            }
            return send(owner, clientId, api, byVersion, found, left(options, startedNanos));
        });
    }

    /** Sends a request, unless its client was closed while the broker was looked for: nobody would close a connection that it opens now. */
    private <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> send(
            @Nullable ClientConnections owner,
            String clientId,
            ApiKey api,
            IntFunction<? extends RequestMessage<R>> byVersion,
            Node node,
            RequestOptions options) {
        return owner != null && owner.isClosed()
                ? CompletableFuture.failedFuture(new ClientClosedException("The client was closed"))
                : pool.dispatch(owner, clientId, api, byVersion, node, options);
    }

    <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatchToController(
            @Nullable ClientConnections owner,
            String clientId,
            ApiKey api,
            IntFunction<? extends RequestMessage<R>> byVersion,
            RequestOptions options) {
        Node controller = snapshot.controller();
        if (controller != null) {
            return dispatch(owner, clientId, api, byVersion, controller.id(), options);
        }
        long startedNanos = loop.nanoTime();
        return refresh.apply(options.timeout()).thenCompose(now -> {
            Node found = now.controller();
            RequestOptions rest = left(options, startedNanos);
            // A cluster that tells no controller may still have a broker that forwards to it.
            return found == null
                    ? dispatchToAny(owner, clientId, api, byVersion, rest)
                    : dispatch(owner, clientId, api, byVersion, found.id(), rest);
        });
    }

    <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatchToAny(
            @Nullable ClientConnections owner,
            String clientId,
            ApiKey api,
            IntFunction<? extends RequestMessage<R>> byVersion,
            RequestOptions options) {
        return dispatchToAny(owner, clientId, api, byVersion, options, node -> {});
    }

    /** The same; {@code chosen} hears of each broker that is tried. */
    <R extends ResponseMessage> CompletableFuture<ReceivedFrame<R>> dispatchToAny(
            @Nullable ClientConnections owner,
            String clientId,
            ApiKey api,
            IntFunction<? extends RequestMessage<R>> byVersion,
            RequestOptions options,
            Consumer<Node> chosen) {
        Search<R> search = new Search<>(attempt -> send(owner, clientId, api, byVersion, attempt.broker(), attempt.options()), options, chosen);
        search.tryNext();
        return search.outcome;
    }

    /** One more broker to send the request to. */
    private record Attempt(Node broker, RequestOptions options) {}

    /**
     * A request on its way to whichever broker takes it.
     *
     * <p>A single broker that lags behind must not lock the client out, so what one refuses is tried with another. But a wrong password is told at once, and not
     * tried on a whole cluster: it is the outcome as soon as two refuse it, or one does and no other can be reached.
     */
    private final class Search<R extends ResponseMessage> {

        private static final int REFUSALS_MAX = 2;

        private final Function<Attempt, CompletableFuture<ReceivedFrame<R>>> sending;
        private final RequestOptions options;
        private final Consumer<Node> chosen;
        private final long startedNanos = loop.nanoTime();
        private final Map<Integer, AuthenticationException> refusals = new LinkedHashMap<>();
        private final CompletableFuture<ReceivedFrame<R>> outcome = new CompletableFuture<>();

        Search(Function<Attempt, CompletableFuture<ReceivedFrame<R>>> sending, RequestOptions options, Consumer<Node> chosen) {
            this.sending = sending;
            this.options = options;
            this.chosen = chosen;
        }

        void tryNext() {
            Node node = pool.leastLoaded(others());
            chosen.accept(node);
            sending.apply(new Attempt(node, left(options, startedNanos))).whenComplete((frame, wrapped) -> {
                if (wrapped == null) {
                    outcome.complete(frame);
                    return;
                }
                try {
                    failed(node, Failures.cause(wrapped));
                } catch (RuntimeException defect) { // who waits would wait for ever
                    outcome.completeExceptionally(defect);
                }
            });
        }

        private Collection<Node> others() {
            return candidates().stream().filter(node -> !refusals.containsKey(node.id())).toList();
        }

        private void failed(Node node, Throwable failure) {
            if (node.id() >= 0) {
                namedByStandIn = false;
            }
            boolean isUntouched = failure instanceof AuthenticationException || failure instanceof DisconnectException lost && !lost.mayHaveBeenReceived();
            boolean isExpired = left(options, startedNanos).timeout().isZero();
            if (failure instanceof AuthenticationException refusal) {
                refusals.putIfAbsent(node.id(), refusal);
            }
            if (isUntouched && !isExpired && !isRefused()) {
                tryNext();
            } else if (isUntouched && !refusals.isEmpty()) {
                outcome.completeExceptionally(refusals.values().iterator().next());
            } else if (isExpired && pool.isFailed(node.id())) {
                outcome.completeExceptionally(unreachable(options.timeout(), failure));
            } else {
                outcome.completeExceptionally(failure);
            }
        }

        private boolean isRefused() {
            return refusals.size() >= REFUSALS_MAX || !refusals.isEmpty() && others().stream().allMatch(node -> pool.isFailed(node.id()));
        }
    }

    /** What to say when nobody could be reached. */
    TimeoutException unreachable(Duration limit, @Nullable Throwable last) {
        return new TimeoutException("No broker could be reached within " + Times.text(limit) + ": " + describeFailures(), last);
    }

    /** Each broker that could not be reached, with the last reason and the number of attempts; not again by its bootstrap address. */
    String describeFailures() {
        Set<String> named = new HashSet<>();
        List<Node> brokers = candidates().stream().filter(node -> named.add(node.address())).toList();
        return pool.describeFailures(brokers);
    }

    /** Whether every broker that there is to ask failed when it was last tried. */
    boolean isCutOff() {
        return candidates().stream().allMatch(node -> pool.isFailed(node.id()));
    }

    private Collection<Node> candidates() {
        if (snapshot.isEmpty() || startsAnew && bootstrap.stream().anyMatch(node -> !pool.isFailed(node.id()))) {
            return bootstrap;
        }
        if (!mayStartAnew) {
            return snapshot.nodes();
        }
        // A bootstrap address that has answered never fails, and what is known of it is forgotten when its connection is not needed any more: it would
        // be asked ever after, and the brokers that it names, which failed before, would not be tried again.
        if (!startsAnew && (namedByStandIn || snapshot.nodes().stream().anyMatch(node -> !pool.isFailed(node.id())))) {
            return snapshot.nodes();
        }
        List<Node> all = new ArrayList<>(snapshot.nodes());
        all.addAll(bootstrap);
        return all;
    }

    private RequestOptions left(RequestOptions options, long startedNanos) {
        return options.after(Duration.ofNanos(loop.nanoTime() - startedNanos));
    }
}
