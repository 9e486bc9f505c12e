package dev.kafkaboot.spring.listener.adapter;

import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.spring.listener.BytesMessageListener;
import dev.kafkaboot.spring.listener.Records;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.KafkaNull;
import dev.kafkaboot.spring.support.converter.HeaderMapper;
import dev.kafkaboot.spring.support.serializer.PayloadTypes;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Calls listener methods: reads the record as what they take, chooses the one for it, and hands it over with its headers. Thread-safe.
 */
public final class MethodMessageListener implements BytesMessageListener {

    private final ListenerMethods methods;
    private final Serializer<?> keySerializer;
    private final PayloadReader payloads;
    private final HeaderMapper headerMapper = new HeaderMapper();
    private final @Nullable String groupId;
    private final @Nullable String listenerInfo;

    /**
     * A listener.
     *
     * @param keySerializer what reads keys
     * @param valueSerializer what reads values
     * @param groupId the header of that name, or null
     * @param listenerInfo the header of that name, or null
     * @param acknowledges whether there are acknowledgments to hand over
     * @throws IllegalArgumentException if a method needs an acknowledgment and there are none
     */
    public MethodMessageListener(
            ListenerMethods methods,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer,
            @Nullable String groupId,
            @Nullable String listenerInfo,
            boolean acknowledges) {
        this.methods = methods;
        this.keySerializer = keySerializer;
        this.payloads = new PayloadReader(valueSerializer);
        this.groupId = groupId;
        this.listenerInfo = listenerInfo;
        for (ListenerMethod method : methods.methods()) {
            if (method.needsAcknowledgment() && !acknowledges) {
                throw new IllegalArgumentException("the method " + method.describe() + " takes an Acknowledgment, but the ack mode is not MANUAL:"
                        + " set it in the annotation, ackMode = \"MANUAL\", or for all listeners");
            }
        }
    }

    @Override
    public void onMessage(ConsumerRecord<byte[], byte[]> record) throws Exception {
        throw new IllegalStateException("A listener method is called by its container only");
    }

    @Override
    public void onMessage(ConsumerRecord<byte[], byte[]> record, @Nullable Acknowledgment acknowledgment, KafkaConsumer<?, ?> consumer)
            throws Exception {
        Object payload = methods.takesValue() ? payloads.read(record, methods.types()) : record.value();
        ListenerMethod method = methods.choose(payload);
        method.invoke(message(record, payload, method, acknowledgment, consumer));
    }

    private Message<?> message(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable Object payload,
            ListenerMethod method,
            @Nullable Acknowledgment acknowledgment,
            KafkaConsumer<?, ?> consumer) {
        Map<String, Object> headers = new LinkedHashMap<>();
        headerMapper.toMessage(record.headers(), headers);
        Object key = key(record);
        if (key != null) {
            headers.put(KafkaHeaders.RECEIVED_KEY, key);
        }
        headers.put(KafkaHeaders.RECEIVED_TOPIC, record.topic());
        headers.put(KafkaHeaders.RECEIVED_PARTITION, record.partition());
        headers.put(KafkaHeaders.RECEIVED_TIMESTAMP, record.timestamp());
        headers.put(KafkaHeaders.TIMESTAMP_TYPE, record.timestampType().name());
        headers.put(KafkaHeaders.OFFSET, record.offset());
        headers.put(KafkaHeaders.CONSUMER, consumer);
        headers.put(KafkaHeaders.RAW_DATA, Records.with(record, key, recordValue(record, payload, method)));
        putIfThere(headers, KafkaHeaders.GROUP_ID, groupId);
        putIfThere(headers, KafkaHeaders.LISTENER_INFO, listenerInfo);
        putIfThere(headers, KafkaHeaders.ACKNOWLEDGMENT, acknowledgment);
        return MessageBuilder.createMessage(payload == null ? KafkaNull.INSTANCE : payload, new RecordHeaders(headers));
    }

    private @Nullable Object key(ConsumerRecord<byte[], byte[]> record) {
        try {
            return keySerializer.deserialize(record.topic(), record.headers(), record.key());
        } catch (SerializationException known) {
            throw known;
        } catch (RuntimeException e) {
            throw new SerializationException(
                    "Cannot read the key of a record of topic " + record.topic() + " with " + keySerializer.getClass().getName() + ": " + e, e);
        }
    }

    /** The payload is the value, unless the method wants the two as different types. */
    private @Nullable Object recordValue(ConsumerRecord<byte[], byte[]> record, @Nullable Object payload, ListenerMethod method) {
        Type wanted = method.recordValueType();
        if (wanted == null || wanted == Object.class || wanted.equals(method.valueType())) {
            return payload;
        }
        return payloads.read(record, PayloadTypes.of(wanted));
    }

    private static void putIfThere(Map<String, Object> headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    /** Headers without the id and the time that Spring would make for each message. */
    private static final class RecordHeaders extends MessageHeaders {

        private static final long serialVersionUID = 1L;

        RecordHeaders(Map<String, Object> headers) {
            super(headers, ID_VALUE_NONE, -1L);
        }
    }
}
