package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.function.Predicate;

/**
 * A {@link Rule} in force.
 *
 * @param <Q> the request
 * @param <R> the response
 */
public final class Intervention<Q extends RequestMessage<R>, R extends ResponseMessage> {

    private final Script script;
    private final Predicate<Exchange<?, ?>> fits;
    private final Action<Q, R> action;
    private long skip;
    private long left;
    private long hits;

    /** What is done with a request. */
    @FunctionalInterface
    interface Action<Q extends RequestMessage<R>, R extends ResponseMessage> {

        void with(Api<Q, R> api, Exchange<Q, R> exchange);
    }

    /** What is done with the answer to a request. */
    @FunctionalInterface
    interface Delivery<Q extends RequestMessage<R>, R extends ResponseMessage> {

        void of(Exchange<Q, R> exchange, R response);
    }

    Intervention(Script script, Predicate<Exchange<?, ?>> fits, long skip, long times, Action<Q, R> action) {
        this.script = script;
        this.fits = fits;
        this.skip = skip;
        this.left = times;
        this.action = action;
    }

    /** How many requests it has taken. */
    public long hits() {
        return hits;
    }

    /** Whether it will take no more. */
    public boolean isOver() {
        return left == 0;
    }

    /** Takes it back; requests that it has taken stay taken. */
    public void cancel() {
        left = 0;
        script.remove(this);
    }

    boolean takes(Exchange<?, ?> exchange) {
        if (left == 0 || !fits.test(exchange)) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        hits++;
        if (left != Long.MAX_VALUE && --left == 0) {
            script.remove(this);
        }
        return true;
    }

    void apply(Api<Q, R> api, Exchange<Q, R> exchange) {
        action.with(api, exchange);
    }
}
