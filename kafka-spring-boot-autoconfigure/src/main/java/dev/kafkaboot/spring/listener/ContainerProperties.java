package dev.kafkaboot.spring.listener;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link KafkaMessageListenerContainer} works. Not thread-safe; what is changed while the container runs has effect when it starts again.
 */
public class ContainerProperties {

    /** When a listener's work is committed. Always the contiguous part of each partition, and always after the work, so that nothing is lost. */
    public enum AckMode {

        /** After each record. While one commit is under way, what is done in the meantime is left to the next. */
        RECORD,

        /** When everything is done that one poll returned of a partition. */
        BATCH,

        /** When the listener says so, with an {@link dev.kafkaboot.spring.support.Acknowledgment}. */
        MANUAL
    }

    private static final long USUAL_BYTES_IN_ALL = 64 * 1024 * 1024;

    /** Less than what one poll usually brings of a partition would have each batch cost a pause. */
    private static final long SMALLEST_SHARE = 256 * 1024;

    private final List<String> topics;
    private @Nullable String groupId;
    private @Nullable String clientId;
    private AckMode ackMode = AckMode.BATCH;
    private int concurrency = 1;
    private Duration pollTimeout = Duration.ofMillis(500);
    private Duration shutdownTimeout = Duration.ofSeconds(10);
    private Duration revocationTimeout = Duration.ofSeconds(30);
    private int maxQueuedRecords = 500;
    private long maxQueuedBytes = 8 * 1024 * 1024;
    private @Nullable Long maxQueuedBytesInAll;
    private int maxUnacknowledged = 10_000;
    private @Nullable Executor listenerTaskExecutor;
    private @Nullable String listenerInfo;
    private boolean deliveryAttemptHeader;
    private final Map<String, Object> consumerProperties = new LinkedHashMap<>();

    /** Properties for the given topics. */
    public ContainerProperties(String... topics) {
        this(List.of(topics));
    }

    /** Properties for the given topics. */
    public ContainerProperties(Collection<String> topics) {
        this.topics = List.copyOf(topics);
    }

    /** The topics to listen to. */
    public List<String> getTopics() {
        return topics;
    }

    public @Nullable String getGroupId() {
        return groupId;
    }

