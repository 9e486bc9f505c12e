/**
 * A Kafka cluster as a pure state machine: bytes in, bytes and due times out.
 *
 * <p>{@link dev.kafkaboot.test.fake.FakeKafka} is the place to start reading. Nothing here has a thread, a socket, a clock or a source of randomness
 * of its own: whoever drives the cluster says what time it is, hands in what clients sent, and gets what brokers answer. So the same cluster serves behind
 * loopback sockets and on a simulated network, and does the same thing twice if it is told the same things twice. For that, no collection whose order may
 * differ from run to run is ever iterated here.
 *
 * <p>Nothing in this package is safe for use by several threads at once.
 */
@NullMarked
package dev.kafkaboot.test.fake;

import org.jspecify.annotations.NullMarked;
