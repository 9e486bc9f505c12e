package dev.kafkaboot.protocol;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Fills a message of ours and the one of kafka-clients of the same name with the same random values, field by field, through their setters.
 *
 * <p>What a version cannot carry is learnt from the exception that refuses it: the field is then left at its default, or not null, on both sides.
 */
final class RandomPair {

    private final Random random;
    private final Limits limits;

    private RandomPair(long seed, Limits limits) {
        this.random = new Random(seed);
        this.limits = limits;
    }

    /**
     * What a version cannot carry.
     *
     * @param leftOut fields that stay at their default
     * @param notNull fields that are not null
     * @param flexible whether there are tagged fields, so that unknown ones can be added
     */
    record Limits(Set<String> leftOut, Set<String> notNull, boolean flexible) {

        Limits(boolean flexible) {
            this(new HashSet<>(), new HashSet<>(), flexible);
        }

        /** Takes note of a refusal; true if it was new. */
        boolean learn(UnsupportedFieldException refusal) {
            return isNull(refusal) ? notNull.add(refusal.field()) : leftOut.add(refusal.field());
        }

        /** One a field that was learnt: all others stay forbidden, and it alone is not. */
        List<Limits> eachLifted() {
            List<Limits> lifted = new ArrayList<>();
            leftOut.forEach(field -> lifted.add(new Limits(without(leftOut, field), notNull, flexible)));
            notNull.forEach(field -> lifted.add(new Limits(leftOut, without(notNull, field), flexible)));
            return lifted;
        }

        private static Set<String> without(Set<String> fields, String field) {
            return fields.stream().filter(other -> !other.equals(field)).collect(Collectors.toSet());
        }

        private static boolean isNull(UnsupportedFieldException refusal) {
            return refusal.getMessage().startsWith(refusal.field() + " is null");
        }
    }

    /** A message of ours, filled at random with what a version can carry, as that version has it. */
    static byte[] bytes(String name, short version, long seed) throws Exception {
        Class<?> theirs = MessagePairs.theirClass(name);
        Limits limits = new Limits(MessagePairs.isFlexible(theirs, version));
        while (true) {
            Message message = MessagePairs.newOurs(MessagePairs.ourClass(name));
            fill(message, MessagePairs.newTheirs(theirs), seed, limits);
            try {
                return MessagePairs.bytes(message, version);
            } catch (UnsupportedFieldException refused) {
                if (!limits.learn(refused)) {
                    throw new AssertionError(refused);
                }
            }
        }
    }

    static void fill(Object ours, Object theirs, long seed, Limits limits) throws ReflectiveOperationException {
        new RandomPair(seed, limits).fill(ours, theirs, 0);
    }

    /** The setters of one of our structures, in a fixed order; without those that give a field another release's name. */
    static List<Method> setters(Class<?> type) {
        Set<String> fields = Arrays.stream(type.getDeclaredFields()).map(Field::getName).collect(Collectors.toSet());
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> fields.contains(method.getName()))
                .filter(method -> method.getParameterCount() == 1 && method.getReturnType() == type)
                .filter(method -> !method.getName().equals("unknownTaggedFields"))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private void fill(Object ours, Object theirs, int depth) throws ReflectiveOperationException {
        for (Method setter : setters(ours.getClass())) {
            String name = setter.getName();
            String path = path(ours.getClass()) + "." + name;
            Method theirSetter = theirSetter(theirs.getClass(), name);
            boolean nullable = setter.getAnnotatedParameterTypes()[0].isAnnotationPresent(Nullable.class);
            boolean toNull = nullable && random.nextInt(4) == 0;
            if (limits.leftOut.contains(path)) {
                continue;
            }
            if (toNull && !limits.notNull.contains(path)) {
                setter.invoke(ours, new Object[] {null});
                theirSetter.invoke(theirs, new Object[] {null});
            } else {
                Object[] pair = pair(setter.getGenericParameterTypes()[0], theirSetter.getGenericParameterTypes()[0], depth);
                set(theirSetter, theirs, setter, ours, pair);
            }
        }
        if (limits.flexible && random.nextInt(4) == 0) {
            addUnknownTaggedFields(ours, theirs);
        }
    }

    private static String path(Class<?> type) {
        Class<?> message = type.getEnclosingClass();
        return message == null ? type.getSimpleName() : message.getSimpleName() + "." + type.getSimpleName();
    }

