package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.InvalidRegularExpressionException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.UnsupportedFieldException;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heartbeats of a member whose coordinator assigns (KIP-848): one at a time, as often as the coordinator wants to hear them, at once if there is something
 * to tell, and again after a pause if one came to nothing. On the loop, so they go on whatever the application does.
 */
final class MemberHeartbeats<R extends ResponseMessage> {

    private static final Logger LOG = LoggerFactory.getLogger(MemberHeartbeats.class);

    /** Where the heartbeats come from and what is done about their answers. */
    interface Member<R extends ResponseMessage> {

        /** What the pattern of the last heartbeat was, or null if it had none. */
        default @Nullable SubscriptionPattern pattern() {
            return null;
        }

        /** What the next heartbeat says. */
        RequestMessage<R> nextHeartbeat();

        /** The coordinator has taken a heartbeat in. */
        void answered(R response);

        /** Whether the last heartbeat but prepared the next one, so that it is no end of the failures before it that it was taken in. */
        default boolean isPreparing() {
            return false;
        }

        /** A heartbeat came to nothing and is sent again; the coordinator may or may not have got it. */
        void missed(Throwable cause);

        /** The last heartbeat was not sent, because the coordinator is too old for what it says. */
        default void notSent() {}

        /** The coordinator does not know the member, or not in this epoch. */
        void dropped(BrokerException reason);

        /** No heartbeat was answered for as long as sessions last by default: the coordinator has given the partitions to others by now. */
        void sessionEnded();

        /**
         * No broker that could tell or be the coordinator lets the client in. The credentials may be right again before the session has passed, and with it what
         * the member has.
         *
         * @return whether it is a member and stays one, so that the heartbeat is sent again; else it is {@linkplain #refused refused}
         */
        boolean staysInSpiteOf(AuthenticationException reason);

        /** The coordinator does not want the member, or cannot be asked, and that will not change by itself. */
        void refused(KafkaException reason);
    }

    /** What brokers allow by default ({@code group.consumer.session.timeout.ms}); they do not tell what they do allow. */
    static final Duration SESSION = Duration.ofSeconds(45);

    /** Where heartbeats are further apart than by default, sessions are longer too. */
    private static final int LEAST_HEARTBEATS_IN_A_SESSION = 3;

    private final GroupCoordinator coordinator;
    private final HeartbeatKind<R> kind;
    private final Member<R> member;
    private final ConsumerListener listener;
    private final Alarm sessionEnd;
    private final CoordinatorTrouble trouble;
    private Duration interval = Duration.ofSeconds(5);
    private @Nullable Timer timer;
    private @Nullable CompletableFuture<Void> underWay;
    private boolean running;
    private boolean again;
    private int failures;

    /** Counts starts and stops: an answer to what was sent before the last of them is dropped. */
    private int life;

    /** Stopped. */
    MemberHeartbeats(GroupCoordinator coordinator, HeartbeatKind<R> kind, Member<R> member, ConsumerListener listener) {
        this.coordinator = coordinator;
        this.kind = kind;
        this.member = member;
        this.listener = listener;
        this.sessionEnd = new Alarm(coordinator.loop(), member::sessionEnded);
        this.trouble = new CoordinatorTrouble(coordinator.loop(), coordinator.toString());
    }

    private EventLoop loop() {
        return coordinator.loop();
    }

    /** Sends the first one now, and others from time to time. */
    void start() {
        failures = 0;
        goOn();
    }

    /** As {@link #start}, but that what comes to nothing counts as one more failure of those before. */
    void goOn() {
        stop();
        running = true;
        send();
    }

    /** Sends no more; what is under way is not listened to any more. */
    void stop() {
        life++;
        running = false;
        again = false;
        cancelTimer();
        sessionEnd.cancel();
    }

    private void cancelTimer() {
        Timer set = timer;
        if (set != null) {
            set.cancel();
            timer = null;
        }
    }

    /** There is something to tell: sends one now, or as soon as the one before is answered. While they fail, the pause between them is kept. */
    void soon() {
        if (!running) {
            return;
        }
        if (timer == null) {
            again = true;
        } else if (failures == 0) {
            cancelTimer();
            send();
        }
    }

    /** Completes when the heartbeat that was sent last has been answered or will not be. */
    CompletableFuture<Void> lastAnswer() {
        return underWay == null ? CompletableFuture.completedFuture(null) : underWay;
    }

    private void send() {
        again = false;
        int now = life;
        long sent = loop().nanoTime();
        CompletableFuture<Void> done = new CompletableFuture<>();
        underWay = done;
        coordinator.connections().dispatchToCoordinator(
                        CoordinatorType.GROUP, coordinator.groupId(), member.nextHeartbeat(),
                        RequestOptions.of(ConnectionClass.GROUP, coordinator.requestTimeout()))
                .whenComplete((response, failure) -> {
                    if (response == null && isTooNew(Failures.cause(failure))) {
                        member.notSent(); // though nobody listens any more, it is remembered what was told
                    }
                    if (now == life) {
                        timer = null;
                        if (response == null) {
                            failed(now, Failures.cause(failure));
                        } else {
                            answered(now, response, Duration.ofNanos(loop().nanoTime() - sent));
                        }
                    }
                    done.complete(null);
                });
    }

