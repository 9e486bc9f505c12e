package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicIdPartition;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hears what became of acknowledgements. */
@FunctionalInterface
public interface AcknowledgementCommitCallback {

    /**
     * A broker has answered acknowledgements, or will not. Called on the callback executor, once for each acknowledgement; it may call the consumer. What it throws
     * is logged.
     *
     * @param offsets the offsets that were acknowledged
     * @param failure null if the broker has taken them; else why it has not, or why that is not known
     */
    void onComplete(Map<TopicIdPartition, Set<Long>> offsets, @Nullable KafkaException failure);
}
