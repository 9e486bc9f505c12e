package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The coordinator cannot read the regular expression of a subscription: it takes the syntax of RE2, without looking around and references back (KIP-848). */
public class InvalidRegularExpressionException extends BrokerException {

    private static final long serialVersionUID = 1L;

    /**
     * An expression that was refused.
     *
     * @param subject the group and the expression
     * @param detail the broker's own message, or null if it sent none
     */
    public InvalidRegularExpressionException(String subject, @Nullable String detail) {
        super(subject, ErrorCode.INVALID_REGULAR_EXPRESSION, ApiKey.CONSUMER_GROUP_HEARTBEAT, null, detail);
    }
}
