package dev.kafkaboot.test.fake;

/** A client is not let in; the message is what it is told. */
final class SaslRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SaslRefusal(String message) {
        super(message);
    }
}
