package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.function.Supplier;

/**
 * What brokers do with one kind of request.
 *
 * @param newRequest an empty request, to be read into
 * @param handler answers it
 * @param failure the response that says of everything asked for that it failed
 * @param <Q> the request
 * @param <R> the response
 */
record Api<Q extends RequestMessage<R>, R extends ResponseMessage>(Supplier<Q> newRequest, Handler<Q, R> handler, Failure<Q, R> failure) {

    /** Answers requests. */
    @FunctionalInterface
    interface Handler<Q extends RequestMessage<R>, R extends ResponseMessage> {

        /** Answers the exchange, now or later. */
        void handle(Exchange<Q, R> exchange);
    }

    /** Makes a response that carries an error wherever it has room for one. */
    @FunctionalInterface
    interface Failure<Q extends RequestMessage<R>, R extends ResponseMessage> {

        /** The response; fields that the version lacks are left alone. */
        R of(Q request, short version, ErrorCode error);
    }

    ApiKey key() {
        return newRequest.get().apiKey();
    }
}
