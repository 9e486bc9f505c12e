package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.ApiKey;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests that a broker takes, each with its range of versions, and the features that its cluster has finalised. Immutable. */
public final class BrokerVersions {

    private final Map<ApiKey, Range> ranges;
    private final Map<String, Short> features;

    BrokerVersions(Map<ApiKey, Range> ranges, Map<String, Short> features) {
        this.ranges = ranges.isEmpty() ? Map.of() : new EnumMap<>(ranges);
        this.features = Map.copyOf(features);
    }

    /**
     * A range of versions, both ends included.
     *
     * @param lowest the lowest
     * @param highest the highest
     */
    public record Range(short lowest, short highest) {

        @Override
        public String toString() {
            return lowest == highest ? "version " + lowest : "versions " + lowest + " to " + highest;
        }
    }

    /** What the broker takes of a request, or null if it does not know it. */
    public @Nullable Range range(ApiKey api) {
        return ranges.get(api);
    }

    /** The version that this client and the broker would speak, or -1 if they have none in common. */
    public int negotiated(ApiKey api) {
        return negotiated(api, Short.MAX_VALUE, /* takesUnstable= */ false);
    }

    /** The same with a ceiling, and maybe with a version that may still change. */
    int negotiated(ApiKey api, int ceiling, boolean takesUnstable) {
        Range range = ranges.get(api);
        if (range == null) {
            return -1;
        }
        int highest = takesUnstable ? api.highestUnstableVersion() : api.highestVersion();
        int version = Math.min(Math.min(highest, range.highest()), ceiling);
        return version >= api.lowestVersion() && version >= range.lowest() ? version : -1;
    }

    /** The finalised level of a cluster feature such as {@code transaction.version} (KIP-584), or 0 if the cluster does not have it. */
    public short feature(String name) {
        return features.getOrDefault(name, (short) 0);
    }
}
