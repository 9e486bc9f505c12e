package dev.kafkaboot.client.security;

/** A SASL mechanism, with the credentials that it authenticates with: one for all connections of a client. Used on the loop, so nothing in it may block. */
public interface SaslMechanism {

    /** The name under which brokers know it, such as {@code SCRAM-SHA-512}. */
    String name();

    /** Begins one authentication, of a new connection or of one whose session ends (KIP-368). Credentials are looked up anew. */
    SaslExchange begin(SaslContext context);
}
