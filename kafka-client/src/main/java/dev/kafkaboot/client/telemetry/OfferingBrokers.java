package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.BrokerVersions;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.protocol.ApiKey;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The brokers that take metrics, as far as is known: only those are asked that somebody was connected to already and that offer it, because a broker without a plug-in
 * that takes metrics does not, and nobody is to be connected to for this alone. On the loop.
 */
final class OfferingBrokers {

    private final ClientConnections connections;
    private @Nullable Integer last;
    private @Nullable Integer avoided;
    private @Nullable Integer bootstrap;

    OfferingBrokers(ClientConnections connections) {
        this.connections = connections;
    }

    /** A broker, or one at a bootstrap address, has answered. A client that needs no metadata has nothing but the latter. */
    void saw(int id) {
        if (id < 0) {
            bootstrap = id;
        }
    }

    /** The broker to ask: the one that was asked last, if it can be; else one that is connected; else any that offers it. Null if none does. */
    @Nullable Integer choose() {
        List<Integer> offering = known().filter(this::offers).toList();
        if (last != null && offering.contains(last)) {
            return last;
        }
        List<Integer> others = offering.stream().filter(id -> !id.equals(avoided)).toList();
        List<Integer> candidates = others.isEmpty() ? offering : others;
        List<Integer> ready = candidates.stream().filter(id -> connections.isReady(id, ConnectionClass.GENERAL)).toList();
        last = any(ready.isEmpty() ? candidates : ready);
        return last;
    }

    private Stream<Integer> known() {
        Integer standIn = bootstrap;
        return connections.metadata().snapshot().isEmpty() && standIn != null
                ? Stream.of(standIn)
                : connections.metadata().snapshot().nodes().stream().map(Node::id);
    }

    private @Nullable Integer any(List<Integer> ids) {
        return ids.size() <= 1 ? ids.stream().findFirst().orElse(null) : ids.get(connections.loop().random().nextInt(ids.size()));
    }

    private boolean offers(int id) {
        BrokerVersions versions = connections.versions(id);
        return versions != null && versions.negotiated(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS) >= 0 && versions.negotiated(ApiKey.PUSH_TELEMETRY) >= 0;
    }

    /** The one that was asked last did not answer: the next is another, if there is one. */
    void failed() {
        avoided = last;
        last = null;
    }
}
