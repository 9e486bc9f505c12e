package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Headers;
import org.jspecify.annotations.Nullable;

/** A record that waits until its topic's partitions are known; its size counts as used memory. */
record ParkedRecord(
        SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
        long sinceNanos) {}
