package dev.kafkaboot.client.serialization;

import dev.kafkaboot.client.Headers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns objects into bytes and bytes into objects.
 *
 * <p>One instance may serve several threads at once and must be safe for that. A failure is any exception; the client wraps it with the names of
 * topic and record. Null stands for itself by convention: a null value is a tombstone.
 *
 * @param <T> the type of the objects
 */
public interface Serializer<T> extends AutoCloseable {

    /**
     * Turns an object into bytes.
     *
     * @param topic the topic that the record goes to
     * @param headers the record's headers, which may be added to
     * @param data the object, or null
     * @return the bytes, which are not changed by anyone from here on; null for a null object
     */
    byte @Nullable [] serialize(String topic, Headers headers, @Nullable T data);

    /**
     * Turns bytes into an object.
     *
     * @param topic the topic that the record comes from
     * @param headers the record's headers
     * @param data the bytes, owned by the callee; null where the record has none
     */
    @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] data);

    /**
     * Whether {@link #deserializeView} is called in place of {@link #deserialize(String, Headers, byte[])}, which is handed a copy of the bytes. False unless one says
     * otherwise. It does not change.
     */
    default boolean readsViews() {
        return false;
    }

    /**
     * Turns bytes into an object, reading them where they were received, without a copy. Only called if {@link #readsViews()}.
     *
     * @param topic the topic that the record comes from
     * @param headers the record's headers
     * @param data the bytes from its position to its limit, read only, and often a direct buffer; null where the record has none. It is a view of memory that is used for other
     *     records later: nothing may refer to it when this returns
     */
    default @Nullable T deserializeView(String topic, Headers headers, @Nullable ByteBuffer data) {
        throw new UnsupportedOperationException(getClass().getName() + " says that it reads views, and does not");
    }

    /**
     * Whether {@link #serialize} may look at the headers, or add to them. If neither that of the key nor that of the value does, and a record is sent without
     * headers, {@link Headers#none()} are handed in: a record more or less costs an object less.
     */
    default boolean usesHeaders() {
        return true;
    }

    /** Releases what this holds; called when the client that was given it closes. */
    @Override
    default void close() {}
}
