package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Says which requests, and what becomes of them: begun by {@link FakeKafka#on}, narrowed down, and set in force by its last call.
 *
 * <pre>{@code
 * cluster.on(ProduceRequest.class).broker(2).times(3).fail(ErrorCode.NOT_LEADER_OR_FOLLOWER);
 * cluster.on(HeartbeatRequest.class).skip(1).cutAfter();
 * }</pre>
 *
 * <p>One request, the next, if nothing else is said. Of several rules that fit, the one that was made first takes the request.
 *
 * @param <Q> the request
 * @param <R> the response
 */
public final class Rule<Q extends RequestMessage<R>, R extends ResponseMessage> {

    private final Script script;
    private final Class<Q> type;
    private int brokerId = -1;
    private long connection = -1;
    private Predicate<Q> condition = any -> true;
    private long skip;
    private long times = 1;

    Rule(Script script, Class<Q> type) {
        this.script = script;
        this.type = type;
    }

    // ---- which requests

    /** Only those to one broker. */
    public Rule<Q, R> broker(int id) {
        brokerId = id;
        return this;
    }

    /** Only those on one connection, by {@link FakeConnection#number()}. */
    public Rule<Q, R> connection(long number) {
        connection = number;
        return this;
    }

    /** Only those that fulfil a condition. */
    public Rule<Q, R> when(Predicate<Q> fulfils) {
        condition = fulfils;
        return this;
    }

    /** Leaves the first ones alone. */
    public Rule<Q, R> skip(int count) {
        skip = count;
        return this;
    }

    /** So many, and no more. */
    public Rule<Q, R> times(int count) {
        times = count;
        return this;
    }

    /** All of them, until the intervention is taken back. */
    public Rule<Q, R> always() {
        times = Long.MAX_VALUE;
        return this;
    }

    // ---- what becomes of them: nothing is done

    /** Answers with an error, everywhere where the response has room for one. The request has no effect. */
    public Intervention<Q, R> fail(ErrorCode error) {
        return inForce((api, exchange) -> exchange.reply(api.failure().of(exchange.request(), exchange.version(), error)));
    }

    /** Answers with a forged response. The request has no effect. */
    public Intervention<Q, R> reply(Function<Q, R> forged) {
        return inForce((api, exchange) -> exchange.reply(forged.apply(exchange.request())));
    }

    /** Answers with these bytes, which are sent as they are: size, header and all. The request has no effect. */
    public Intervention<Q, R> replyBytes(byte... bytes) {
        return inForce((api, exchange) -> exchange.replyBytes(bytes));
    }

    /** Closes the connection. The request has no effect. */
    public Intervention<Q, R> cutBefore() {
        return inForce((api, exchange) -> exchange.connection().close());
    }

    /** Never answers, and reads nothing more from the connection. The request has no effect. */
    public Intervention<Q, R> ignore() {
        return inForce((api, exchange) -> { });
    }

    // ---- what becomes of them: it is done

    /** Does as asked, and changes the answer. */
    public Intervention<Q, R> change(Function<R, R> changed) {
        return around((exchange, response) -> exchange.deliver(changed.apply(response)));
    }

    /** Lets something else happen first, and then does as asked. */
    public Intervention<Q, R> before(Consumer<Q> first) {
        return inForce((api, exchange) -> {
            first.accept(exchange.request());
            if (exchange.isOpen()) {
                api.handler().handle(exchange);
            }
        });
    }

    /** Does as asked, then lets something else happen, and then answers. */
    public Intervention<Q, R> after(Consumer<R> then) {
        return around((exchange, response) -> {
            then.accept(response);
            exchange.deliver(response);
        });
    }

    /** Waits before it does as asked. */
    public Intervention<Q, R> delay(Duration pause) {
        return inForce((api, exchange) -> exchange.connection().later(pause, () -> {
            if (exchange.isOpen()) {
                api.handler().handle(exchange);
            }
        }));
    }

    /** Does as asked, and waits before it answers. */
    public Intervention<Q, R> delayReply(Duration pause) {
        return around((exchange, response) -> exchange.connection().later(pause, () -> exchange.deliver(response)));
    }

    /** Does as asked, and closes the connection instead of answering. */
    public Intervention<Q, R> cutAfter() {
        return around((exchange, response) -> exchange.connection().close());
    }

    /** Does as asked, sends the beginning of the answer, and closes the connection. */
    public Intervention<Q, R> cutInside(int bytes) {
        return around((exchange, response) -> exchange.deliverBeginning(response, bytes));
    }

    /** Does as asked, never answers, and reads nothing more from the connection. */
    public Intervention<Q, R> swallow() {
        return around((exchange, response) -> { });
    }

    /** Does as asked, tells in the answer that the client is throttled, and reads nothing from the connection for so long (KIP-219). */
    public Intervention<Q, R> throttle(Duration pause) {
        return around((exchange, response) -> {
            Throttling.set(response, pause);
            exchange.connection().mute(pause);
            exchange.deliver(response);
        });
    }

    private Intervention<Q, R> around(Intervention.Delivery<Q, R> delivery) {
        return inForce((api, exchange) -> {
            exchange.deliverBy(delivery);
            api.handler().handle(exchange);
        });
    }

    private Intervention<Q, R> inForce(Intervention.Action<Q, R> action) {
        Intervention<Q, R> intervention = new Intervention<>(script, this::fits, skip, times, action);
        script.add(intervention);
        return intervention;
    }

    private boolean fits(Exchange<?, ?> exchange) {
        return type.isInstance(exchange.request())
                && (brokerId < 0 || exchange.broker().id() == brokerId)
                && (connection < 0 || exchange.connection().number() == connection)
                && condition.test(type.cast(exchange.request()));
    }
}
