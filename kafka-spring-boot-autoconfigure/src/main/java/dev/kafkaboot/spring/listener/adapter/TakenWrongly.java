package dev.kafkaboot.spring.listener.adapter;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Parameters that would be taken for the payload and never are one: what batch listeners of spring-kafka take, types of Apache's client or of spring-kafka
 * that an application which moved here still imports, and what the compiler adds to a {@code suspend} function. No record could be read as one of them, so every
 * record would be given up. The same goes for headers in a type that cannot be made of them.
 */
final class TakenWrongly {

    private static final List<String> FOREIGN = List.of("org.apache.kafka.clients.", "org.springframework.kafka.");
    private static final List<Class<?>> OF_ONE_RECORD = List.of(ConsumerRecord.class, Message.class, Acknowledgment.class, ShareAcknowledgment.class);

    /** By its name, as it is there only with Kotlin. */
    private static final String CONTINUATION = "kotlin.coroutines.Continuation";

    private TakenWrongly() {}

    /**
     * Refuses what cannot be a payload.
     *
     * @throws IllegalArgumentException if it cannot be one; the message completes a sentence that begins with the method
     */
    static void refuse(MethodParameter parameter, ResolvableType type) {
        Class<?> raw = type.resolve(Object.class);
        refuseForeign(raw);
        if (raw.getName().equals(CONTINUATION)) {
            throw new IllegalArgumentException("is a suspend function, which is not supported; return a CompletableFuture, as CoroutineScope.future makes one");
        }
        if (raw == ConsumerRecords.class || isOfOneRecord(type.getComponentType().resolve()) || isOfOneRecord(elementOf(type, raw))) {
            throw new IllegalArgumentException("takes " + type + ", but a listener gets one record at a time");
        }
        Payload payload = AnnotatedElementUtils.findMergedAnnotation(parameter.getParameter(), Payload.class);
        if (payload != null && StringUtils.hasText(payload.expression())) {
            throw new IllegalArgumentException("has @Payload with an expression, which is not supported; take the whole payload");
        }
    }

    /**
     * Refuses an accessor of headers that Spring could not make of a message. Other types are left alone.
     *
     * @throws IllegalArgumentException if it is one; the message completes a sentence that begins with the method
     */
    static void refuseAccessor(Class<?> type) {
        if (!MessageHeaderAccessor.class.isAssignableFrom(type)) {
            return;
        }
        refuseForeign(type);
        if (type != MessageHeaderAccessor.class && ReflectionUtils.findMethod(type, "wrap", Message.class) == null) {
            throw new IllegalArgumentException("takes " + type.getName() + ", which has no static method wrap(Message) that makes one of a record's headers");
        }
    }

    private static @Nullable Class<?> elementOf(ResolvableType type, Class<?> raw) {
        return Collection.class.isAssignableFrom(raw) || raw == Iterable.class ? type.as(Iterable.class).getGeneric(0).resolve() : null;
    }

    private static boolean isOfOneRecord(@Nullable Class<?> element) {
        if (element == null) {
            return false;
        }
        refuseForeign(element);
        return OF_ONE_RECORD.stream().anyMatch(each -> each.isAssignableFrom(element));
    }

    private static void refuseForeign(Class<?> type) {
        if (FOREIGN.stream().anyMatch(type.getName()::startsWith)) {
            throw new IllegalArgumentException("takes " + type.getName() + ", of which there is none here; import the " + type.getSimpleName()
                    + " of dev.kafkaboot, if there is one");
        }
    }
}
