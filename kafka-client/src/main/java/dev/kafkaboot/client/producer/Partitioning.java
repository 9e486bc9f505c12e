package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import org.jspecify.annotations.Nullable;

/**
 * How partitions are chosen where records name none.
 *
 * @param own the user's own partitioner, or null; if there is one, the rest has no meaning
 * @param ignoresKeys whether records with keys go where those without go
 * @param isAdaptive whether records without keys go rather where less waits
 * @param rack where the leaders are preferred, or null if their racks do not matter
 */
record Partitioning(@Nullable Partitioner own, boolean ignoresKeys, boolean isAdaptive, @Nullable String rack) {

    static Partitioning of(ClientConfig config) {
        return new Partitioning(
                config.find(ProducerConfig.PARTITIONER), config.get(ProducerConfig.PARTITIONER_IGNORE_KEYS),
                config.get(ProducerConfig.PARTITIONER_ADAPTIVE),
                config.get(ProducerConfig.PARTITIONER_RACK_AWARE) ? config.find(CommonConfig.CLIENT_RACK) : null);
    }
}
