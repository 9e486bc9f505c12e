package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the coordinator from time to time that a member is alive, and notices when it must have been given up for dead. On the loop, so it goes on whatever
 * the application does; an application that does not poll is noticed too.
 */
final class Heartbeats {

    /** The member that is kept alive. */
    interface Member {

        /** Who it is. */
        ConsumerGroupMetadata identity();

        /** The coordinator answered a heartbeat of the present identity. */
        void beaten(ErrorCode error);

        /** The coordinator has not answered for {@code session.timeout.ms}: it has given the partitions to others by now. */
        void sessionEnded();

        /** The application has not polled for {@code max.poll.interval.ms}; answers whether the member leaves on account of that. */
        boolean silent(Duration sinceLastPoll);
    }

    private final EventLoop loop;
    private final GroupRequests requests;
    private final Member member;
    private final PollClock polls;
    private final ConsumerListener listener;
    private final Duration interval;
    private final Duration sessionTimeout;
    private final Duration maxPollInterval;
    private @Nullable Timer timer;
    private @Nullable ConsumerGroupMetadata underWay;
    private long lastAnswer;

    /** Stopped. */
    Heartbeats(
            EventLoop loop, GroupRequests requests, Member member, PollClock polls, ConsumerListener listener, Duration interval,
            Duration sessionTimeout, Duration maxPollInterval) {
        this.loop = loop;
        this.requests = requests;
        this.member = member;
        this.polls = polls;
        this.listener = listener;
        this.interval = interval;
        this.sessionTimeout = sessionTimeout;
        this.maxPollInterval = maxPollInterval;
    }

    /** The coordinator has just answered this member. */
    void answered() {
        lastAnswer = loop.nanoTime();
    }

    /** Whether the coordinator has not answered for as long as a session lasts. */
    boolean isSessionOver() {
        return loop.nanoTime() - lastAnswer > Times.nanos(sessionTimeout);
    }

    /** Begins, if it has not begun. */
    void start() {
        if (timer == null) {
            timer = loop.schedule(interval, this::due);
        }
    }

    void stop() {
        Timer running = timer;
        if (running != null) {
            running.cancel();
            timer = null;
        }
    }

    private void due() {
        timer = null;
        start();
        boolean isMember = member.identity().generationId() >= 0;
        Duration idle = polls.idle();
        if (idle.compareTo(maxPollInterval) > 0 && member.silent(idle)) {
            return;
        }
        if (isMember && isSessionOver()) {
            member.sessionEnded();
        } else if (isMember) {
            beat();
        }
    }

    /** Sends a heartbeat now, unless one is under way. */
    void beat() {
        ConsumerGroupMetadata who = member.identity();
        if (who.equals(underWay)) {
            return;
        }
        underWay = who;
        long sent = loop.nanoTime();
        requests.heartbeat(who).whenComplete((response, failure) -> {
            if (!who.equals(underWay)) {
                return;
            }
            underWay = null;
            if (!who.equals(member.identity())) {
                return;
            }
            if (response == null) {
                requests.coordinatorIsLost();
                return;
            }
            ErrorCode error = ErrorCode.forCode(response.errorCode());
            if (error == ErrorCode.NONE) {
                listener.heartbeat(Duration.ofNanos(loop.nanoTime() - sent));
            }
            if (error == ErrorCode.NONE || error == ErrorCode.REBALANCE_IN_PROGRESS) {
                answered();
            }
            member.beaten(error);
        });
    }
}
