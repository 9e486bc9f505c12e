package dev.kafkaboot.client;

/** A call of a transactional producer came out of order. The message names the state that the producer is in and what can be called in it. */
public class TransactionStateException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public TransactionStateException(String message) {
        super(message);
    }
}
