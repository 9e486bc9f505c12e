package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.cluster.CoordinatorCache;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks a broker from time to time whether it is there, while it lets a join or a sync wait: that may take minutes by right, and a host that is gone without a word would not be
 * noticed before. It asks on the connection of the general requests, because on the group's it would wait too. On the loop.
 */
final class AnswerWatch {

    /** Who waits for the answer. */
    interface Waiting {

        /** The broker is there. */
        void heard();

        /** It has not answered anything for too long; what is awaited may still come, but is not to be waited for. */
        void silent(TimeoutException reason);
    }

    private final GroupCoordinator coordinator;
    private final int nodeId;
    private final Duration interval;
    private final Duration silenceMax;
    private final Waiting waiting;
    private long lastHeard;
    private @Nullable Timer timer;
    private boolean over;

    private AnswerWatch(GroupCoordinator coordinator, int nodeId, Duration interval, Duration silenceMax, Waiting waiting) {
        this.coordinator = coordinator;
        this.nodeId = nodeId;
        this.interval = interval;
        this.silenceMax = silenceMax;
        this.waiting = waiting;
        this.lastHeard = coordinator.loop().nanoTime();
    }

    /**
     * Watches until there is an answer.
     *
     * @param interval how often the broker is asked
     * @param silenceMax how long it may answer nothing
     */
    static void during(
            CompletableFuture<?> answer, GroupCoordinator coordinator, int nodeId, Duration interval, Duration silenceMax, Waiting waiting) {
        AnswerWatch watch = new AnswerWatch(coordinator, nodeId, interval, silenceMax, waiting);
        watch.askLater();
        answer.whenComplete((response, failure) -> watch.end());
    }

    private void end() {
        over = true;
        Timer set = timer;
        if (set != null) {
            set.cancel();
            timer = null;
        }
    }

    private void askLater() {
        if (!over) {
            timer = coordinator.loop().schedule(interval, this::ask);
        }
    }

    private void ask() {
        timer = null;
        coordinator.connections().<FindCoordinatorResponse>dispatch(
                        ApiKey.FIND_COORDINATOR, version -> CoordinatorCache.question(CoordinatorType.GROUP, coordinator.groupId(), version), nodeId, RequestOptions.of(ConnectionClass.GENERAL, silenceMax))
                .whenComplete((response, failure) -> {
                    if (over) {
                        return;
                    }
                    long now = coordinator.loop().nanoTime();
                    if (failure == null) {
                        lastHeard = now;
                        waiting.heard();
                    } else if (now - lastHeard >= Times.nanos(silenceMax)) {
                        end();
                        waiting.silent(new TimeoutException(
                                "Broker " + nodeId + ", which coordinates " + coordinator + ", has answered nothing for " + Times.text(silenceMax),
                                Failures.cause(failure)));
                        return;
                    }
                    askLater();
                });
    }
}
