package dev.kafkaboot.spring.support.serializer;

import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * The types of payload that a listener takes. Immutable.
 *
 * <p>They are also the types that a record may name: a type id is looked for among these classes, and the permitted subclasses of the sealed ones, by name.
 * Nothing is loaded.
 */
public final class PayloadTypes {

    private final List<Type> types;
    private final @Nullable Type fallback;

    /** Whether a method is chosen by the type, so that a record of another type is not meant for the only one that there is. */
    private final boolean chooses;

    private final Map<String, Class<?>> byName = new LinkedHashMap<>();

    private PayloadTypes(List<Type> types, @Nullable Type fallback, boolean chooses) {
        this.types = List.copyOf(types);
        this.fallback = fallback;
        this.chooses = chooses;
        this.types.forEach(type -> addNames(rawClass(type)));
        if (fallback != null) {
            addNames(rawClass(fallback));
        }
    }

    private void addNames(Class<?> type) {
        if (type == Object.class || byName.putIfAbsent(type.getName(), type) != null) {
            return;
        }
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                addNames(permitted);
            }
        }
    }

    /** Of a listener that takes one type, and every record as that. */
    public static PayloadTypes of(Type type) {
        return new PayloadTypes(List.of(type), null, /* chooses= */ false);
    }

    /**
     * Of a listener with methods of which each gets the records of its type, even if there is but one.
     *
     * @param types what they take
     * @param fallback what the method takes that gets whatever no other takes, or null if there is none
     */
    public static PayloadTypes ofHandlers(List<? extends Type> types, @Nullable Type fallback) {
        return new PayloadTypes(new ArrayList<>(types), fallback, /* chooses= */ true);
    }

    /** What the listener takes. */
    public List<Type> types() {
        return types;
    }

    /** What the listener takes of everything else, or null if nothing. */
    public @Nullable Type fallback() {
        return fallback;
    }

    /**
     * As what the listener takes a record whose type is not known, if it has no {@link #fallback()}; null if that cannot be told.
     *
     * @param isNamed whether the record names a type, which is none that the listener takes
     */
    @Nullable Type only(boolean isNamed) {
        if (types.size() != 1 || isNamed && chooses && isOneOfMany(rawClass(types.get(0)))) {
            return null;
        }
        return types.get(0);
    }

    /** Not what JSON itself has, nor what is made by what the JSON says of its type. */
    private static boolean isOneOfMany(Class<?> type) {
        return !type.isPrimitive() && !Modifier.isAbstract(type.getModifiers()) && !type.getName().startsWith("java.");
    }

    /** The class of that name among those that the listener knows, or null. */
    public @Nullable Class<?> named(String className) {
        return byName.get(className);
    }

    /**
     * The type as which an object of a class is to be read so that the listener takes it, or null if it does not take it.
     *
     * <p>It is the class itself, or, where the listener takes that very class with type arguments, the whole of that type.
     */
    public @Nullable Type readableAs(Class<?> type) {
        for (Type taken : types) {
            if (rawClass(taken) == type) {
                return taken;
            }
        }
        boolean isTaken = types.stream().anyMatch(taken -> rawClass(taken).isAssignableFrom(type))
                || fallback != null && rawClass(fallback).isAssignableFrom(type);
        return isTaken ? type : null;
    }

    /** Whether the listener takes an object of that class without any reading. */
    public boolean accepts(Class<?> type) {
        return readableAs(type) != null;
    }

    /** The types by name, for errors. */
    public String describe() {
        return types.stream().map(Type::getTypeName).collect(Collectors.joining(", "));
    }

    private static Class<?> rawClass(Type type) {
        return ResolvableType.forType(type).resolve(Object.class);
    }

    @Override
    public String toString() {
        return describe() + (fallback == null ? "" : ", else " + fallback.getTypeName());
    }
}
