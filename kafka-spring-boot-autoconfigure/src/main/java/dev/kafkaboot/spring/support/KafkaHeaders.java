package dev.kafkaboot.spring.support;

/**
 * Names of message headers. They are spring-kafka's, so that code and records of both understand each other.
 *
 * <p>Those of the first two groups live in a {@link org.springframework.messaging.Message} only and are never written to a record.
 */
public final class KafkaHeaders {

    /** What all names of this kind begin with. */
    public static final String PREFIX = "kafka_";

    // Of messages that are sent.

    /** Which topic to send to: a {@code String}. */
    public static final String TOPIC = PREFIX + "topic";

    /** The key to send: of the template's key type. */
    public static final String KEY = PREFIX + "messageKey";

    /** Which partition to send to: an {@code Integer}. */
    public static final String PARTITION = PREFIX + "partitionId";

    /** The time-stamp to send, in milliseconds since 1970: a {@code Long}. */
    public static final String TIMESTAMP = PREFIX + "timestamp";

    // Of messages that were received.

    /** The topic that the record came from: a {@code String}. */
    public static final String RECEIVED_TOPIC = PREFIX + "receivedTopic";

    /** The record's key; absent if it has none. */
    public static final String RECEIVED_KEY = PREFIX + "receivedMessageKey";

    /** The partition that the record came from: an {@code Integer}. */
    public static final String RECEIVED_PARTITION = PREFIX + "receivedPartitionId";

    /** The record's time-stamp in milliseconds since 1970: a {@code Long}. */
    public static final String RECEIVED_TIMESTAMP = PREFIX + "receivedTimestamp";

    /** What the time-stamp means: the name of a {@code TimestampType}. */
    public static final String TIMESTAMP_TYPE = PREFIX + "timestampType";

    /** The record's offset: a {@code Long}. */
    public static final String OFFSET = PREFIX + "offset";

    /** The group of the listener: a {@code String}. */
    public static final String GROUP_ID = PREFIX + "groupId";

    /** The {@link Acknowledgment}, or the {@link ShareAcknowledgment} of a share group, in ack mode MANUAL. */
    public static final String ACKNOWLEDGMENT = PREFIX + "acknowledgment";

    /** The {@link dev.kafkaboot.client.consumer.KafkaConsumer}, or the {@link dev.kafkaboot.client.consumer.KafkaShareConsumer} of a share group. */
    public static final String CONSUMER = PREFIX + "consumer";

    /** The {@link dev.kafkaboot.client.consumer.ConsumerRecord} itself. */
    public static final String RAW_DATA = PREFIX + "data";

    /** What the listener's {@code info} attribute says: a {@code String}. */
    public static final String LISTENER_INFO = PREFIX + "listenerInfo";

    /**
     * The how many-th time the record is handed to the listener, from 1: an {@code Integer}; four bytes, the first the highest, in the record's own headers. Only where
     * {@link dev.kafkaboot.spring.listener.ContainerProperties#setDeliveryAttemptHeader} says so. A {@linkplain Acknowledgment#nack refusal} does not count.
     */
    public static final String DELIVERY_ATTEMPT = PREFIX + "deliveryAttempt";

    private KafkaHeaders() {}
}
