/**
 * How a proxy is asked for a way to a broker, for kinds of proxies that are not built in: a {@link dev.kafkaboot.client.proxy.ProxyProtocol} is given by
 * {@code proxy.protocols}. Nothing here does any I/O; {@code dev.kafkaboot.client.net.proxy} does.
 */
@NullMarked
package dev.kafkaboot.client.proxy;

import org.jspecify.annotations.NullMarked;
