package dev.kafkaboot.client;

/** A record was not sent, because its transaction was aborted before it was (KIP-654). */
public class TransactionAbortedException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public TransactionAbortedException(String message) {
        super(message);
    }
}
