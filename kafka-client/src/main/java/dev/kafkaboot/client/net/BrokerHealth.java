package dev.kafkaboot.client.net;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the attempts to reach each broker went, and so how long to wait before the next. On the loop only, but for {@link #states()}.
 *
 * <p>Failures that fall into one wait count once: when a broker goes down, all of its connections are lost together.
 *
 * <p>What is counted belongs to a broker at an address. One that comes back at another address owes nothing for the old one, and what becomes of a
 * connection to the old address says nothing of the new one.
 */
final class BrokerHealth {

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Map<Way, Attempts> attempts = new LinkedHashMap<>();
    private final Map<Integer, Attempts> current = new HashMap<>();
    private final Map<Integer, BrokerState> published = new ConcurrentHashMap<>();
    private volatile List<Node> all = List.of();

    BrokerHealth(EventLoop loop, ConnectionSettings settings) {
        this.loop = loop;
        this.settings = settings;
    }

    /** A broker at an address. */
    private record Way(int id, String host, int port) {

        static Way to(Node node) {
            return new Way(node.id(), node.host(), node.port());
        }
    }

    private static final class Attempts {

        private final Way way;
        private @Nullable AddressHistory addresses; // of those that were connected to; there may be many that are merely known
        private Node node;
        private int ready;
        private int failures;
        private long pauseUntilNanos;
        private @Nullable String lastError;
        private @Nullable AuthenticationException refusal;
        private @Nullable Instant since;

        Attempts(Way way, Node node) {
            this.way = way;
            this.node = node;
        }
    }

    private @Nullable Attempts find(Node node) {
        return attempts.get(Way.to(node));
    }

    private Attempts of(Node node) {
        Attempts found = attempts.computeIfAbsent(Way.to(node), way -> new Attempts(way, node));
        found.node = node;
        return found;
    }

    /** From now on this is where the broker is. */
    void aim(Node node) {
        Attempts found = of(node);
        Attempts before = current.put(node.id(), found);
        if (before != null) {
            forgetIfPast(before);
        }
    }

    /** Whether this is where its broker is, and the broker is one that counts. */
    private boolean isCurrent(Attempts found) {
        return current.get(found.way.id()) == found;
    }

    private void forgetIfPast(Attempts found) {
        if (!isCurrent(found) && found.ready == 0) {
            attempts.remove(found.way);
        }
    }

    void connected(Node node) {
        Attempts found = of(node);
        found.ready++;
        found.failures = 0;
        found.lastError = null;
        found.refusal = null;
        found.since = now();
        publish(found);
    }

    /** A connection is over; {@code fault} is null if nothing was wrong. */
    void disconnected(Node node, boolean wasReady, @Nullable Throwable fault) {
        Attempts found = of(node);
        if (wasReady) {
            found.ready--;
        }
        if (!isCurrent(found)) {
            forgetIfPast(found);
            return;
        }
        if (fault != null) {
            found.lastError = Diagnosis.reason(fault);
            found.refusal = fault instanceof AuthenticationException refused ? refused : null;
            found.since = now();
            long nanos = loop.nanoTime();
            if (found.failures == 0 || nanos - found.pauseUntilNanos >= 0) {
                found.failures++;
                found.pauseUntilNanos = nanos + settings.reconnect().after(found.failures, loop.random()).toNanos();
            }
        }
        publish(found);
    }

    private Instant now() {
        return Instant.ofEpochMilli(loop.currentTimeMillis());
    }

    boolean isFailed(int nodeId) {
        Attempts found = current.get(nodeId);
        return found != null && found.failures > 0 && found.ready == 0;
    }

    /** How long to wait before the broker is tried. */
    Duration pause(Node node) {
        Attempts found = find(node);
        if (found == null || found.failures == 0) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, found.pauseUntilNanos - loop.nanoTime()));
    }

    /** Why a connection that is made now would not be let in, as far as is known; null if it may be tried. */
    @Nullable AuthenticationException refusal(Node node) {
        Attempts found = find(node);
        return found == null || found.refusal == null || found.pauseUntilNanos - loop.nanoTime() <= 0 ? null : found.refusal;
    }

    /** The limit for setting up the next connection. */
    Duration setupLimit(Node node) {
        Attempts found = find(node);
        return settings.setup().withoutJitter(found == null ? 1 : found.failures + 1);
    }

    /** Which of the broker's addresses did not work. */
    AddressHistory addresses(Node node) {
        Attempts found = of(node);
        AddressHistory addresses = found.addresses;
        if (addresses == null) {
            addresses = new AddressHistory();
            found.addresses = addresses;
        }
        return addresses;
    }

    /** What went wrong last, beginning with the broker's name. */
    String describe(Node node) {
        Attempts found = find(node);
        if (found == null || found.lastError == null) {
            return Diagnosis.name(node) + (found != null && found.ready > 0 ? " is connected" : " has not answered yet");
        }
        return Diagnosis.name(node) + " " + found.lastError + (found.failures > 1 ? " (" + found.failures + " attempts)" : "");
    }

    /** Forgets brokers that are gone; one that still has connections, when the last is closed. */
    void retain(Collection<Node> known) {
        Set<Integer> ids = known.stream().map(Node::id).collect(Collectors.toSet());
        current.keySet().retainAll(ids);
        published.keySet().retainAll(ids);
        all = List.copyOf(known);
        known.stream().filter(node -> current.containsKey(node.id())).forEach(this::aim); // of the others there is nothing to remember yet
        for (Attempts found : List.copyOf(attempts.values())) {
            forgetIfPast(found);
            publish(found);
        }
    }

    private void publish(Attempts found) {
        if (!isCurrent(found)) {
            return;
        }
        published.put(found.node.id(),
                new BrokerState(found.node, found.ready, found.ready > 0 ? 0 : found.failures, found.lastError, found.since));
    }

    List<BrokerState> states() {
        Map<Integer, BrokerState> states = new TreeMap<>();
        all.forEach(node -> states.put(node.id(), new BrokerState(node, 0, 0, null, null)));
        states.putAll(published);
        return List.copyOf(states.values());
    }

    /** How many brokers and addresses are remembered. */
    int size() {
        return attempts.size();
    }
}
