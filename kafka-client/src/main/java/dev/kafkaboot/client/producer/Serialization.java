package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Makes bytes of keys and values, with errors that say of what. */
final class Serialization {

    private Serialization() {}

    /**
     * The bytes of a key or a value.
     *
     * @param what which of the two it is
     * @throws SerializationException if the serialiser throws anything; an endless recursion or a class that is missing is its affair too
     */
    static <T> byte @Nullable [] of(Serializer<T> serializer, String what, String topic, Headers headers, @Nullable T data) {
        try {
            return serializer.serialize(topic, headers, data);
        } catch (SerializationException known) {
            throw known;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            String type = data == null ? "null" : "a " + data.getClass().getName();
            throw new SerializationException(
                    "Cannot serialise the " + what + " of a record for topic '" + topic + "', " + type + ", with "
                            + serializer.getClass().getName() + ": " + e, e);
        }
    }
}
