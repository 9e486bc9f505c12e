package dev.kafkaboot.client.producer;

/** Partitioners that are there already, for {@link ProducerBuilder#partitioner}. Without any, see {@link ProducerConfig#PARTITIONER}. */
public final class Partitioners {

    private Partitioners() {}

    /**
     * Each record goes to the topic's next partition that has a leader, whether it has a key or not (KIP-369).
     *
     * <p>As it is asked once for each record, it passes over no partition when a batch is full (KAFKA-9965). Batches are as many and as small as the topic
     * has partitions: without a need for strict turns, the producer's own choice is cheaper.
     */
    public static Partitioner roundRobin() {
        return new RoundRobin();
    }
}
