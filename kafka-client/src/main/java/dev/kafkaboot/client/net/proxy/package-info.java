/**
 * Ways to a broker that lead through a proxy. {@link dev.kafkaboot.client.net.proxy.ProxyTransports} reads the configuration, a {@code Tunnel} opens one
 * connection, and what it says to the proxy is a {@link dev.kafkaboot.client.proxy.ProxyProtocol}'s: SOCKS5 (RFC 1928, RFC 1929) and HTTP's CONNECT (RFC 9110,
 * 9.3.6) are here.
 */
@NullMarked
package dev.kafkaboot.client.net.proxy;

import org.jspecify.annotations.NullMarked;