    /** The group; null leaves it to the consumer factory. */
    public void setGroupId(@Nullable String groupId) {
        this.groupId = groupId;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    /** The consumer's {@code client.id}; null leaves it to the consumer factory. */
    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public AckMode getAckMode() {
        return ackMode;
    }

    /** When work is committed; {@link AckMode#BATCH} by default. */
    public void setAckMode(AckMode ackMode) {
        this.ackMode = ackMode;
    }

    public int getConcurrency() {
        return concurrency;
    }

    /**
     * How many records, of as many partitions, are worked on at the same time; 1 by default. It is the number of threads, not of consumers.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public void setConcurrency(int concurrency) {
        this.concurrency = atLeastOne("concurrency", concurrency);
    }

    public Duration getPollTimeout() {
        return pollTimeout;
    }

    /** How long one poll waits for records; 500 ms by default. Neither stopping nor back-pressure waits for it. */
    public void setPollTimeout(Duration pollTimeout) {
        this.pollTimeout = notNegative("poll timeout", pollTimeout);
    }

    public Duration getShutdownTimeout() {
        return shutdownTimeout;
    }

    /** How long stopping waits for records that are being worked on; 10 s by default. Those that are not finished by then are delivered again. */
    public void setShutdownTimeout(Duration shutdownTimeout) {
        this.shutdownTimeout = notNegative("shutdown timeout", shutdownTimeout);
    }

    public Duration getRevocationTimeout() {
        return revocationTimeout;
    }

    /**
     * How long a partition that goes to another member waits for its records that are being worked on; 30 s by default. It should be well below
     * {@code max.poll.interval.ms}, after which the group goes on without this member.
     */
    public void setRevocationTimeout(Duration revocationTimeout) {
        this.revocationTimeout = notNegative("revocation timeout", revocationTimeout);
    }

    public int getMaxQueuedRecords() {
        return maxQueuedRecords;
    }

    /** How many records of a partition may wait for a thread before the partition is paused, until half of them are left; 500 by default. */
    public void setMaxQueuedRecords(int maxQueuedRecords) {
        this.maxQueuedRecords = atLeastOne("number of queued records", maxQueuedRecords);
    }

    public long getMaxQueuedBytes() {
        return maxQueuedBytes;
    }

    /** How many bytes of keys and values of a partition may wait before it is paused; 8 MiB by default. */
    public void setMaxQueuedBytes(long maxQueuedBytes) {
        if (maxQueuedBytes < 1) {
            throw new IllegalArgumentException("The number of queued bytes must be at least 1, not " + maxQueuedBytes);
        }
        this.maxQueuedBytes = maxQueuedBytes;
    }

    public long getMaxQueuedBytesInAll() {
        Long given = maxQueuedBytesInAll;
        return given == null ? Math.max(USUAL_BYTES_IN_ALL, maxQueuedBytes) : given;
    }

    /**
     * How many bytes of keys and values may wait in all; by default 64 MiB, or what one partition may have if that is more. Each partition has the same share of it, 256 KiB
     * at least, and is paused when it has that, though it may have more of {@link #setMaxQueuedBytes its own}; what one poll brings of it is taken whole. So what waits
     * does not grow with the number of partitions, but for that least share and a poll's records of each. Share groups have no such bound, nor a use for it.
     */
    public void setMaxQueuedBytesInAll(long maxQueuedBytesInAll) {
        if (maxQueuedBytesInAll < 1) {
            throw new IllegalArgumentException("The number of queued bytes in all must be at least 1, not " + maxQueuedBytesInAll);
        }
        this.maxQueuedBytesInAll = maxQueuedBytesInAll;
    }

    /** What one of so many partitions may have of the bytes in all. */
    long shareOfQueuedBytes(int partitions) {
        return Math.max(SMALLEST_SHARE, getMaxQueuedBytesInAll() / Math.max(1, partitions));
    }

    public int getMaxUnacknowledged() {
        return maxUnacknowledged;
    }

    /**
     * How many records of a partition may be with the listener, or done but held back by one that is not, before the partition is paused; 10,000 by
     * default. It bounds memory where an acknowledgment never comes.
     */
    public void setMaxUnacknowledged(int maxUnacknowledged) {
        this.maxUnacknowledged = atLeastOne("number of unacknowledged records", maxUnacknowledged);
    }

    public @Nullable Executor getListenerTaskExecutor() {
        return listenerTaskExecutor;
    }

    /**
     * What runs the listener: at most {@link #getConcurrency()} tasks at a time, each while there are records. Null, the default, means threads of the
     * container's own. An executor of virtual threads is as good; it is not shut down with the container.
     */
    public void setListenerTaskExecutor(@Nullable Executor listenerTaskExecutor) {
        this.listenerTaskExecutor = listenerTaskExecutor;
    }

    public @Nullable String getListenerInfo() {
        return listenerInfo;
    }

    /** A note that messages carry in the header {@link dev.kafkaboot.spring.support.KafkaHeaders#LISTENER_INFO}. */
    public void setListenerInfo(@Nullable String listenerInfo) {
        this.listenerInfo = listenerInfo;
    }

    public boolean isDeliveryAttemptHeader() {
        return deliveryAttemptHeader;
    }

    /**
     * Whether each record that is handed to the listener carries the header {@link dev.kafkaboot.spring.support.KafkaHeaders#DELIVERY_ATTEMPT}; false by default.
     */
    public void setDeliveryAttemptHeader(boolean deliveryAttemptHeader) {
        this.deliveryAttemptHeader = deliveryAttemptHeader;
    }

    /** Consumer configuration by Kafka's keys, in place of the factory's. May be changed. */
    public Map<String, Object> getKafkaConsumerProperties() {
        return consumerProperties;
    }

    /** Takes over everything from others but their topics. */
    public void copyFrom(ContainerProperties others) {
        groupId = others.groupId;
        clientId = others.clientId;
        ackMode = others.ackMode;
        concurrency = others.concurrency;
        pollTimeout = others.pollTimeout;
        shutdownTimeout = others.shutdownTimeout;
        revocationTimeout = others.revocationTimeout;
        maxQueuedRecords = others.maxQueuedRecords;
        maxQueuedBytes = others.maxQueuedBytes;
        maxQueuedBytesInAll = others.maxQueuedBytesInAll;
        maxUnacknowledged = others.maxUnacknowledged;
        listenerTaskExecutor = others.listenerTaskExecutor;
        listenerInfo = others.listenerInfo;
        deliveryAttemptHeader = others.deliveryAttemptHeader;
        consumerProperties.clear();
        consumerProperties.putAll(others.consumerProperties);
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("The " + what + " must be at least 1, not " + value);
        }
        return value;
    }

    private static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("The " + what + " cannot be negative: " + value);
        }
        return value;
    }
}
