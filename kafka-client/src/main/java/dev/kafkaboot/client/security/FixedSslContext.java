package dev.kafkaboot.client.security;

import javax.net.ssl.SSLContext;

/** The same context for every connection. */
public record FixedSslContext(SSLContext context) implements SslContextSource {}
