package dev.kafkaboot.client.cluster;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the broker that a request goes to: one by its id, the controller, or whichever has the least to do. On the loop only.
 *
 * <p>Until the cluster was reached, and again when none of its brokers can be reached (KIP-899) or one of them says so (KIP-1102), the bootstrap addresses
 * stand in.
 */
final class Router {

    private final EventLoop loop;
    private final ConnectionPool pool;
    private final List<Node> bootstrap;
    private final Map<Integer, Node> learned = new LinkedHashMap<>();
    private ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    private boolean startsAnew;
    private boolean namedByStandIn;
    private Function<Duration, CompletableFuture<ClusterSnapshot>> refresh =
            limit -> CompletableFuture.failedFuture(new IllegalStateException("There is no metadata yet"));

    Router(EventLoop loop, ConnectionPool pool, List<Node> bootstrap) {
        this.loop = loop;
        this.pool = pool;
        this.bootstrap = bootstrap;
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

    /** What is known of the cluster is not to be trusted: the bootstrap addresses are asked next. */
    void startAnew() {
        startsAnew = true;
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
        CompletableFuture<ReceivedFrame<R>> outcome = new CompletableFuture<>();
        tryAny(owner, clientId, api, byVersion, options, chosen, loop.nanoTime(), outcome);
        return outcome;
    }

    private <R extends ResponseMessage> void tryAny(
            @Nullable ClientConnections owner,
            String clientId,
            ApiKey api,
            IntFunction<? extends RequestMessage<R>> byVersion,
            RequestOptions options,
            Consumer<Node> chosen,
            long startedNanos,
            CompletableFuture<ReceivedFrame<R>> outcome) {
        Node node = pool.leastLoaded(candidates());
        chosen.accept(node);
        RequestOptions rest = left(options, startedNanos);
        send(owner, clientId, api, byVersion, node, rest).whenComplete((frame, wrapped) -> {
            if (wrapped == null) {
                outcome.complete(frame);
                return;
            }
            if (node.id() >= 0) {
                namedByStandIn = false;
            }
            Throwable failure = Failures.cause(wrapped);
            boolean expired = left(options, startedNanos).timeout().isZero();
            if (failure instanceof DisconnectException lost && !lost.mayHaveBeenReceived() && !expired) {
                tryAny(owner, clientId, api, byVersion, options, chosen, startedNanos, outcome);
            } else if (expired && pool.isFailed(node.id())) {
                outcome.completeExceptionally(unreachable(options.timeout(), failure));
            } else {
                outcome.completeExceptionally(failure);
            }
        });
    }

    /** What to say when nobody could be reached. */
    TimeoutException unreachable(Duration limit, @Nullable Throwable last) {
        return new TimeoutException("No broker could be reached within " + Times.text(limit) + ": " + describeFailures(), last);
    }

    /** Each broker that could not be reached, with the last reason and the number of attempts. */
    String describeFailures() {
        return pool.describeFailures(candidates());
    }

    /** Whether every broker that there is to ask failed when it was last tried. */
    boolean isCutOff() {
        return candidates().stream().allMatch(node -> pool.isFailed(node.id()));
    }

    private Collection<Node> candidates() {
        if (snapshot.isEmpty() || startsAnew) {
            return bootstrap;
        }
        // A bootstrap address that has answered never fails, and what is known of it is forgotten when its connection is not needed any more: it would
        // be asked ever after, and the brokers that it names, which failed before, would not be tried again.
        if (namedByStandIn || snapshot.nodes().stream().anyMatch(node -> !pool.isFailed(node.id()))) {
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
