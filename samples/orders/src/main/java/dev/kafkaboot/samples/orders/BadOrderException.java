package dev.kafkaboot.samples.orders;

/** What the caller sent is no order. */
final class BadOrderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadOrderException(String message) {
        super(message);
    }
}