    private void schedule(int now, Duration pause) {
        if (now == life) {
            timer = loop().schedule(pause, () -> {
                timer = null;
                send();
            });
        }
    }

    private void answered(int now, R response, Duration latency) {
        ErrorCode error = kind.error().apply(response);
        if (error == ErrorCode.NONE) {
            listener.heartbeat(latency);
            taken(now, response);
            return;
        }
        BrokerException reason = reason(error, kind.message().apply(response));
        switch (ErrorActions.of(kind.api(), error)) {
            case FIND_COORDINATOR -> {
                coordinator.invalidate();
                retry(now, reason);
            }
            case NONE, RETRY, REFRESH_METADATA, NEW_SESSION -> retry(now, reason);
            case REJOIN -> member.dropped(reason);
            case FAIL, ABORT, FATAL -> member.refused(reason);
        }
    }

    private BrokerException reason(ErrorCode error, @Nullable String detail) {
        SubscriptionPattern pattern = member.pattern();
        return error == ErrorCode.INVALID_REGULAR_EXPRESSION && pattern != null
                ? new InvalidRegularExpressionException(coordinator + ", subscription " + pattern, detail)
                : new BrokerException(subject(error), error, kind.api(), null, detail);
    }

    private String subject(ErrorCode error) {
        return error == ErrorCode.UNSUPPORTED_VERSION ? coordinator + ", whose coordinator does not take " + kind.needs() : coordinator.toString();
    }

    /** Goes on with an answer. What is thrown then would otherwise be the end of the heartbeats. */
    private void taken(int now, R response) {
        if (!member.isPreparing()) {
            failures = 0;
            trouble.over();
        }
        int millis = kind.intervalMillis().applyAsInt(response);
        if (millis > 0) {
            interval = Duration.ofMillis(millis);
        }
        Duration several = interval.multipliedBy(LEAST_HEARTBEATS_IN_A_SESSION);
        sessionEnd.cancel();
        sessionEnd.after(SESSION.compareTo(several) < 0 ? several : SESSION);
        try {
            member.answered(response);
        } catch (RuntimeException defect) {
            member.refused(new KafkaException("An answer of the coordinator of " + coordinator + " makes no sense: " + defect, defect));
        }
        if (now == life && again) {
            send();
        } else {
            schedule(now, interval);
        }
    }

    private void failed(int now, Throwable cause) {
        if (cause instanceof DisconnectException || cause instanceof RequestTimeoutException) {
            coordinator.invalidate();
        }
        boolean isShutOut = cause instanceof AuthenticationException reason && member.staysInSpiteOf(reason);
        if (isShutOut || cause instanceof KafkaException known && known.isRetriable()) {
            retry(now, cause);
        } else if (isTooNew(cause)) {
            member.refused(reason(ErrorCode.UNSUPPORTED_VERSION, cause.getMessage()));
        } else {
            member.refused(cause instanceof KafkaException known ? known : new KafkaException(coordinator + " could not be joined: " + cause, cause));
        }
    }

    private static boolean isTooNew(Throwable cause) {
        return cause instanceof UnsupportedVersionException || cause instanceof UnsupportedFieldException;
    }

    private void retry(int now, Throwable cause) {
        LOG.debug("{}: a heartbeat came to nothing and is sent again: {}", coordinator, cause.getMessage());
        failures++;
        trouble.failed(cause);
        member.missed(cause);
        schedule(now, coordinator.backoff().after(failures, loop().random()));
    }

    /** Sends the last one, again and again for a while. Does not fail, because the session would end by itself too. */
    CompletableFuture<Void> leave(RequestMessage<R> goodbye) {
        return tryToLeave(goodbye).thenAccept(taken -> { });
    }

    /** As {@link #leave}; answers whether the coordinator has taken it in. */
    CompletableFuture<Boolean> tryToLeave(RequestMessage<R> goodbye) {
        trouble.over();
        return new CoordinatorAttempts<Boolean>(
                coordinator, "the coordinator of " + coordinator + " to let go", coordinator.requestTimeout(), kind.api()) {

            @Override
            CompletableFuture<Boolean> attempt() {
                return this.<R>send(version -> goodbye).thenApply(response -> {
                    ErrorCode error = kind.error().apply(response);
                    if (error != ErrorCode.NONE) {
                        throw refused(coordinator.toString(), error);
                    }
                    return true;
                });
            }
        }.start().exceptionally(failure -> {
            LOG.debug("{}: leaving came to nothing: {}", coordinator, failure.getMessage());
            return false;
        });
    }
}
