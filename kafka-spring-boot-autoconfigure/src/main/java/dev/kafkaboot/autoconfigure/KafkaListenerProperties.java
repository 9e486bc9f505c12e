package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The {@code kafka.listener.*} properties. What is null is left to the container's own default. */
public class KafkaListenerProperties {

    /** When a listener's work is committed. */
    private @Nullable AckMode ackMode;

    /** Whether listeners start with the application. */
    private boolean autoStartup = true;

    /** Prefix of the client ids of listeners. */
    private @Nullable String clientId;

    /** How many records, of as many partitions, a listener works on at the same time. */
    private @Nullable Integer concurrency;

    /** Longest time that one poll waits for records. */
    private @Nullable Duration pollTimeout;

    /** How long stopping waits for records that are being worked on. */
    private @Nullable Duration shutdownTimeout;

    /** How long a partition that goes to another member waits for its records that are being worked on. */
    private @Nullable Duration revocationTimeout;

    /** How many records of a partition may wait to be worked on before no more are fetched of it. */
    private @Nullable Integer maxQueuedRecords;

    public @Nullable AckMode getAckMode() {
        return ackMode;
    }

    public void setAckMode(@Nullable AckMode ackMode) {
        this.ackMode = ackMode;
    }

    public boolean isAutoStartup() {
        return autoStartup;
    }

    public void setAutoStartup(boolean autoStartup) {
        this.autoStartup = autoStartup;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public @Nullable Integer getConcurrency() {
        return concurrency;
    }

    public void setConcurrency(@Nullable Integer concurrency) {
        this.concurrency = concurrency;
    }

    public @Nullable Duration getPollTimeout() {
        return pollTimeout;
    }

    public void setPollTimeout(@Nullable Duration pollTimeout) {
        this.pollTimeout = pollTimeout;
    }

    public @Nullable Duration getShutdownTimeout() {
        return shutdownTimeout;
    }

    public void setShutdownTimeout(@Nullable Duration shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
    }

    public @Nullable Duration getRevocationTimeout() {
        return revocationTimeout;
    }

    public void setRevocationTimeout(@Nullable Duration revocationTimeout) {
        this.revocationTimeout = revocationTimeout;
    }

    public @Nullable Integer getMaxQueuedRecords() {
        return maxQueuedRecords;
    }

    public void setMaxQueuedRecords(@Nullable Integer maxQueuedRecords) {
        this.maxQueuedRecords = maxQueuedRecords;
    }
}
