package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import org.jspecify.annotations.Nullable;

/**
 * A request that a broker has read, until it is answered. A handler answers it at once or keeps it and answers it later; a broker reads the next request of a
 * connection only then.
 *
 * @param <Q> the request
 * @param <R> the response
 */
final class Exchange<Q extends RequestMessage<R>, R extends ResponseMessage> {

    private final FakeConnection connection;
    private final Q request;
    private final short version;
    private final int correlationId;
    private final @Nullable String clientId;
    private @Nullable Runnable onEnd;
    private Intervention.@Nullable Delivery<Q, R> delivery;
    private boolean ended;

    Exchange(FakeConnection connection, Q request, short version, int correlationId, @Nullable String clientId) {
        this.connection = connection;
        this.request = request;
        this.version = version;
        this.correlationId = correlationId;
        this.clientId = clientId;
    }

    Q request() {
        return request;
    }

    /** The version in which the request was written and the response will be. */
    short version() {
        return version;
    }

    int correlationId() {
        return correlationId;
    }

    @Nullable String clientId() {
        return clientId;
    }

    /** The broker that was asked. */
    FakeBroker broker() {
        return connection.broker();
    }

    FakeConnection connection() {
        return connection;
    }

    /** Whether an answer is still awaited: not once it was given, nor when the connection is gone. */
    boolean isOpen() {
        return !ended;
    }

    /** What is to be done when the exchange ends, by an answer or with its connection: taking a kept request out of where it waits. */
    void onEnd(Runnable action) {
        onEnd = action;
    }

    /** Answers. Does nothing if the connection is gone. */
    void reply(R response) {
        if (ended) {
            return;
        }
        end();
        if (delivery == null) {
            deliver(response);
        } else {
            delivery.of(this, response);
        }
    }

    /** Hands the answer to somebody who decides what becomes of it, instead of sending it. */
    void deliverBy(Intervention.Delivery<Q, R> deliverer) {
        delivery = deliverer;
    }

    /** Sends an answer. */
    void deliver(R response) {
        connection.answered(this, response);
    }

    /** Sends the first bytes of an answer, and closes the connection. */
    void deliverBeginning(R response, int bytes) {
        connection.answeredInPart(this, response, bytes);
    }

    /** Sends bytes in the place of an answer. */
    void replyBytes(byte... bytes) {
        if (!ended) {
            end();
            connection.answeredWith(this, bytes);
        }
    }

    /** Ends the exchange without an answer, as for acks=0. */
    void replyNothing() {
        if (!ended) {
            end();
            connection.answered(this, null);
        }
    }

    void end() {
        if (!ended) {
            ended = true;
            Runnable action = onEnd;
            onEnd = null;
            if (action != null) {
                action.run();
            }
        }
    }
}
