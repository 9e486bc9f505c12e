package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which broker coordinates a group or a transactional id, as far as is known. On the loop only.
 *
 * <p>Calls for a key that is being looked up share the answer. An error that passes (COORDINATOR_NOT_AVAILABLE, a lost connection) is tried again,
 * with growing waits, until the caller's limit; any other fails the call.
 */
public final class CoordinatorCache {

    /** From this version on, FindCoordinator takes several keys (KIP-699). */
    private static final int BATCHED_FROM = 4;

    private final EventLoop loop;
    private final Router router;
    private final MetadataSettings settings;
    private final String clientId;
    private final Map<Key, Node> known = new LinkedHashMap<>();
    private final Map<Key, Lookup> lookups = new LinkedHashMap<>();
    private @Nullable ClientClosedException closed;

    CoordinatorCache(EventLoop loop, Router router, MetadataSettings settings, String clientId) {
        this.loop = loop;
        this.router = router;
        this.settings = settings;
        this.clientId = clientId;
    }

    private record Key(CoordinatorType type, String name) {

        @Override
        public String toString() {
            return type + " '" + name + "'";
        }
    }

    /** The coordinator if it is known, else null. */
    public @Nullable Node cached(CoordinatorType type, String key) {
        return known.get(new Key(type, key));
    }

    /** The coordinator, within {@code default.api.timeout.ms}. */
    public CompletableFuture<Node> find(CoordinatorType type, String key) {
        return find(type, key, settings.apiTimeout());
    }

    /**
     * The coordinator.
     *
     * @param limit how long to look for it; then the future fails with a {@link TimeoutException} that tells the last reason
     */
    public CompletableFuture<Node> find(CoordinatorType type, String key, Duration limit) {
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        Key wanted = new Key(type, key);
        Node node = known.get(wanted);
        if (node != null) {
            return CompletableFuture.completedFuture(node);
        }
        Lookup lookup = lookups.get(wanted);
        if (lookup != null) {
            return lookup.waitFor(limit);
        }
        lookup = new Lookup(wanted);
        lookups.put(wanted, lookup);
        CompletableFuture<Node> future = lookup.waitFor(limit);
        lookup.attempt();
        return future;
    }

    /** Forgets a coordinator: it answered that it is not, or was lost. */
    public void invalidate(CoordinatorType type, String key) {
        known.remove(new Key(type, key));
    }

    /** Forgets a coordinator if it is still this broker, so that a late answer of an old one does not discard a new one. */
    public void invalidate(CoordinatorType type, String key, int nodeId) {
        known.computeIfPresent(new Key(type, key), (same, node) -> node.id() == nodeId ? null : node);
    }

    void close(ClientClosedException reason) {
        closed = reason;
        List.copyOf(lookups.values()).forEach(lookup -> lookup.fail(reason));
    }

    /** One key's search, with all who wait for it. It goes on as long as somebody waits. */
    private final class Lookup {

        private final Key key;
        private final Set<Waiter<Node>> waiting = new LinkedHashSet<>();
        private int failures;
        private @Nullable Throwable lastFailure;
        private @Nullable Timer retry;

        Lookup(Key key) {
            this.key = key;
        }

        CompletableFuture<Node> waitFor(Duration limit) {
            CompletableFuture<Node> future = new CompletableFuture<>();
            Waiter<Node> waiter = new Waiter<>(future);
            waiting.add(waiter);
            waiter.endsAt(loop.schedule(limit, () -> expire(waiter, limit)));
            return future;
        }

        private void expire(Waiter<Node> waiter, Duration limit) {
            waiting.remove(waiter);
            if (waiting.isEmpty()) {
                end();
            }
            String reason = lastFailure == null ? "no answer yet; " + router.describeFailures() : String.valueOf(lastFailure.getMessage());
            waiter.fail(new TimeoutException(
                    "The coordinator of " + key + " was not found within " + Times.text(limit) + ": " + reason, lastFailure));
        }

        void attempt() {
            RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, settings.requestTimeout());
            router.<FindCoordinatorResponse>dispatchToAny(null, clientId, ApiKey.FIND_COORDINATOR, this::request, options)
                    .whenComplete((frame, failure) -> {
                if (lookups.get(key) != this) {
                    return;
                }
                if (failure != null) {
                    failed(Failures.cause(failure));
                } else {
                    answered(frame);
                }
            });
        }

        private FindCoordinatorRequest request(int version) {
            return question(key.type, key.name, version);
        }

        private void answered(ReceivedFrame<FindCoordinatorResponse> frame) {
            FindCoordinatorResponse response = frame.response();
            frame.release();
            if (frame.version() < BATCHED_FROM) {
                decide(response.errorCode(), response.errorMessage(), frame.broker(),
                        new Node(response.nodeId(), response.host(), response.port(), null));
                return;
            }
            for (FindCoordinatorResponse.Coordinator found : response.coordinators()) {
                if (found.key().equals(key.name)) {
                    decide(found.errorCode(), found.errorMessage(), frame.broker(),
                            new Node(found.nodeId(), found.host(), found.port(), null));
                    return;
                }
            }
            failed(new KafkaException("Broker " + frame.broker() + " did not tell the coordinator of " + key));
        }

        private void decide(short code, @Nullable String message, Node broker, Node coordinator) {
            ErrorCode error = ErrorCode.forCode(code);
            if (error == ErrorCode.NONE) {
                found(coordinator);
            } else {
                failed(new BrokerException(key.toString(), error, ApiKey.FIND_COORDINATOR, broker, message));
            }
        }

        private void found(Node coordinator) {
            known.put(key, coordinator);
            router.learn(coordinator);
            end();
            take().forEach(waiter -> waiter.complete(coordinator));
        }

        private void failed(Throwable failure) {
            boolean passing = failure instanceof KafkaException told && told.isRetriable();
            if (!passing) {
                fail(failure);
                return;
            }
            lastFailure = failure;
            failures++;
            retry = loop.schedule(settings.retryBackoff().after(failures, loop.random()), this::attempt);
        }

        void fail(Throwable failure) {
            end();
            take().forEach(waiter -> waiter.fail(failure));
        }

        private void end() {
            lookups.remove(key, this);
            if (retry != null) {
                retry.cancel();
            }
        }

        private List<Waiter<Node>> take() {
            List<Waiter<Node>> taken = List.copyOf(waiting);
            waiting.clear();
            return taken;
        }
    }

    /** The question where something is coordinated, in the words of a version (KIP-699). */
    public static FindCoordinatorRequest question(CoordinatorType type, String key, int version) {
        FindCoordinatorRequest request = new FindCoordinatorRequest();
        if (version >= 1) {
            request.keyType(type.id());
        }
        return version >= BATCHED_FROM ? request.coordinatorKeys(List.of(key)) : request.key(key);
    }
}
