package dev.kafkaboot.client.proxy;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a proxy is to connect to. Immutable.
 *
 * @param host a name of ASCII letters, digits, {@code .}, {@code -} and {@code _}, or an address without brackets; safe to be written into a header
 * @param address the address; null if the host is a name that the proxy looks up
 * @param port the port
 */
public record ProxyTarget(String host, @Nullable InetAddress address, int port) {}
