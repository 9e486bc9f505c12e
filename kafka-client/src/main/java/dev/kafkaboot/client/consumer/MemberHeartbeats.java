package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heartbeats of a member whose coordinator assigns (KIP-848): one at a time, as often as the coordinator wants to hear them, at once if there is something
 * to tell, and again after a pause if one came to nothing. On the loop, so they go on whatever the application does.
 */
final class MemberHeartbeats {

    private static final Logger LOG = LoggerFactory.getLogger(MemberHeartbeats.class);

    /** Where the heartbeats come from and what is done about their answers. */
    interface Member {

        /** What the next heartbeat says. */
        ConsumerGroupHeartbeatRequest nextHeartbeat();

        /** The coordinator has taken a heartbeat in. */
        void answered(ConsumerGroupHeartbeatResponse response);

        /** A heartbeat came to nothing and is sent again; the coordinator may or may not have got it. */
        void missed(Throwable cause);

        /** The coordinator does not know the member, or not in this epoch. */
        void dropped(BrokerException reason);

        /** The coordinator does not want the member, or cannot be asked, and that will not change by itself. */
        void refused(KafkaException reason);
    }

    private final GroupCoordinator coordinator;
    private final Member member;
    private final ConsumerListener listener;
    private Duration interval = Duration.ofSeconds(5);
    private @Nullable Timer timer;
    private @Nullable CompletableFuture<Void> underWay;
    private boolean running;
    private boolean again;
    private int failures;

    /** Counts starts and stops: an answer to what was sent before the last of them is dropped. */
    private int life;

    /** Stopped. */
    MemberHeartbeats(GroupCoordinator coordinator, Member member, ConsumerListener listener) {
        this.coordinator = coordinator;
        this.member = member;
        this.listener = listener;
    }

    private EventLoop loop() {
        return coordinator.loop();
    }

    /** Sends the first one now, and others from time to time. */
    void start() {
        stop();
        running = true;
        failures = 0;
        send();
    }

    /** Sends no more; what is under way is not listened to any more. */
    void stop() {
        life++;
        running = false;
        again = false;
        cancelTimer();
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

    private void answered(int now, ConsumerGroupHeartbeatResponse response, Duration latency) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error == ErrorCode.NONE) {
            listener.heartbeat(latency);
            taken(now, response);
            return;
        }
        BrokerException reason = new BrokerException(subject(error), error, ApiKey.CONSUMER_GROUP_HEARTBEAT, null, response.errorMessage());
        switch (ErrorActions.of(ApiKey.CONSUMER_GROUP_HEARTBEAT, error)) {
            case FIND_COORDINATOR -> {
                coordinator.invalidate();
                retry(now, reason);
            }
            case NONE, RETRY, REFRESH_METADATA, NEW_SESSION -> retry(now, reason);
            case REJOIN -> member.dropped(reason);
            case FAIL, ABORT, FATAL -> member.refused(reason);
        }
    }

    private String subject(ErrorCode error) {
        return error == ErrorCode.UNSUPPORTED_VERSION ? coordinator + ", whose coordinator does not take " + needsNewer() : coordinator.toString();
    }

    private static String needsNewer() {
        return ConsumerConfig.GROUP_PROTOCOL.name() + "=consumer (from Kafka 4.0 on, unless it is switched off; classic goes with any broker)";
    }

    /** Goes on with an answer. What is thrown then would otherwise be the end of the heartbeats. */
    private void taken(int now, ConsumerGroupHeartbeatResponse response) {
        failures = 0;
        if (response.heartbeatIntervalMs() > 0) {
            interval = Duration.ofMillis(response.heartbeatIntervalMs());
        }
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
        if (cause instanceof KafkaException known && known.isRetriable()) {
            retry(now, cause);
        } else if (cause instanceof UnsupportedVersionException) {
            member.refused(new BrokerException(
                    subject(ErrorCode.UNSUPPORTED_VERSION), ErrorCode.UNSUPPORTED_VERSION, ApiKey.CONSUMER_GROUP_HEARTBEAT, null, cause.getMessage()));
        } else {
            member.refused(cause instanceof KafkaException known ? known : new KafkaException(coordinator + " could not be joined: " + cause, cause));
        }
    }

    private void retry(int now, Throwable cause) {
        LOG.debug("{}: a heartbeat came to nothing and is sent again: {}", coordinator, cause.getMessage());
        failures++;
        member.missed(cause);
        schedule(now, coordinator.backoff().after(failures, loop().random()));
    }

    /** Sends the last one, again and again for a while. Does not fail, because the session would end by itself too. */
    CompletableFuture<Void> leave(ConsumerGroupHeartbeatRequest goodbye) {
        return new CoordinatorAttempts<Void>(
                coordinator, "the coordinator of " + coordinator + " to let go", coordinator.requestTimeout(), ApiKey.CONSUMER_GROUP_HEARTBEAT) {

            @Override
            CompletableFuture<Void> attempt() {
                return this.<ConsumerGroupHeartbeatResponse>send(version -> goodbye).thenApply(response -> {
                    ErrorCode error = ErrorCode.forCode(response.errorCode());
                    if (error != ErrorCode.NONE) {
                        throw refused(coordinator.toString(), error);
                    }
                    return null;
                });
            }
        }.start().exceptionally(failure -> {
            LOG.debug("{}: leaving came to nothing: {}", coordinator, failure.getMessage());
            return null;
        });
    }
}
