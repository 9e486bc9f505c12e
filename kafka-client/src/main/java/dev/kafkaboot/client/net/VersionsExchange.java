package dev.kafkaboot.client.net;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Asks a broker which versions it speaks. It begins with the highest that this library knows; a broker that does not know it names those that it does,
 * and is asked once more (KIP-511).
 */
final class VersionsExchange {

    private final Connection connection;
    private final Node node;

    VersionsExchange(Connection connection, Node node) {
        this.connection = connection;
        this.node = node;
    }

    CompletableFuture<BrokerVersions> run() {
        short highest = ApiKey.API_VERSIONS.highestVersion();
        return ask(highest).thenCompose(response -> ErrorCode.forCode(response.errorCode()) == ErrorCode.UNSUPPORTED_VERSION
                ? ask(fallback(response, highest)).thenApply(this::read)
                : CompletableFuture.completedFuture(read(response)));
    }

    private CompletableFuture<ApiVersionsResponse> ask(short version) {
        ApiVersionsRequest request = new ApiVersionsRequest();
        if (version >= 3) {
            request.clientSoftwareName(Software.NAME).clientSoftwareVersion(Software.VERSION);
        }
        return connection.sendAhead(request, version);
    }

    private static short fallback(ApiVersionsResponse refusal, short tried) {
        for (ApiVersionsResponse.ApiVersion range : refusal.apiKeys()) {
            if (range.apiKey() == ApiKey.API_VERSIONS.id()) {
                short version = (short) Math.min(range.maxVersion(), ApiKey.API_VERSIONS.highestVersion());
                return version < tried && version >= range.minVersion() ? version : 0;
            }
        }
        return 0;
    }

    private BrokerVersions read(ApiVersionsResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            throw new BrokerException("the connection's versions", error, ApiKey.API_VERSIONS, node, null);
        }
        Map<ApiKey, BrokerVersions.Range> ranges = new EnumMap<>(ApiKey.class);
        for (ApiVersionsResponse.ApiVersion range : response.apiKeys()) {
            ApiKey api = ApiKey.forId(range.apiKey());
            if (api != null) {
                ranges.put(api, new BrokerVersions.Range(range.minVersion(), range.maxVersion()));
            }
        }
        Map<String, Short> features = new HashMap<>();
        for (ApiVersionsResponse.FinalizedFeatureKey feature : response.finalizedFeatures()) {
            features.put(feature.name(), feature.maxVersionLevel());
        }
        return new BrokerVersions(ranges, features);
    }
}
