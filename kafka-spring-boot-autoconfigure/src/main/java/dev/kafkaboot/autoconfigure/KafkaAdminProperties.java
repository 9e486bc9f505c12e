package dev.kafkaboot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** The {@code kafka.admin.*} properties. */
public class KafkaAdminProperties {

    /** Name under which brokers log, count and throttle the requests of the admin client. */
    private @Nullable String clientId;

    /** Whether to create the topics that NewTopic beans describe. */
    private boolean autoCreate = true;

    /** Whether the start waits for the topics and fails if they cannot be created. */
    private boolean failFast = false;

    /** Limit of one operation; by default 30s for creating the topics that NewTopic beans describe, and 60s for all others. */
    private @Nullable Duration operationTimeout;

    /** Additional settings of the admin client by Kafka's own names. */
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** How connections are protected. */
    @NestedConfigurationProperty
    private final KafkaSecurityProperties security = new KafkaSecurityProperties();

    /** Keys, certificates and settings of TLS. */
    @NestedConfigurationProperty
    private final KafkaSslProperties ssl = new KafkaSslProperties();

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public boolean isAutoCreate() {
        return autoCreate;
    }

    public void setAutoCreate(boolean autoCreate) {
        this.autoCreate = autoCreate;
    }

    public boolean isFailFast() {
        return failFast;
    }

    public void setFailFast(boolean failFast) {
        this.failFast = failFast;
    }

    public @Nullable Duration getOperationTimeout() {
        return operationTimeout;
    }

    public void setOperationTimeout(@Nullable Duration operationTimeout) {
        this.operationTimeout = operationTimeout;
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
