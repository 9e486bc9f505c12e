/**
 * The event loop, and what runs on it to reach brokers: byte channels, connections, and the pool of them.
 *
 * <p>This is the only package of the client that touches time, threads, randomness and sockets, and it does so in the classes whose names start
 * with {@code Nio} alone. Everything else is written against {@link dev.kafkaboot.client.net.EventLoop}. It knows nothing of topics; the floor
 * above, {@code dev.kafkaboot.client.cluster}, does.
 *
 * <p>Start reading at {@link dev.kafkaboot.client.net.EventLoop}, then {@link dev.kafkaboot.client.net.Connection} and
 * {@link dev.kafkaboot.client.net.ConnectionPool}.
 */
@NullMarked
package dev.kafkaboot.client.net;

import org.jspecify.annotations.NullMarked;
