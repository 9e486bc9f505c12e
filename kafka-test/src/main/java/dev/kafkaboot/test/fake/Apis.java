package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the brokers of a cluster can be asked: the APIs that are built, in the versions that the broker's release offers. */
final class Apis {

    private final FakeKafka cluster;
    private final EnumMap<ApiKey, ApiPart> parts = new EnumMap<>(ApiKey.class);
    private final EnumMap<ApiKey, Api<?, ?>> added = new EnumMap<>(ApiKey.class);
    private final TreeMap<Integer, Map<Short, Releases.Range>> byBroker = new TreeMap<>();
    private final Map<Short, Releases.Range> usual;

    Apis(FakeKafka cluster) {
        this.cluster = cluster;
        this.usual = Releases.of(cluster.settings().release());
        for (ApiPart part : ApiPart.values()) {
            for (ApiKey key : part.keys()) {
                parts.put(key, part);
            }
        }
    }

    /** Called by the parts. */
    void add(Api<?, ?> api) {
        ApiKey key = api.key();
        if (!parts.containsKey(key)) {
            throw new IllegalStateException("No part has " + key);
        }
        added.put(key, api);
    }

    /** Lets one broker speak as another release does. */
    void release(int brokerId, String release) {
        byBroker.put(brokerId, Releases.of(release));
    }

    /** The API with a number, or null. */
    @Nullable Api<?, ?> find(short id) {
        ApiKey key = ApiKey.forId(id);
        ApiPart part = key == null ? null : parts.get(key);
        if (part == null) {
            return null;
        }
        if (!added.containsKey(key)) {
            part.addTo(this, cluster);
        }
        return added.get(key);
    }

    /** All of them, by number. */
    Set<ApiKey> all() {
        return parts.keySet();
    }

    /** The versions of an API that a broker offers, or null if it does not have it. */
    Releases.@Nullable Range range(FakeBroker broker, ApiKey key) {
        return parts.containsKey(key) ? spoken(byBroker.getOrDefault(broker.id(), usual), key) : null;
    }

    /** The versions of an API that the cluster's release offers, or null if it does not have it. */
    Releases.@Nullable Range range(ApiKey key) {
        return spoken(usual, key);
    }

    private Releases.@Nullable Range spoken(Map<Short, Releases.Range> offered, ApiKey key) {
        if (ApiPart.TELEMETRY.keys().contains(key) && !cluster.settings().clientMetrics()) {
            return null; // brokers without a plug-in that takes clients' metrics do not offer these
        }
        Releases.Range range = Releases.spoken(offered, key);
        boolean isExtended = key == ApiKey.INIT_PRODUCER_ID && cluster.settings().twoPhaseCommit() != TwoPhaseCommit.UNKNOWN;
        return range == null || !isExtended ? range : new Releases.Range(range.lowest(), key.highestUnstableVersion());
    }

    boolean speaks(FakeBroker broker, ApiKey key, short version) {
        Releases.Range range = range(broker, key);
        return range != null && range.holds(version);
    }
}
