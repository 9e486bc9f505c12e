package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;

/**
 * PLAIN (RFC 4616): shows user name and password to the broker, and so to everybody who can read what is sent.
 *
 * @param credentials whom to authenticate
 */
record PlainMechanism(Credentials credentials) implements SaslMechanism {

    static final String NAME = "PLAIN";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new PlainExchange(credentials, context);
    }
}
