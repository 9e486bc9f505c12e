package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.serialization.Serializer;

/** What {@code json} stands for, where Jackson is there. */
record JsonSerializers(Serializer<?> forKeys, Serializer<?> forValues) {}
