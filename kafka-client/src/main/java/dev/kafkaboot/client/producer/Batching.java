package dev.kafkaboot.client.producer;

import dev.kafkaboot.record.compress.Codec;

/**
 * How records of a topic are batched.
 *
 * @param codec compresses batches as they are closed
 * @param batchSize what makes a batch full while nothing is ahead of it, in bytes
 * @param lingerNanos how long an open batch waits
 */
record Batching(Codec codec, int batchSize, long lingerNanos) {}
