package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.net.Backoff;
import java.time.Duration;

/**
 * How the cluster is asked about itself.
 *
 * @param maxAge when metadata is fetched anew though nobody asked
 * @param apiTimeout limit of what waits for metadata or a coordinator and was given none
 * @param requestTimeout limit of one request
 * @param retryBackoff waits between requests that brought nothing
 */
record MetadataSettings(Duration maxAge, Duration apiTimeout, Duration requestTimeout, Backoff retryBackoff) {

    static MetadataSettings of(ClientConfig config) {
        return new MetadataSettings(
                config.get(CommonConfig.METADATA_MAX_AGE),
                config.get(CommonConfig.DEFAULT_API_TIMEOUT),
                config.get(CommonConfig.REQUEST_TIMEOUT),
                new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX)));
    }
}
