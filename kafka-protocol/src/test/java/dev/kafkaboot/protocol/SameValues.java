package dev.kafkaboot.protocol;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Compares a message of ours with one of kafka-clients, getter by getter. */
final class SameValues {

    private SameValues() {}

    /** The path of the first field that differs, with both values; null if none does. */
    static @Nullable String difference(Object ours, Object theirs) throws ReflectiveOperationException {
        String unknown = unknownTaggedFields(ours, theirs);
        if (unknown != null) {
            return unknown;
        }
        for (Method setter : RandomPair.setters(ours.getClass())) {
            Object our = ours.getClass().getMethod(setter.getName()).invoke(ours);
            Object their = theirs.getClass().getMethod(setter.getName()).invoke(theirs);
            String difference = differenceOf(our, their);
            if (difference != null) {
                return ours.getClass().getSimpleName() + "." + setter.getName() + ": " + difference;
            }
        }
        return null;
    }

    private static @Nullable String unknownTaggedFields(Object ours, Object theirs) throws ReflectiveOperationException {
        List<UnknownTaggedField> their = ((org.apache.kafka.common.protocol.Message) theirs).unknownTaggedFields().stream()
                .map(field -> new UnknownTaggedField(field.tag(), field.data()))
                .toList();
        Object our = ours.getClass().getMethod("unknownTaggedFields").invoke(ours);
        return their.equals(our) ? null : our + " / " + their;
    }

    private static @Nullable String differenceOf(@Nullable Object our, @Nullable Object their) throws ReflectiveOperationException {
        if (our == null || their == null) {
            return our == null && their == null ? null : our + " / " + their;
        }
        if (our instanceof List<?> list) {
            Collection<?> others = (Collection<?>) their;
            if (list.size() != others.size()) {
                return list.size() + " elements / " + others.size();
            }
            Iterator<?> other = others.iterator();
            for (Object element : list) {
                String difference = differenceOf(element, other.next());
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        if (our.getClass().getPackageName().equals("dev.kafkaboot.protocol.message")) {
            return difference(our, their);
        }
        return normal(our).equals(normal(their)) ? null : our + " / " + their;
    }

    private static Object normal(Object value) {
        if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        if (value instanceof Bytes bytes) {
            return bytes.toSingleBuffer();
        }
        if (value instanceof MemoryRecords records) {
            return records.buffer();
        }
        return value instanceof Uuid || value instanceof org.apache.kafka.common.Uuid ? value.toString() : value;
    }
}
