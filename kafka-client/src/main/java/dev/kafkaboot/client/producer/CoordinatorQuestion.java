package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * Something to ask a coordinator.
 *
 * @param type what it coordinates
 * @param key of whom
 * @param api the request
 * @param highestVersion the highest version that may be used
 * @param takesUnstable whether a version counts that may still change
 * @param request makes the request for a version
 * @param verdict reads an answer
 * @param isWanted whether it is still to be asked; looked at before each attempt
 */
record CoordinatorQuestion<R extends ResponseMessage>(
        CoordinatorType type, String key, ApiKey api, int highestVersion, boolean takesUnstable,
        IntFunction<? extends RequestMessage<R>> request, Reading<R> verdict,
        BooleanSupplier isWanted) {

    /**
     * What an answer says.
     *
     * @param subject what the error is about
     * @param error NONE if it was done
     */
    record Verdict(String subject, ErrorCode error) {}

    /** Reads an answer of a version. */
    @FunctionalInterface
    interface Reading<R extends ResponseMessage> {

        Verdict of(R response, int version);
    }
}
