package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.serialization.Serializer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A serializer that several consumers use, in the hands of one of them: a consumer closes its serializers with itself, and the others would go on with closed
 * ones. Whoever made the serializer closes it.
 *
 * @param <T> the type of what is read and written
 */
record UnclosedSerializer<T>(Serializer<T> shared) implements Serializer<T> {

    static <T> Serializer<T> of(Serializer<T> shared) {
        return new UnclosedSerializer<>(shared);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T data) {
        return shared.serialize(topic, headers, data);
    }

    @Override
    public @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] data) {
        return shared.deserialize(topic, headers, data);
    }

    @Override
    public boolean readsViews() {
        return shared.readsViews();
    }

    @Override
    public @Nullable T deserializeView(String topic, Headers headers, @Nullable ByteBuffer data) {
        return shared.deserializeView(topic, headers, data);
    }

    @Override
    public boolean usesHeaders() {
        return shared.usesHeaders();
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return shared.toString();
    }
}
