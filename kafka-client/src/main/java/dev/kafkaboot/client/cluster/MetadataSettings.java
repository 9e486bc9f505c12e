package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.MetadataRecovery;
import dev.kafkaboot.client.net.Backoff;
import java.time.Duration;

/**
 * How the cluster is asked about itself.
 *
 * @param maxAge when metadata is fetched anew though nobody asked
 * @param apiTimeout limit of what waits for metadata or a coordinator and was given none
 * @param requestTimeout limit of one request
 * @param retryBackoff waits between requests that brought nothing
 * @param mayStartAnew whether the bootstrap addresses may be asked again
 * @param patience how long known brokers are asked in vain before the bootstrap addresses are
 * @param checksCluster whether a known broker that answers in the name of another cluster is not believed
 */
record MetadataSettings(
        Duration maxAge,
        Duration apiTimeout,
        Duration requestTimeout,
        Backoff retryBackoff,
        boolean mayStartAnew,
        Duration patience,
        boolean checksCluster) {

    static MetadataSettings of(ClientConfig config) {
        boolean mayStartAnew = config.get(CommonConfig.METADATA_RECOVERY) == MetadataRecovery.REBOOTSTRAP;
        return new MetadataSettings(
                config.get(CommonConfig.METADATA_MAX_AGE),
                config.get(CommonConfig.DEFAULT_API_TIMEOUT),
                config.get(CommonConfig.REQUEST_TIMEOUT),
                new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX)),
                mayStartAnew,
                config.get(CommonConfig.METADATA_RECOVERY_TRIGGER),
                mayStartAnew && config.get(CommonConfig.METADATA_CLUSTER_CHECK));
    }
}
