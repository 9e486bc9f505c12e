package dev.kafkaboot.client;

/** How connections are protected ({@code security.protocol}). */
public enum SecurityProtocol {
    /** Neither encrypted nor authenticated. */
    PLAINTEXT(false, false),

    /** TLS; the client authenticates with a certificate if it has one. */
    SSL(true, false),

    /** SASL over an unencrypted connection. */
    SASL_PLAINTEXT(false, true),

    /** SASL over TLS. */
    SASL_SSL(true, true);

    private final boolean tls;
    private final boolean sasl;

    SecurityProtocol(boolean tls, boolean sasl) {
        this.tls = tls;
        this.sasl = sasl;
    }

    /** Whether connections are encrypted. */
    public boolean usesTls() {
        return tls;
    }

    /** Whether a SASL exchange comes before anything else. */
    public boolean usesSasl() {
        return sasl;
    }
}
