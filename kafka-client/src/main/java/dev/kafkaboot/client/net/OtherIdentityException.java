package dev.kafkaboot.client.net;

/** The credentials are no longer those of whom a connection was authenticated as, and brokers do not let that change: it takes another connection. */
public final class OtherIdentityException extends Exception {

    private static final long serialVersionUID = 1L;

    public OtherIdentityException(String message) {
        super(message);
    }
}
