package dev.kafkaboot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/** The {@code kafka.producer.*} properties. What is null is left to the client's own default. */
public class KafkaProducerProperties {

    /** How many replicas must have a record before it counts as sent. */
    private @Nullable String acks;

    /** Size of a batch of records that an idle producer aims at. 0 switches batching off. */
    private @Nullable DataSize batchSize;

    /** Comma-separated list of brokers that producers ask first, each as host:port. Overrides the global one, for producers. */
    private @Nullable List<String> bootstrapServers;

    /** Memory for records that wait to be sent. */
    private @Nullable DataSize bufferMemory;

    /** Name under which brokers log, count and throttle the requests of producers. */
    private @Nullable String clientId;

    /** Compression of the batches that are sent. */
    private @Nullable String compressionType;

    /** Limit from the call of send until the record is acknowledged or has failed. */
    private @Nullable Duration deliveryTimeout;

    /** Serializer of keys: a well-known name, the name of a bean or that of a class. */
    private @Nullable String keySerializer;

    /** Serializer of values: a well-known name, the name of a bean or that of a class. Defaults to JSON if Jackson is present and to text otherwise. */
    private @Nullable String valueSerializer;

    /** Time that a batch waits for more records before it is sent. */
    private @Nullable Duration linger;

    /** Longest time that send waits for buffer memory. */
    private @Nullable Duration maxBlock;

    /** Largest request, and largest record, that is sent. */
    private @Nullable DataSize maxRequestSize;

    /** Whether records without a key go rather to partitions for which less waits to be sent. */
    private @Nullable Boolean partitionerAdaptive;

    /** Time after which records without a key go to no partition of a broker to which nothing could be sent for so long; 0 for never. */
    private @Nullable Duration partitionerAvailabilityTimeout;

    /** Whether records with a key go where those without one go. */
    private @Nullable Boolean partitionerIgnoreKeys;

    /** Whether records without a key go to partitions whose leader is in the client's own rack, as long as there are such. Needs 'client.rack'. */
    private @Nullable Boolean partitionerRackAware;

    /** Most attempts to send a batch again. The limit that matters is 'delivery-timeout'. */
    private @Nullable Integer retries;

    /**
     * Makes the producer transactional: the name by which the coordinator knows it from one life to the next. It has to be another one for each instance of the
     * application.
     */
    private @Nullable String transactionalId;

    /** Time after which the coordinator aborts a transaction that is still open. Needs 'transactional-id'. */
    private @Nullable Duration transactionTimeout;

    /** Whether somebody else decides on the producer's transactions, which it prepares (KIP-939). Needs 'transactional-id', and brokers that allow it. */
    private @Nullable Boolean transactionTwoPhaseCommitEnable;

    /** Settings of single topics, by the topic's name: where batching and compression differ there. A name with dots is written in brackets. */
    private final Map<String, KafkaProducerTopicProperties> topics = new LinkedHashMap<>();

    /** Additional settings of producers by Kafka's own names. */
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** How connections are protected. */
    @NestedConfigurationProperty
    private final KafkaSecurityProperties security = new KafkaSecurityProperties();

    /** Keys, certificates and settings of TLS. */
    @NestedConfigurationProperty
    private final KafkaSslProperties ssl = new KafkaSslProperties();

    public @Nullable String getAcks() {
        return acks;
    }

    public void setAcks(@Nullable String acks) {
        this.acks = acks;
    }

    public @Nullable DataSize getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(@Nullable DataSize batchSize) {
        this.batchSize = batchSize;
    }

    public @Nullable List<String> getBootstrapServers() {
        return bootstrapServers;
    }

    public void setBootstrapServers(@Nullable List<String> bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public @Nullable DataSize getBufferMemory() {
        return bufferMemory;
    }

    public void setBufferMemory(@Nullable DataSize bufferMemory) {
        this.bufferMemory = bufferMemory;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public @Nullable String getCompressionType() {
        return compressionType;
    }

    public void setCompressionType(@Nullable String compressionType) {
        this.compressionType = compressionType;
    }

    public @Nullable Duration getDeliveryTimeout() {
        return deliveryTimeout;
    }

    public void setDeliveryTimeout(@Nullable Duration deliveryTimeout) {
        this.deliveryTimeout = deliveryTimeout;
    }

    public @Nullable String getKeySerializer() {
        return keySerializer;
    }

    public void setKeySerializer(@Nullable String keySerializer) {
        this.keySerializer = keySerializer;
    }

    public @Nullable String getValueSerializer() {
        return valueSerializer;
    }

    public void setValueSerializer(@Nullable String valueSerializer) {
        this.valueSerializer = valueSerializer;
    }

    public @Nullable Duration getLinger() {
        return linger;
    }

    public void setLinger(@Nullable Duration linger) {
        this.linger = linger;
    }

    public @Nullable Duration getMaxBlock() {
        return maxBlock;
    }

    public void setMaxBlock(@Nullable Duration maxBlock) {
        this.maxBlock = maxBlock;
    }

    public @Nullable DataSize getMaxRequestSize() {
        return maxRequestSize;
    }

    public void setMaxRequestSize(@Nullable DataSize maxRequestSize) {
        this.maxRequestSize = maxRequestSize;
    }

    public @Nullable Boolean getPartitionerAdaptive() {
        return partitionerAdaptive;
    }

    public void setPartitionerAdaptive(@Nullable Boolean partitionerAdaptive) {
        this.partitionerAdaptive = partitionerAdaptive;
    }

    public @Nullable Duration getPartitionerAvailabilityTimeout() {
        return partitionerAvailabilityTimeout;
    }

    public void setPartitionerAvailabilityTimeout(@Nullable Duration partitionerAvailabilityTimeout) {
        this.partitionerAvailabilityTimeout = partitionerAvailabilityTimeout;
    }

    public @Nullable Boolean getPartitionerIgnoreKeys() {
        return partitionerIgnoreKeys;
    }

    public void setPartitionerIgnoreKeys(@Nullable Boolean partitionerIgnoreKeys) {
        this.partitionerIgnoreKeys = partitionerIgnoreKeys;
    }

    public @Nullable Boolean getPartitionerRackAware() {
        return partitionerRackAware;
    }

    public void setPartitionerRackAware(@Nullable Boolean partitionerRackAware) {
        this.partitionerRackAware = partitionerRackAware;
    }

    public @Nullable Integer getRetries() {
        return retries;
    }

    public void setRetries(@Nullable Integer retries) {
        this.retries = retries;
    }

    public @Nullable String getTransactionalId() {
        return transactionalId;
    }

    public void setTransactionalId(@Nullable String transactionalId) {
        this.transactionalId = transactionalId;
    }

    public @Nullable Duration getTransactionTimeout() {
        return transactionTimeout;
    }

    public void setTransactionTimeout(@Nullable Duration transactionTimeout) {
        this.transactionTimeout = transactionTimeout;
    }

    public @Nullable Boolean getTransactionTwoPhaseCommitEnable() {
        return transactionTwoPhaseCommitEnable;
    }

    public void setTransactionTwoPhaseCommitEnable(@Nullable Boolean transactionTwoPhaseCommitEnable) {
        this.transactionTwoPhaseCommitEnable = transactionTwoPhaseCommitEnable;
    }

    public Map<String, KafkaProducerTopicProperties> getTopics() {
        return topics;
    }

    public Map<String, String> getProperties() {
        return properties;
    }

    public KafkaSecurityProperties getSecurity() {
        return security;
    }

    public KafkaSslProperties getSsl() {
        return ssl;
    }
}
