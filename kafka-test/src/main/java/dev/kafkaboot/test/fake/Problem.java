package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;

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
}
