package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A broker answered a request with an error code. */
public class BrokerException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;
    private final @Nullable ApiKey request;
    private final @Nullable Node broker;

    /**
     * An error answered by a broker.
     *
     * @param subject what the error is about, in the user's terms ("topic 'orders'", "group 'billing'")
     * @param errorCode the error
     * @param request the request that it answers, or null if that is not known
     * @param broker the broker that answered, or null if that is not known
     * @param detail the broker's own message, or null if it sent none
     */
    public BrokerException(
            String subject, ErrorCode errorCode, @Nullable ApiKey request, @Nullable Node broker, @Nullable String detail) {
        super(describe(subject, errorCode, request, broker, detail));
        this.errorCode = errorCode;
        this.request = request;
        this.broker = broker;
    }

    private static String describe(
            String subject, ErrorCode errorCode, @Nullable ApiKey request, @Nullable Node broker, @Nullable String detail) {
        StringBuilder text = new StringBuilder(subject).append(": ").append(errorCode.name());
        String reason = detail == null || detail.isBlank() ? errorCode.message() : detail;
        text.append(" (").append(reason).append(')');
        if (request != null || broker != null) {
            text.append(", answered");
            if (request != null) {
                text.append(" to ").append(request.name());
            }
            if (broker != null) {
                text.append(" by broker ").append(broker);
            }
        }
        return text.toString();
    }

    @Override
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** The request that was answered, or null if that is not known. */
    public @Nullable ApiKey request() {
        return request;
    }

    /** The broker that answered, or null if that is not known. */
    public @Nullable Node broker() {
        return broker;
    }

    @Override
    public boolean isRetriable() {
        return errorCode.isRetriable();
    }

    /** Whether it is said of a transactional producer. Brokers say INVALID_PRODUCER_EPOCH of a batch too, which ends only its transaction (KIP-588). */
    @Override
    public boolean isFatal() {
        return errorCode == ErrorCode.PRODUCER_FENCED
                || errorCode == ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                || errorCode == ErrorCode.INVALID_PRODUCER_EPOCH && request != ApiKey.PRODUCE;
    }

    @Override
    public boolean requiresAbort() {
        return errorCode == ErrorCode.TRANSACTION_ABORTABLE;
    }
}
