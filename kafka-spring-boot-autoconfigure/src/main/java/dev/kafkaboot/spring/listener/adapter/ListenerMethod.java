package dev.kafkaboot.spring.listener.adapter;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import dev.kafkaboot.spring.support.serializer.PayloadTypes;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.Nullness;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * A method that takes records, and what it takes of them.
 *
 * <p>Immutable. What is wrong with the method is an {@link IllegalArgumentException} when this is made; its message completes a sentence that begins with the
 * method.
 */
public final class ListenerMethod {

    private final InvocableHandlerMethod invocable;
    private final Method method;
    private final boolean isDefault;
    private final @Nullable Type payloadType;
    private final @Nullable Type recordValueType;
    private final boolean needsAcknowledgment;
    private final boolean needsShareAcknowledgment;
    private final boolean mayTakeAcknowledgment;
    private final boolean mayTakeShareAcknowledgment;
    private final boolean takesConsumer;
    private final boolean needsConsumer;
    private final boolean needsShareConsumer;

    /**
     * A method.
     *
     * @param invocable the method, ready to be called
     * @param type the class of the bean, by which type variables are resolved
     * @param isDefault whether it takes what no other takes
     * @param custom the application's own resolvers: a parameter that one of them finds is no payload, and nothing of ours
     */
    public ListenerMethod(InvocableHandlerMethod invocable, Class<?> type, boolean isDefault, List<HandlerMethodArgumentResolver> custom) {
        this.invocable = invocable;
        this.method = invocable.getMethod();
        this.isDefault = isDefault;
        Type payload = null;
        Type ofMessage = null;
        Type ofRecord = null;
        boolean acknowledgment = false;
        boolean shareAcknowledgment = false;
        boolean perhapsAcknowledgment = false;
        boolean perhapsShareAcknowledgment = false;
        boolean consumerAtAll = false;
        boolean consumer = false;
        boolean shareConsumer = false;
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new SynthesizingMethodParameter(method, i).withContainingClass(type);
            if (custom.stream().anyMatch(resolver -> resolver.supportsParameter(parameter))) {
                perhapsAcknowledgment = true;
                perhapsShareAcknowledgment = true;
                continue;
            }
            ResolvableType parameterType = ResolvableType.forMethodParameter(parameter);
            Class<?> raw = parameterType.resolve(Object.class);
            perhapsAcknowledgment |= mayHold(Acknowledgment.class, parameter, raw);
            perhapsShareAcknowledgment |= mayHold(ShareAcknowledgment.class, parameter, raw);
            if (raw == ConsumerRecord.class) {
                ofRecord = typeOf(parameterType.getGeneric(1));
            } else if (raw == Acknowledgment.class) {
                acknowledgment |= isNeeded(parameter);
            } else if (raw == ShareAcknowledgment.class) {
                shareAcknowledgment |= isNeeded(parameter);
            } else if (raw == KafkaConsumer.class) {
                consumerAtAll = true;
                consumer |= isNeeded(parameter);
            } else if (raw == KafkaShareConsumer.class) {
                shareConsumer |= isNeeded(parameter);
            } else if (Message.class.isAssignableFrom(raw)) {
                ofMessage = typeOf(parameterType.getGeneric(0));
            } else if (isPayload(parameter, raw)) {
                TakenWrongly.refuse(parameter, parameterType);
                if (payload != null) {
                    throw new IllegalArgumentException("has two parameters for the payload, " + payload.getTypeName() + " and "
                            + parameterType + "; what is a header needs @Header");
                }
                payload = typeOf(raw == Optional.class ? parameterType.getGeneric(0) : parameterType);
            } else {
                refuseUnnamedHeader(parameter);
                TakenWrongly.refuseAccessor(raw);
            }
        }
        this.payloadType = payload != null ? payload : ofMessage;
        this.recordValueType = ofRecord;
        this.needsAcknowledgment = acknowledgment;
        this.needsShareAcknowledgment = shareAcknowledgment;
        this.mayTakeAcknowledgment = perhapsAcknowledgment;
        this.mayTakeShareAcknowledgment = perhapsShareAcknowledgment;
        this.takesConsumer = consumerAtAll;
        this.needsConsumer = consumer;
        this.needsShareConsumer = shareConsumer;
        refuseReplies(type);
    }

    /** No record could be handed to it: each would fail, and be given up in the end. */
    private static void refuseUnnamedHeader(MethodParameter parameter) {
        Header header = parameter.getParameterAnnotation(Header.class);
        if (header == null || !header.name().isEmpty()) {
            return;
        }
        parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
        if (parameter.getParameterName() == null) {
            throw new IllegalArgumentException("has @Header without a name on its parameter " + (parameter.getParameterIndex() + 1)
                    + ", and was compiled without '-parameters', so the header is not known; give its name to the annotation");
        }
    }

    private static boolean isNeeded(MethodParameter parameter) {
        return Nullness.forMethodParameter(parameter) != Nullness.NULLABLE;
    }

    /** Whether it is one, or a message or headers in which one is. */
    private static boolean mayHold(Class<?> acknowledgment, MethodParameter parameter, Class<?> raw) {
        return raw == acknowledgment
                || Message.class.isAssignableFrom(raw)
                || MessageHeaders.class.isAssignableFrom(raw)
                || MessageHeaderAccessor.class.isAssignableFrom(raw)
                || parameter.hasParameterAnnotation(Headers.class)
                || parameter.hasParameterAnnotation(Header.class) && (raw == Optional.class || raw.isAssignableFrom(acknowledgment));
    }

    private static boolean isPayload(MethodParameter parameter, Class<?> raw) {
        if (parameter.hasParameterAnnotation(Payload.class)) {
            return true;
        }
        return !parameter.hasParameterAnnotation(Header.class)
                && !parameter.hasParameterAnnotation(Headers.class)
                && !MessageHeaders.class.isAssignableFrom(raw)
                && !MessageHeaderAccessor.class.isAssignableFrom(raw);
    }

    /** The type with its variables resolved, as far as the class of the bean tells them. */
    private static Type typeOf(ResolvableType type) {
        Class<?> raw = type.resolve(Object.class);
        if (raw == Object.class || !type.hasGenerics() || type.hasUnresolvableGenerics()) {
            return raw;
        }
        ResolvableType[] arguments = Arrays.stream(type.getGenerics()).map(each -> ResolvableType.forType(typeOf(each))).toArray(ResolvableType[]::new);
        return ResolvableType.forClassWithGenerics(raw, arguments).getType();
    }

    private void refuseReplies(Class<?> type) {
        if (method.isAnnotationPresent(SendTo.class)) {
            throw new IllegalArgumentException("has @SendTo, but replies are not supported yet");
        }
        Class<?> result = ResolvableType.forMethodReturnType(method, type).resolve(Object.class);
        if (isReactive(result)) {
            throw new IllegalArgumentException("returns " + result.getSimpleName() + ", which nobody would subscribe to; return a CompletableFuture");
        }
    }

    /** By name, as it need not be there; and by all that a type extends, as Reactor's {@code Mono} has it from an interface between. */
    private static boolean isReactive(Class<?> type) {
        if (Flow.Publisher.class.isAssignableFrom(type) || type.getName().equals("org.reactivestreams.Publisher")) {
            return true;
        }
        Class<?> superclass = type.getSuperclass();
        return superclass != null && isReactive(superclass) || Arrays.stream(type.getInterfaces()).anyMatch(ListenerMethod::isReactive);
    }

    /** Whether it takes what no other takes. */
    boolean isDefault() {
        return isDefault;
    }

    /** As what it takes the value: its payload's type, or else that of its record's value; null if it takes neither. */
    @Nullable Type valueType() {
        return payloadType != null ? payloadType : recordValueType;
    }

    /** Whether it takes the payload, of itself or in a message. */
    boolean takesPayload() {
        return payloadType != null;
    }

    /** As what it takes the value in a {@link ConsumerRecord}; null if it takes none. */
    @Nullable Type recordValueType() {
        return recordValueType;
    }

    /** Whether it returns something that says when its work is done, if it is not done when it returns. */
    public boolean returnsFuture() {
        return Future.class.isAssignableFrom(method.getReturnType()) || CompletionStage.class.isAssignableFrom(method.getReturnType());
    }

    /** Whether it cannot be called without an {@link Acknowledgment}. */
    public boolean needsAcknowledgment() {
        return needsAcknowledgment;
    }

    /** Whether it cannot be called without a {@link ShareAcknowledgment}. */
    public boolean needsShareAcknowledgment() {
        return needsShareAcknowledgment;
    }

    /** Whether something that it takes is an {@link Acknowledgment}, or may have one. */
    boolean mayTakeAcknowledgment() {
        return mayTakeAcknowledgment;
    }

    /** Whether something that it takes is a {@link ShareAcknowledgment}, or may have one. */
    boolean mayTakeShareAcknowledgment() {
        return mayTakeShareAcknowledgment;
    }

    /** Whether it takes a {@link KafkaConsumer}, by which it may commit. */
    boolean takesConsumer() {
        return takesConsumer;
    }

    /** Whether it cannot be called without a {@link KafkaConsumer}. */
    boolean needsConsumer() {
        return needsConsumer;
    }

    /** Whether it cannot be called without a {@link KafkaShareConsumer}. */
    boolean needsShareConsumer() {
        return needsShareConsumer;
    }

    /** The types by which it is found among others. */
    PayloadTypes types() {
        return PayloadTypes.of(Objects.requireNonNullElse(valueType(), Object.class));
    }

    /**
     * Calls it, and waits for what it returns if that is a future.
     *
     * @throws IllegalStateException if it returned what does nothing before somebody subscribes, which its type did not say: nothing was done with the record
     */
    void invoke(Message<?> message) throws Exception {
        Object result = invocable.invoke(message);
        if (result instanceof CompletionStage<?> stage) {
            stage.toCompletableFuture().get();
        } else if (result instanceof Future<?> future) {
            future.get();
        } else if (result != null && isReactive(result.getClass())) {
            throw new IllegalStateException(this + " returned a " + result.getClass().getSimpleName()
                    + ", which nobody subscribes to, so that nothing was done with the record; it is to return a CompletableFuture");
        }
    }

    /** The method as errors show it: {@code bill(Order)}. */
    String describe() {
        return describe(method);
    }

    /** A method as errors show it: {@code bill(Order)}. */
    public static String describe(Method method) {
        return method.getName() + Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public String toString() {
        return method.getDeclaringClass().getSimpleName() + "." + describe();
    }
}
