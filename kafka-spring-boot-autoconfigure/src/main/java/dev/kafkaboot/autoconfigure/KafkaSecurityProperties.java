package dev.kafkaboot.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The {@code security.*} properties of all clients, or of one kind of them. */
public class KafkaSecurityProperties {

    /** How connections are protected: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. */
    private @Nullable String protocol;

    public @Nullable String getProtocol() {
        return protocol;
    }

    public void setProtocol(@Nullable String protocol) {
        this.protocol = protocol;
    }
}
