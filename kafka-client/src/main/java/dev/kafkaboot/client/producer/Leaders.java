package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What is known of the brokers that lead partitions. Any thread. */
interface Leaders {

    /** The broker that leads a partition, or null if it has no leader or is not known. */
    @Nullable Node leader(TopicPartition partition);

    /**
     * Where records of a topic can go that may go anywhere. It is asked for each record, so what was answered before is answered again as long as it holds.
     *
     * @param count how many partitions the topic has
     * @param before what was answered before, or null
     */
    Candidates candidates(String topic, int count, @Nullable Candidates before);
}
