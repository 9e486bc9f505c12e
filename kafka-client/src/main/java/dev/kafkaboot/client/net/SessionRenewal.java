package dev.kafkaboot.client.net;

import dev.kafkaboot.client.AuthenticationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates a connection again before the session ends that the broker has given it (KIP-368). On the loop only.
 *
 * <p><b>How nothing is lost.</b> A broker works on the requests of a connection one by one, so the first message of the renewal may be sent behind requests that
 * are not answered yet: their answers come first. From that message on the broker takes nothing but messages of the renewal, so all else is held until it is
 * over. Before, while credentials are being fetched, requests go on. A session that has ended is noticed by the broker only when a request comes that is not of
 * a renewal: a renewal that comes late, because a long poll was before it, is taken.
 *
 * <p><b>When.</b> At 85 to 95 % of the lifetime, at random, so that the connections of a client do not do it all at once, and a second before the end at the
 * latest. From the first message on it is bounded, and the bound counts only while the broker has nothing else to answer, and reads (KIP-219).
 *
 * <p><b>Without credentials.</b> As long as nothing was sent, nothing is wrong with the connection. A source that fails is asked again, after a pause, and one
 * that is slow is waited for. Shortly before the end requests are held, because the broker would close the connection for them. At the end it gives way to
 * another connection when all that is under way is answered, unless credentials come before that. Credentials that their source refuses are another matter, and
 * end it at once.
 *
 * <p><b>When the broker refuses.</b> That is no verdict about the credentials: a broker does not let a connection become another principal's, and who that is only
 * the broker may know, as with the names that AWS gives to sessions, and with tokens that only brokers can read. So another connection takes over, too. If they are
 * bad, it is refused, and what was held fails with that.
 */
final class SessionRenewal {

    private static final Logger log = LoggerFactory.getLogger(SessionRenewal.class);
    private static final double EARLIEST = 0.85;
    private static final double SPREAD = 0.1;

    /** Brokers refuse to do it more often. */
    private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

    /** What was sent before must be read by the broker before the end, one request after the other. */
    private static final Duration MARGIN_MIN = Duration.ofSeconds(1);

    /** The same, when credentials are late: less of the session is given away. */
    private static final Duration MARGIN_OF_REQUESTS = Duration.ofMillis(500);

    private final Authenticator.Exchange exchange;
    private final Duration limit;
    private final Backoff retries;
    private final Events events;

    /** The next attempt, or from the first message on the limit. */
    private @Nullable Timer timer;

    /** When requests must be held, and then when another connection must take over. */
    private @Nullable Timer end;

    private int failures;
    private boolean begun;
    private boolean holding;
    private boolean over;
    private boolean cancelled;

    /** What the connection sees of it. */
    interface Events {

        /** Whether the broker has to answer something else first, or reads nothing because it asked for a pause. */
        boolean isHeldUp();

        /** Requests may be sent again. */
        void renewed();

        /** Another connection must take over. */
        void replace();

        /** The connection must be closed. */
        void failed(Throwable cause);
    }

    /**
     * There is no session yet.
     *
     * @param limit how long the broker may take for a renewal
     * @param retries how long to wait if there are no credentials
     */
    SessionRenewal(Authenticator.Exchange exchange, Duration limit, Backoff retries, Events events) {
        this.exchange = exchange;
        this.limit = limit;
        this.retries = retries;
        this.events = events;
    }

    /** A session has begun, or there is none that ends. */
    void expect(Authenticator.@Nullable Session session) {
        if (session != null) {
            double share = EARLIEST + SPREAD * exchange.loop().random().nextDouble();
            long lifetimeNanos = Times.nanos(session.lifetime());
            long pauseNanos = Math.min((long) (lifetimeNanos * share), lifetimeNanos - MARGIN_MIN.toNanos());
            pauseNanos = Math.max(pauseNanos, INTERVAL_MIN.toNanos());
            long untilHeldNanos = Math.max(0, lifetimeNanos - MARGIN_OF_REQUESTS.toNanos());
            long untilOverNanos = Math.max(lifetimeNanos, pauseNanos + MARGIN_MIN.toNanos()); // very short ones are renewed after their end
            failures = 0;
            timer = exchange.loop().schedule(Duration.ofNanos(pauseNanos), () -> renew(session));
            end = exchange.loop().schedule(Duration.ofNanos(untilHeldNanos), () -> holdUntil(Duration.ofNanos(untilOverNanos - untilHeldNanos)));
        }
    }

    private void holdUntil(Duration last) {
        holding = true;
        end = exchange.loop().schedule(last, () -> giveWay("its session has ended, and there are no credentials for another"));
    }

    private void renew(Authenticator.Session session) {
        log.debug("The session with {} is being renewed", Diagnosis.name(exchange.node()));
        session.renew(exchange).whenComplete((next, failure) -> {
            if (cancelled) {
                return;
            }
            if (failure == null) {
                renewed(next);
            } else {
                failed(session, Failures.cause(failure));
            }
        });
    }

    private void renewed(Authenticator.@Nullable Session next) {
        stopTimers();
        begun = false;
        holding = false;
        over = false;
        expect(next);
        events.renewed();
    }

    private void failed(Authenticator.Session session, Throwable cause) {
        if (cause instanceof OtherIdentityException || begun && cause instanceof AuthenticationException) {
            giveWay(cause.getMessage());
        } else if (begun || cause instanceof AuthenticationException) {
            stopTimers();
            events.failed(cause);
        } else if (!over) {
            log.debug("The session with {} could not be renewed yet: it {}", Diagnosis.name(exchange.node()), Diagnosis.reason(cause));
            timer = exchange.loop().schedule(retries.after(++failures, exchange.loop().random()), () -> renew(session));
        }
    }

    private void giveWay(@Nullable String reason) {
        log.debug("The connection to {} gives way to another: {}", Diagnosis.name(exchange.node()), reason);
        stopTimers();
        begun = false;
        holding = true;
        over = true;
        events.replace();
    }

    /** A message of a renewal is being sent. */
    void begin() {
        if (!begun) {
            stopTimers();
            begun = true;
            holding = true;
            over = false;
            watch();
        }
    }

    private void watch() {
        timer = exchange.loop().schedule(limit, () -> {
            if (events.isHeldUp()) {
                watch();
            } else {
                events.failed(Diagnosis.silent("renew the session", limit));
            }
        });
    }

    /** The broker was held up until now, so its time begins. */
    void waited() {
        if (begun) {
            stopTimers();
            watch();
        }
    }

    /** Whether messages of a renewal are under way. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether only messages of the renewal may be sent. */
    boolean isHolding() {
        return holding;
    }

    /** Whether the connection is only to finish what is under way, and another to go on. */
    boolean isOver() {
        return over;
    }

    /** Nothing of all this matters any more. */
    void cancel() {
        cancelled = true;
        stopTimers();
    }

    private void stopTimers() {
        stop(timer);
        stop(end);
        timer = null;
        end = null;
    }

    private static void stop(@Nullable Timer running) {
        if (running != null) {
            running.cancel();
        }
    }
}
