package dev.kafkaboot.test;

import java.util.Map;

/**
 * A Kafka cluster for tests, behind loopback sockets: what {@link RealKafka} and {@link FakeKafkaServer} have in common, so that
 * the same test runs on either.
 *
 * <p>Thread-safe.
 */
public interface TestKafka extends AutoCloseable {

    /** What a client takes as {@code bootstrap.servers}: every broker's address. */
    String bootstrapServers();

    /** How many brokers there are, running or not. Their ids are 1 to n. */
    int brokerCount();

    /** Creates a topic that is there for every broker when the call returns. */
    void createTopic(String name, int partitions);

    /**
     * Creates a topic that is there for every broker when the call returns.
     *
     * @param replicationFactor on how many brokers each partition is kept; -1 for the default
     * @param configs the topic's configuration, by Kafka's names
     */
    void createTopic(String name, int partitions, int replicationFactor, Map<String, String> configs);

    /** Ends a broker at once: nothing is handed over, connections break. Does nothing if it is not running. */
    void killBroker(int id);

    /** Shuts a broker down in order: what it leads is handed over first. Does nothing if it is not running. */
    void stopBroker(int id);

    /** Starts a broker again, at the address and with the data that it had. Does nothing if it is running. */
    void startBroker(int id);

    /** Ends the cluster. Does nothing the second time. */
    @Override
    void close();
}