    private void addUnknownTaggedFields(Object ours, Object theirs) throws ReflectiveOperationException {
        List<UnknownTaggedField> fields = new ArrayList<>();
        List<RawTaggedField> theirFields = ((org.apache.kafka.common.protocol.Message) theirs).unknownTaggedFields();
        int tag = 100;
        for (int i = random.nextInt(3); i >= 0; i--) {
            tag += 1 + random.nextInt(1000);
            byte[] value = random.nextInt(10) == 0 ? new byte[200] : bytes();
            fields.add(new UnknownTaggedField(tag, value));
            theirFields.add(new RawTaggedField(tag, value));
        }
        ours.getClass().getMethod("unknownTaggedFields", List.class).invoke(ours, fields);
    }

    private static void set(Method theirSetter, Object theirs, Method setter, Object ours, Object[] pair) throws ReflectiveOperationException {
        try {
            theirSetter.invoke(theirs, pair[1]);
            setter.invoke(ours, pair[0]);
        } catch (InvocationTargetException outOfRange) {
            // An unsigned short, which has the Java type of an int.
            int unsigned = (int) pair[1] & 0xffff;
            theirSetter.invoke(theirs, unsigned);
            setter.invoke(ours, unsigned);
        }
    }

    private static Method theirSetter(Class<?> type, String name) {
        String setter = "set" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return Arrays.stream(type.getMethods()).filter(method -> method.getName().equals(setter)).findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no " + setter));
    }

    /** The same random value as our type and as theirs. */
    private Object[] pair(Type ours, Type theirs, int depth) throws ReflectiveOperationException {
        if (ours instanceof ParameterizedType list) {
            return lists(list.getActualTypeArguments()[0], theirs, depth);
        }
        Class<?> type = (Class<?>) ours;
        if (type == String.class) {
            String text = random.nextInt(5) == 0 ? "żółw-" + random.nextInt(1000) : "t".repeat(random.nextInt(40));
            return new Object[] {text, text};
        }
        if (type == Uuid.class) {
            long high = random.nextLong();
            long low = random.nextLong();
            return new Object[] {new Uuid(high, low), new org.apache.kafka.common.Uuid(high, low)};
        }
        if (type == byte[].class) {
            byte[] bytes = bytes();
            return new Object[] {bytes, bytes.clone()};
        }
        if (type == Bytes.class) {
            byte[] bytes = bytes();
            ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
            return new Object[] {Bytes.wrap(bytes), theirs == ByteBuffer.class ? buffer : MemoryRecords.readableRecords(buffer)};
        }
        Object primitive = primitive(type);
        if (primitive != null) {
            return new Object[] {primitive, primitive};
        }
        Object our = type.getConstructor().newInstance();
        Object their = ((Class<?>) theirs).getConstructor().newInstance();
        fill(our, their, depth + 1);
        return new Object[] {our, their};
    }

    private @Nullable Object primitive(Class<?> type) {
        int bits = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(200);
        if (type == int.class || type == Integer.class) {
            return bits;
        }
        if (type == long.class || type == Long.class) {
            return random.nextBoolean() ? random.nextLong() : (long) bits;
        }
        if (type == short.class || type == Short.class) {
            return (short) bits;
        }
        if (type == byte.class || type == Byte.class) {
            return (byte) bits;
        }
        if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        }
        return type == double.class ? (Object) random.nextDouble() : null;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(50)];
        random.nextBytes(bytes);
        return bytes;
    }

    @SuppressWarnings("unchecked") // the collections of kafka-clients are made by reflection
    private Object[] lists(Type element, Type theirs, int depth) throws ReflectiveOperationException {
        List<Object> ours = new ArrayList<>();
        Class<?> theirClass = (Class<?>) (theirs instanceof ParameterizedType p ? p.getRawType() : theirs);
        Collection<Object> their = theirClass == List.class ? new ArrayList<>() : (Collection<Object>) theirClass.getConstructor().newInstance();
        Type theirElement = theirs instanceof ParameterizedType p
                ? p.getActualTypeArguments()[0]
                : ((ParameterizedType) theirClass.getGenericSuperclass()).getActualTypeArguments()[0];
        int size = random.nextInt(depth > 2 ? 2 : 4);
        for (int i = 0; i < size; i++) {
            Object[] pair = pair(element, theirElement, depth + 1);
            ours.add(pair[0]);
            their.add(pair[1]);
        }
        return new Object[] {ours, their};
    }

    /** An empty one of a class of kafka-clients. */
    static Object newInstance(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getConstructor();
        return constructor.newInstance();
    }
}
