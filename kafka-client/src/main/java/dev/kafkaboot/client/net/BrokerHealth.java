package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the attempts to reach each broker went, and so how long to wait before the next. On the loop only, but for {@link #states()}.
 *
 * <p>Failures that fall into one wait count once: when a broker goes down, all of its connections are lost together.
 */
final class BrokerHealth {

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Map<Integer, Attempts> attempts = new HashMap<>();
    private final Map<Integer, BrokerState> published = new ConcurrentHashMap<>();

    BrokerHealth(EventLoop loop, ConnectionSettings settings) {
        this.loop = loop;
        this.settings = settings;
    }

    private static final class Attempts {

        private Node node;
        private int ready;
        private int failures;
        private long pauseUntilNanos;
        private @Nullable String lastError;
        private @Nullable Instant since;
        private boolean gone;

        Attempts(Node node) {
            this.node = node;
        }
    }

    private Attempts of(Node node) {
        Attempts found = attempts.computeIfAbsent(node.id(), absent -> new Attempts(node));
        found.node = node;
        return found;
    }

    void connected(Node node) {
        Attempts found = of(node);
        found.ready++;
        found.gone = false;
        found.failures = 0;
        found.lastError = null;
        found.since = now();
        publish(found);
    }

    /** A connection is over; {@code fault} is null if nothing was wrong. */
    void disconnected(Node node, boolean wasReady, @Nullable Throwable fault) {
        Attempts found = of(node);
        if (wasReady) {
            found.ready--;
        }
        if (wasReady && found.gone) {
            forgetIfUnused(found);
            return;
        }
        found.gone = false;
        if (fault != null) {
            found.lastError = Diagnosis.reason(fault);
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
        Attempts found = attempts.get(nodeId);
        return found != null && found.failures > 0 && found.ready == 0;
    }

    /** How long to wait before the broker is tried. */
    Duration pause(Node node) {
        Attempts found = attempts.get(node.id());
        if (found == null || found.failures == 0) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, found.pauseUntilNanos - loop.nanoTime()));
    }

    /** The limit for setting up the next connection. */
    Duration setupLimit(Node node) {
        Attempts found = attempts.get(node.id());
        return settings.setup().withoutJitter(found == null ? 1 : found.failures + 1);
    }

    /** What went wrong last, beginning with the broker's name. */
    String describe(Node node) {
        Attempts found = attempts.get(node.id());
        if (found == null || found.lastError == null) {
            return Diagnosis.name(node) + (found != null && found.ready > 0 ? " is connected" : " has not answered yet");
        }
        return Diagnosis.name(node) + " " + found.lastError + (found.failures > 1 ? " (" + found.failures + " attempts)" : "");
    }

    /** Forgets brokers that are gone; one that still has connections, when the last is closed. */
    void retain(Collection<Node> known) {
        Set<Integer> ids = known.stream().map(Node::id).collect(Collectors.toSet());
        for (Attempts found : List.copyOf(attempts.values())) {
            found.gone = !ids.contains(found.node.id());
            if (found.gone) {
                published.remove(found.node.id());
                forgetIfUnused(found);
            }
        }
        known.forEach(node -> publish(of(node)));
    }

    private void forgetIfUnused(Attempts found) {
        if (found.ready == 0) {
            attempts.remove(found.node.id());
        }
    }

    private void publish(Attempts found) {
        published.put(found.node.id(),
                new BrokerState(found.node, found.ready, found.ready > 0 ? 0 : found.failures, found.lastError, found.since));
    }

    List<BrokerState> states() {
        return published.values().stream().sorted(Comparator.comparingInt(state -> state.broker().id())).toList();
    }
}
