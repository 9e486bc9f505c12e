package dev.kafkaboot.spring.listener.adapter;

import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.spring.listener.AcknowledgingShareConsumerAwareMessageListener;
import dev.kafkaboot.spring.listener.BytesMessageListener;
import dev.kafkaboot.spring.listener.Records;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.KafkaNull;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import dev.kafkaboot.spring.support.converter.HeaderMapper;
import dev.kafkaboot.spring.support.serializer.PayloadTypes;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Calls listener methods: reads the record as what they take, chooses the one for it, and hands it over with its headers. Thread-safe.
 */
public final class MethodMessageListener implements BytesMessageListener, AcknowledgingShareConsumerAwareMessageListener<byte[], byte[]> {

    private static final Logger logger = LoggerFactory.getLogger(MethodMessageListener.class);

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
     * @throws IllegalArgumentException if a method needs an acknowledgment and there are none, or what only share groups have
     */
    public MethodMessageListener(
            ListenerMethods methods,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer,
            @Nullable String groupId,
            @Nullable String listenerInfo,
            boolean acknowledges) {
        this(methods, keySerializer, valueSerializer, groupId, listenerInfo);
        methods.methods().forEach(method -> requireNothingOfShareGroups(method, acknowledges));
    }

    private MethodMessageListener(
            ListenerMethods methods, Serializer<?> keySerializer, Serializer<?> valueSerializer, @Nullable String groupId, @Nullable String listenerInfo) {
        this.methods = methods;
        this.keySerializer = keySerializer;
        this.payloads = new PayloadReader(valueSerializer);
        this.groupId = groupId;
        this.listenerInfo = listenerInfo;
    }

    /**
     * A listener for a container of a share group; the parameters are as for others.
     *
     * @throws IllegalArgumentException if a method needs an acknowledgment and there are none, or the other way round, or needs what share groups do not have
     */
    public static MethodMessageListener ofShareGroup(
            ListenerMethods methods,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer,
            @Nullable String groupId,
            @Nullable String listenerInfo,
            boolean acknowledges) {
        methods.methods().forEach(method -> requireOfShareGroups(method, acknowledges));
        return new MethodMessageListener(methods, keySerializer, valueSerializer, groupId, listenerInfo);
    }

    private static void requireNothingOfShareGroups(ListenerMethod method, boolean acknowledges) {
        if (method.needsShareAcknowledgment() || method.needsShareConsumer()) {
            throw new IllegalArgumentException("the method " + method.describe() + " takes a "
                    + (method.needsShareAcknowledgment() ? "ShareAcknowledgment" : "KafkaShareConsumer") + ", but its container is not one of a share group:"
                    + " name a factory of such containers in the annotation, containerFactory = \"shareKafkaListenerContainerFactory\"");
        }
        if (method.needsAcknowledgment() && !acknowledges) {
            throw manualNeeded(method, "an Acknowledgment");
        }
    }

    private static void requireOfShareGroups(ListenerMethod method, boolean acknowledges) {
        if (method.needsAcknowledgment()) {
            throw new IllegalArgumentException("the method " + method.describe()
                    + " takes an Acknowledgment, but its container is one of a share group: take a ShareAcknowledgment");
        }
        if (method.needsConsumer()) {
            throw new IllegalArgumentException("the method " + method.describe()
                    + " takes a KafkaConsumer, but its container is one of a share group: take a KafkaShareConsumer");
        }
        if (method.needsShareAcknowledgment() && !acknowledges) {
            throw manualNeeded(method, "a ShareAcknowledgment");
        }
        if (acknowledges && !method.mayTakeShareAcknowledgment()) {
            throw new IllegalArgumentException("the method " + method.describe() + " takes no ShareAcknowledgment, but the ack mode is MANUAL, so that nobody"
                    + " could say what became of its records: take one, or set another mode in the annotation, ackMode = \"RECORD\""
                    + " (kafka.listener.ack-mode is that of share groups as well)");
        }
    }

    private static IllegalArgumentException manualNeeded(ListenerMethod method, String what) {
        return new IllegalArgumentException("the method " + method.describe() + " takes " + what + ", but the ack mode is not MANUAL:"
                + " set it in the annotation, ackMode = \"MANUAL\", or for all listeners");
    }

    /**
     * Requires of a listener with ack mode MANUAL that it can acknowledge: records of which nobody says that they are done come again after each start, and too many of
     * them stop their partition. Where that may be so and need not, a line in the log tells it: of several methods one may fail on whatever it gets, which is given up
     * then, and one that has the consumer may commit by that.
     *
     * @param listener the listener, as errors show it
     * @throws IllegalArgumentException if it cannot
     */
    public void requireAcknowledgment(String listener) {
        List<ListenerMethod> all = methods.methods();
        List<ListenerMethod> silent = all.stream().filter(method -> !method.mayTakeAcknowledgment()).toList();
        if (silent.isEmpty()) {
            return;
        }
        String problem = listener + " has the ack mode MANUAL, but " + silent.stream().map(ListenerMethod::describe).collect(Collectors.joining(", "))
                + (silent.size() == 1 ? " takes" : " take") + " no Acknowledgment, so that nobody says when a record is done";
        if (silent.size() == all.size() && silent.stream().noneMatch(ListenerMethod::takesConsumer)) {
            throw new IllegalArgumentException(problem + ": take one, or set another mode in the annotation, ackMode = \"RECORD\"");
        }
        logger.warn("{}: a partition with too many such records gets no more", problem);
    }

    @Override
    public void onMessage(ConsumerRecord<byte[], byte[]> record) throws Exception {
        throw new IllegalStateException("A listener method is called by its container only");
    }

    @Override
    public void onMessage(ConsumerRecord<byte[], byte[]> record, @Nullable Acknowledgment acknowledgment, KafkaConsumer<?, ?> consumer)
            throws Exception {
        call(record, acknowledgment, consumer);
    }

    @Override
    public void onShareRecord(ConsumerRecord<byte[], byte[]> record, @Nullable ShareAcknowledgment acknowledgment, KafkaShareConsumer<?, ?> consumer)
            throws Exception {
        call(record, acknowledgment, consumer);
    }

    private void call(ConsumerRecord<byte[], byte[]> record, @Nullable Object acknowledgment, Object consumer) throws Exception {
        Object payload = methods.takesValue() ? payloads.read(record, methods.types()) : record.value();
        ListenerMethod method = methods.choose(payload);
        method.invoke(message(record, payload, method, acknowledgment, consumer));
    }

    private Message<?> message(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable Object payload,
            ListenerMethod method,
            @Nullable Object acknowledgment,
            Object consumer) {
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
