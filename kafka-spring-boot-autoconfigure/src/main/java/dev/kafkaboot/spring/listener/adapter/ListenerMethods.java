package dev.kafkaboot.spring.listener.adapter;

import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.spring.support.KafkaNull;
import dev.kafkaboot.spring.support.serializer.PayloadTypes;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * The methods of one listener, and which of them takes a payload. Thread-safe.
 *
 * <p>A payload goes to the method whose type is the most specific among those that fit, and else to the default one. What is wrong with the methods together is
 * an {@link IllegalArgumentException} when this is made.
 */
public final class ListenerMethods {

    private final List<ListenerMethod> methods;
    private final @Nullable ListenerMethod single;
    private final @Nullable ListenerMethod defaultMethod;
    private final PayloadTypes types;
    private final Map<Class<?>, ListenerMethod> chosen = new ConcurrentHashMap<>();

    private ListenerMethods(
            List<ListenerMethod> methods, @Nullable ListenerMethod single, @Nullable ListenerMethod defaultMethod, PayloadTypes types) {
        this.methods = methods;
        this.single = single;
        this.defaultMethod = defaultMethod;
        this.types = types;
    }

    /** A listener of one method, which takes everything. */
    public static ListenerMethods of(ListenerMethod method) {
        return new ListenerMethods(List.of(method), method, null, method.types());
    }

    /** A listener of several methods, each for payloads of its type. */
    public static ListenerMethods ofHandlers(List<ListenerMethod> handlers) {
        if (handlers.isEmpty()) {
            throw new IllegalArgumentException("the class has no @KafkaHandler method");
        }
        ListenerMethod defaultHandler = null;
        Map<Class<?>, ListenerMethod> byType = new LinkedHashMap<>();
        List<Type> handled = new ArrayList<>();
        for (ListenerMethod handler : handlers) {
            Type type = handler.valueType();
            if (handler.isDefault()) {
                if (defaultHandler != null) {
                    throw new IllegalArgumentException("two @KafkaHandler methods are the default: " + defaultHandler.describe() + " and " + handler.describe());
                }
                defaultHandler = handler;
                continue;
            }
            if (type == null) {
                throw new IllegalArgumentException("the @KafkaHandler method " + handler.describe() + " takes no payload, so it cannot be found by its type");
            }
            ListenerMethod other = byType.putIfAbsent(raw(type), handler);
            if (other != null) {
                throw new IllegalArgumentException("two @KafkaHandler methods take " + raw(type).getName() + ": " + other.describe() + " and "
                        + handler.describe());
            }
            handled.add(type);
        }
        Type fallback = defaultHandler == null ? null : Objects.requireNonNullElse(defaultHandler.valueType(), Object.class);
        return new ListenerMethods(List.copyOf(handlers), null, defaultHandler, PayloadTypes.ofHandlers(handled, fallback));
    }

    private static Class<?> raw(Type type) {
        return ResolvableType.forType(type).resolve(Object.class);
    }

    /** What the methods take. */
    PayloadTypes types() {
        return types;
    }

    /** Whether a value has to be read before it is known which method takes it, or because a method takes it. */
    boolean takesValue() {
        return single == null || single.takesPayload() || single.recordValueType() != null;
    }

    /** The methods. */
    List<ListenerMethod> methods() {
        return methods;
    }

    /**
     * The method for a payload.
     *
     * @param payload the payload, or null for a record without a value
     * @throws SerializationException if there is none
     */
    ListenerMethod choose(@Nullable Object payload) {
        return single != null ? single : chosen.computeIfAbsent(payload == null ? KafkaNull.class : payload.getClass(), this::find);
    }

    private ListenerMethod find(Class<?> type) {
        List<ListenerMethod> fitting = methods.stream()
                .filter(method -> !method.isDefault() && takenBy(method).isAssignableFrom(type) && (type != KafkaNull.class || takenBy(method) != Object.class))
                .toList();
        List<ListenerMethod> closest = fitting.stream()
                .filter(method -> fitting.stream().allMatch(other -> takenBy(other).isAssignableFrom(takenBy(method))))
                .toList();
        if (closest.size() == 1) {
            return closest.get(0);
        }
        if (!fitting.isEmpty()) {
            throw new SerializationException("Several @KafkaHandler methods take " + type.getName() + ", and none of them more exactly than the others: "
                    + describe(fitting));
        }
        if (defaultMethod == null) {
            throw new SerializationException("No @KafkaHandler method takes " + (type == KafkaNull.class ? "a record without a value" : type.getName())
                    + ", and none is the default; there are " + describe(methods));
        }
        return defaultMethod;
    }

    private static Class<?> takenBy(ListenerMethod method) {
        return raw(Objects.requireNonNullElse(method.valueType(), Object.class));
    }

    private static String describe(List<ListenerMethod> methods) {
        return methods.stream().map(ListenerMethod::describe).collect(Collectors.joining(", "));
    }
}
