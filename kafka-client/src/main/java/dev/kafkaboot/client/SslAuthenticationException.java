package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * A TLS handshake failed because of a certificate: the client does not trust the broker's, or the broker does not accept the client's. The message says which
 * broker, which certificate and why.
 */
public class SslAuthenticationException extends AuthenticationException {

    private static final long serialVersionUID = 1L;

    private final String broker;
    private final String reason;

    /**
     * Makes one.
     *
     * @param broker the broker's address, as {@code host:port}
     * @param reason what is wrong, as the end of a sentence that begins with the address
     */
    public SslAuthenticationException(String broker, String reason, @Nullable Throwable cause) {
        super(broker + " " + reason, cause);
        this.broker = broker;
        this.reason = reason;
    }

    /** The broker's address, as {@code host:port}. */
    public String broker() {
        return broker;
    }

    /** What is wrong, as the end of a sentence that begins with the broker's name. */
    public String reason() {
        return reason;
    }
}
