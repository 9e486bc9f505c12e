package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.consumer.CommitMarks;
import dev.kafkaboot.client.consumer.GroupProtocol;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/** The {@code kafka.consumer.*} properties. What is null is left to the client's own default. */
public class KafkaConsumerProperties {

    /**
     * Whether consumers commit in the background what earlier polls handed out. Listener containers commit by themselves and switch it
     * off.
     */
    private @Nullable Boolean enableAutoCommit;

    /** Time between two commits in the background, if 'enable-auto-commit' is on. */
    private @Nullable Duration autoCommitInterval;

    /**
     * Whether the application marks each record that it has finished, and only what is marked without a gap is committed. Listener containers know by themselves what
     * is done, and switch it off.
     */
    private @Nullable CommitMarks commitMarks;

    /** Most records of a partition that are handed out and not marked. Needs 'commit-marks'. */
    private @Nullable Integer maxUnmarkedRecords;

    /** Where to start when the group has no committed offset, or one that is gone from the server. */
    private @Nullable String autoOffsetReset;

    /** Comma-separated list of brokers that consumers ask first, each as host:port. Overrides the global one, for consumers. */
    private @Nullable List<String> bootstrapServers;

    /** Name under which brokers log, count and throttle the requests of consumers. */
    private @Nullable String clientId;

    /** Longest time that the server waits before it answers a fetch that has not enough data yet. */
    private @Nullable Duration fetchMaxWait;

    /** Least amount of data that the server collects for the answer to a fetch. */
    private @Nullable DataSize fetchMinSize;

    /** Name of the consumer group. A listener's own group or id takes precedence. */
    private @Nullable String groupId;

    /**
     * Name of a static member, which keeps its partitions while the application restarts; it has to be another one for each instance of the application. The id of
     * each listener is appended.
     */
    private @Nullable String groupInstanceId;

    /** How partitions are shared out in the group: by one of its members, by the coordinator (KIP-848), or by the coordinator where that is possible. */
    private @Nullable GroupProtocol groupProtocol;

    /** Assignor of the coordinator that consumers wish for. Needs the group protocol 'consumer'. */
    private @Nullable String groupRemoteAssignor;

    /** Time between two heartbeats to the group's coordinator. */
    private @Nullable Duration heartbeatInterval;

    /** Time without a heartbeat after which the coordinator gives a member's partitions to others. */
    private @Nullable Duration sessionTimeout;

    /** Whether records of transactions that are open or were aborted are read. */
    private @Nullable IsolationLevel isolationLevel;

    /** Deserializer of keys: a well-known name, the name of a bean or that of a class. */
    private @Nullable String keyDeserializer;

    /** Deserializer of values: a well-known name, the name of a bean or that of a class. Defaults to JSON if Jackson is present and to text otherwise. */
    private @Nullable String valueDeserializer;

    /** Most records that one poll hands out. */
    private @Nullable Integer maxPollRecords;

    /** Longest time between two polls before the consumer leaves its group. */
    private @Nullable Duration maxPollInterval;

    /** Additional settings of consumers by Kafka's own names. */
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** How connections are protected. */
    @NestedConfigurationProperty
    private final KafkaSecurityProperties security = new KafkaSecurityProperties();

    /** Keys, certificates and settings of TLS. */
    @NestedConfigurationProperty
    private final KafkaSslProperties ssl = new KafkaSslProperties();

    public @Nullable Boolean getEnableAutoCommit() {
        return enableAutoCommit;
    }

    public void setEnableAutoCommit(@Nullable Boolean enableAutoCommit) {
        this.enableAutoCommit = enableAutoCommit;
    }

    public @Nullable Duration getAutoCommitInterval() {
        return autoCommitInterval;
    }

    public void setAutoCommitInterval(@Nullable Duration autoCommitInterval) {
        this.autoCommitInterval = autoCommitInterval;
    }

    public @Nullable CommitMarks getCommitMarks() {
        return commitMarks;
    }

    public void setCommitMarks(@Nullable CommitMarks commitMarks) {
        this.commitMarks = commitMarks;
    }

    public @Nullable Integer getMaxUnmarkedRecords() {
        return maxUnmarkedRecords;
    }

    public void setMaxUnmarkedRecords(@Nullable Integer maxUnmarkedRecords) {
        this.maxUnmarkedRecords = maxUnmarkedRecords;
    }

    public @Nullable String getAutoOffsetReset() {
        return autoOffsetReset;
    }

    public void setAutoOffsetReset(@Nullable String autoOffsetReset) {
        this.autoOffsetReset = autoOffsetReset;
    }

    public @Nullable List<String> getBootstrapServers() {
        return bootstrapServers;
    }

    public void setBootstrapServers(@Nullable List<String> bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
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

    public @Nullable String getGroupInstanceId() {
        return groupInstanceId;
    }

    public void setGroupInstanceId(@Nullable String groupInstanceId) {
        this.groupInstanceId = groupInstanceId;
    }

    public @Nullable GroupProtocol getGroupProtocol() {
        return groupProtocol;
    }

    public void setGroupProtocol(@Nullable GroupProtocol groupProtocol) {
        this.groupProtocol = groupProtocol;
    }

    public @Nullable String getGroupRemoteAssignor() {
        return groupRemoteAssignor;
    }

    public void setGroupRemoteAssignor(@Nullable String groupRemoteAssignor) {
        this.groupRemoteAssignor = groupRemoteAssignor;
    }

    public @Nullable Duration getHeartbeatInterval() {
        return heartbeatInterval;
    }

    public void setHeartbeatInterval(@Nullable Duration heartbeatInterval) {
        this.heartbeatInterval = heartbeatInterval;
    }

    public @Nullable Duration getSessionTimeout() {
        return sessionTimeout;
    }

    public void setSessionTimeout(@Nullable Duration sessionTimeout) {
        this.sessionTimeout = sessionTimeout;
    }

    public @Nullable IsolationLevel getIsolationLevel() {
        return isolationLevel;
    }

    public void setIsolationLevel(@Nullable IsolationLevel isolationLevel) {
        this.isolationLevel = isolationLevel;
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

    public KafkaSecurityProperties getSecurity() {
        return security;
    }

    public KafkaSslProperties getSsl() {
        return ssl;
    }
}
