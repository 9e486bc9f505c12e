package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.consumer.ShareAcknowledgementMode;
import dev.kafkaboot.client.consumer.ShareAcquireMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The {@code kafka.share-consumer.*} properties, of members of share groups (KIP-932). What is null is left to the client's own default. Servers and security are those
 * of consumers.
 */
public class KafkaShareConsumerProperties {

    /** Who acknowledges records: the next poll or commit, or the application one by one. Listener containers acknowledge one by one, whatever this says. */
    private @Nullable ShareAcknowledgementMode acknowledgementMode;

    /** Whether whole batches are acquired, which is fast and may be more than 'max-poll-records', or never more than that (KIP-1206). */
    private @Nullable ShareAcquireMode acquireMode;

    /** Name under which brokers log, count and throttle the requests of share consumers. Defaults to that of consumers. */
    private @Nullable String clientId;

    /** Longest time that the server waits before it answers a fetch that has not enough data yet. */
    private @Nullable Duration fetchMaxWait;

    /** Least amount of data that the server collects for the answer to a fetch. */
    private @Nullable DataSize fetchMinSize;

    /** Name of the share group. A listener's own group or id takes precedence. */
    private @Nullable String groupId;

    /** Deserializer of keys: a well-known name, the name of a bean or that of a class. Defaults to that of consumers. */
    private @Nullable String keyDeserializer;

    /** Deserializer of values: a well-known name, the name of a bean or that of a class. Defaults to that of consumers. */
    private @Nullable String valueDeserializer;

    /** Most records that one poll hands out; up to the end of a batch, unless the acquire mode says otherwise. */
    private @Nullable Integer maxPollRecords;

    /** Longest time between two polls before the consumer leaves its group. */
    private @Nullable Duration maxPollInterval;

    /** Additional settings of share consumers by Kafka's own names. */
    private final Map<String, String> properties = new LinkedHashMap<>();

    public @Nullable ShareAcknowledgementMode getAcknowledgementMode() {
        return acknowledgementMode;
    }

    public void setAcknowledgementMode(@Nullable ShareAcknowledgementMode acknowledgementMode) {
        this.acknowledgementMode = acknowledgementMode;
    }

    public @Nullable ShareAcquireMode getAcquireMode() {
        return acquireMode;
    }

    public void setAcquireMode(@Nullable ShareAcquireMode acquireMode) {
        this.acquireMode = acquireMode;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public @Nullable Duration getFetchMaxWait() {
        return fetchMaxWait;
    }

    public void setFetchMaxWait(@Nullable Duration fetchMaxWait) {
        this.fetchMaxWait = fetchMaxWait;
    }

    public @Nullable DataSize getFetchMinSize() {
        return fetchMinSize;
    }

    public void setFetchMinSize(@Nullable DataSize fetchMinSize) {
        this.fetchMinSize = fetchMinSize;
    }

    public @Nullable String getGroupId() {
        return groupId;
    }

    public void setGroupId(@Nullable String groupId) {
        this.groupId = groupId;
    }

    public @Nullable String getKeyDeserializer() {
        return keyDeserializer;
    }

    public void setKeyDeserializer(@Nullable String keyDeserializer) {
        this.keyDeserializer = keyDeserializer;
    }

    public @Nullable String getValueDeserializer() {
        return valueDeserializer;
    }

    public void setValueDeserializer(@Nullable String valueDeserializer) {
        this.valueDeserializer = valueDeserializer;
    }

    public @Nullable Integer getMaxPollRecords() {
        return maxPollRecords;
    }

    public void setMaxPollRecords(@Nullable Integer maxPollRecords) {
        this.maxPollRecords = maxPollRecords;
    }

    public @Nullable Duration getMaxPollInterval() {
        return maxPollInterval;
    }

    public void setMaxPollInterval(@Nullable Duration maxPollInterval) {
        this.maxPollInterval = maxPollInterval;
    }

    public Map<String, String> getProperties() {
        return properties;
    }
}
