package dev.kafkaboot.spring.support.serializer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A serializer that can read the same bytes as different types, and so asks what the reader takes. Listener methods tell it.
 *
 * @param <T> the type of the objects
 */
public interface TypedSerializer<T> extends Serializer<T> {

    /**
     * Turns bytes into an object of a type that the reader takes.
     *
     * @param data the bytes; null where the record has none, and then the result is null
     * @throws dev.kafkaboot.client.SerializationException if the bytes cannot be read as such, or the record says a type that the reader does not take
     */
    @Nullable Object deserialize(String topic, Headers headers, byte @Nullable [] data, PayloadTypes types);
}
