/** JMH for the loops that run once a record or once a batch: {@code benchmarks/jmh}. What needs to see the producer's inside is in its package. */
@NullMarked
package dev.kafkaboot.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
