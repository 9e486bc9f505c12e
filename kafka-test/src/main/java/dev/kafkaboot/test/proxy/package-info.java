/**
 * A proxy between clients and brokers that does to connections what networks do: {@link dev.kafkaboot.test.proxy.FaultProxy}.
 *
 * <p>It works in user space on loopback sockets, with blocking reads and writes on threads of its own; it knows Kafka's frames, so a fault can hit one kind of
 * request, and rewrites the addresses in what brokers answer, so that all traffic stays on it.
 */
@NullMarked
package dev.kafkaboot.test.proxy;

import org.jspecify.annotations.NullMarked;
