/**
 * Measures this project's client and {@code kafka-clients} in turn against one broker.
 *
 * <p>{@link dev.kafkaboot.benchmarks.Benchmark} starts the broker and one JVM a run; {@link dev.kafkaboot.benchmarks.Worker} is that JVM. Nothing
 * here is part of the product.
 */
@NullMarked
package dev.kafkaboot.benchmarks;

import org.jspecify.annotations.NullMarked;
