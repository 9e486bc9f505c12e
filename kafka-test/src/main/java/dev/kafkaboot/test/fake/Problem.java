package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Why an administrator's wish was refused.
 *
 * @param error what the client is told
 * @param message and in words
 */
record Problem(ErrorCode error, String message) {

    /** A problem that the error says all about. */
    static Problem of(ErrorCode error) {
        return new Problem(error, error.message());
    }

    /** The text, unless it says no more than the error does: brokers leave it out then. */
    @Nullable String textIfOwn() {
        return message.equals(error.message()) ? null : message;
    }
}
