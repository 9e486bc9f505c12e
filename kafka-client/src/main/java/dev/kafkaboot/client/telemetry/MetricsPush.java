package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.GetTelemetrySubscriptionsRequest;
import dev.kafkaboot.protocol.message.GetTelemetrySubscriptionsResponse;
import dev.kafkaboot.protocol.message.PushTelemetryRequest;
import dev.kafkaboot.protocol.message.PushTelemetryResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the protocol of KIP-714 for one client. On the loop.
 *
 * <p>It is silent until a broker is connected to that takes metrics. That is asked what it wants, and gives this client its instance id, which stays. If something is
 * wanted, it is pushed at intervals, first after half to one and a half of one so that clients that began together do not push together; if not, it is asked again
 * after an interval. A push that is refused because other things are wanted by now, or because of its compression, is followed by a question at once, and that never by
 * a push at once. Whatever else goes wrong waits for an interval at least, so nothing here can flood a broker, and is nobody's concern: it is logged at debug level.
 *
 * <p>One request is under way at a time, but for the last push.
 */
final class MetricsPush {

    private static final Logger log = LoggerFactory.getLogger(MetricsPush.class);

    /** Waits before the next attempt where no broker has told an interval. */
    private static final Backoff WITHOUT_INTERVAL = new Backoff(Duration.ofSeconds(10), Subscription.USUAL_INTERVAL);

    private final ClientConnections connections;
    private final EventLoop loop;
    private final OfferingBrokers brokers;
    private final PushContents contents;
    private final Duration requestTimeout;
    private final List<CompletableFuture<Uuid>> waiters = new ArrayList<>();

    private State state = State.SILENT;
    private Uuid instanceId = Uuid.ZERO;
    private @Nullable Subscription subscription;
    private @Nullable Timer timer;
    private int failures;
    private KafkaException end = new ClientClosedException("The client is closed, and no broker that takes metrics has given it an instance id");

    private enum State {
        /** No broker is known that takes metrics. */
        SILENT,
        /** A request is under way. */
        ASKING,
        /** The timer runs. */
        WAITING,
        /** Nothing comes any more. */
        ENDED
    }

    MetricsPush(ClientConnections connections, PushContents contents, Duration requestTimeout) {
        this.connections = connections;
        this.loop = connections.loop();
        this.brokers = new OfferingBrokers(connections);
        this.contents = contents;
        this.requestTimeout = requestTimeout;
    }

    /**
     * The instance id, when a broker has given it; fails when none will give it any more. Who completes the future otherwise, because of a limit of its own, is
     * forgotten.
     */
    CompletableFuture<Uuid> identity() {
        look();
        if (!instanceId.equals(Uuid.ZERO)) {
            return CompletableFuture.completedFuture(instanceId);
        }
        if (state == State.ENDED) {
            return CompletableFuture.failedFuture(end);
        }
        CompletableFuture<Uuid> waiter = new CompletableFuture<>();
        waiters.add(waiter);
        waiter.whenComplete((id, failure) -> waiters.removeIf(other -> other == waiter));
        return waiter;
    }

    /** Those who wait for the instance id. */
    List<CompletableFuture<Uuid>> waiters() {
        return Collections.unmodifiableList(waiters);
    }

    /** Whether no broker is known that takes metrics. */
    boolean isSilent() {
        return state == State.SILENT;
    }

    /** A broker was connected, or has answered. */
    void saw(int broker) {
        brokers.saw(broker);
        look();
    }

    /** Looks whether there is such a broker by now. */
    void look() {
        if (state == State.SILENT) {
            act();
        }
    }

    private void act() {
        timer = null;
        Subscription wanted = subscription;
        if (wanted == null || wanted.isEmpty()) {
            ask();
            return;
        }
        Integer broker = brokers.choose();
        if (broker == null) {
            state = State.SILENT;
            return;
        }
        state = State.ASKING;
        contents.take(wanted, ApplicationMetrics.PATIENCE).whenComplete((push, failure) -> {
            if (state == State.ENDED) {
                return;
            }
            if (push == null) {
                failed("taking what is wanted", failure);
            } else if (push.isEmpty()) {
                ask(); // there is nothing of what is wanted, and without a push nobody would tell when that changes
            } else {
                push(wanted, push, broker);
            }
        });
    }

    private void ask() {
        Integer broker = brokers.choose();
        if (broker == null) {
            state = State.SILENT;
            return;
        }
        state = State.ASKING;
        connections.dispatch(new GetTelemetrySubscriptionsRequest().clientInstanceId(instanceId), broker, options(requestTimeout))
                .whenComplete((response, failure) -> {
                    if (state == State.ENDED) {
                        return;
                    }
                    if (response == null) {
                        failed("asking broker " + broker + " which metrics it wants", failure);
                    } else {
                        told(response);
                    }
                });
    }

    private void told(GetTelemetrySubscriptionsResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        switch (error) {
            case NONE -> subscribed(response);
            case INVALID_REQUEST, UNSUPPORTED_VERSION -> stop("asking which metrics are wanted", error);
            default -> {
                log.debug("Which metrics are wanted was answered with {}", error);
                if (error != ErrorCode.THROTTLING_QUOTA_EXCEEDED) {
                    brokers.failed();
                }
                waitAfterFailure();
            }
        }
    }

    private void subscribed(GetTelemetrySubscriptionsResponse response) {
        failures = 0;
        if (instanceId.equals(Uuid.ZERO)) {
            instanceId = response.clientInstanceId();
            List.copyOf(waiters).forEach(waiter -> waiter.complete(instanceId));
        }
        contents.boundTold();
        Subscription told = Subscription.of(response);
        subscription = told;
        log.debug("Client instance {} is wanted to push {}", instanceId, told);
        waitFor(told.isEmpty() ? told.interval() : jittered(told.interval()));
    }

    private void push(Subscription wanted, PushContents.Push push, int broker) {
        connections.dispatch(request(wanted, push, /* terminating= */ false), broker, options(requestTimeout)).whenComplete((response, failure) -> {
            if (state == State.ENDED) {
                return;
            }
            if (response == null) {
                failed("pushing metrics to broker " + broker, failure);
            } else {
                pushed(wanted, push, response);
            }
        });
    }

    private PushTelemetryRequest request(Subscription wanted, PushContents.Push push, boolean terminating) {
        return new PushTelemetryRequest()
                .clientInstanceId(instanceId)
                .subscriptionId(wanted.id())
                .terminating(terminating)
                .compressionType((byte) push.type().id())
                .metrics(Bytes.of(push.bytes()));
    }

    private void pushed(Subscription wanted, PushContents.Push push, PushTelemetryResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            log.debug("A push of metrics was answered with {}", error);
        }
        switch (error) {
            case NONE -> {
                failures = 0;
                contents.taken(push);
                waitFor(wanted.interval());
            }
            case UNKNOWN_SUBSCRIPTION_ID -> ask();
            case UNSUPPORTED_COMPRESSION_TYPE -> {
                contents.refused(push.type());
                ask();
            }
            case TELEMETRY_TOO_LARGE -> {
                contents.tooLarge(push);
                waitFor(wanted.interval());
            }
            case THROTTLING_QUOTA_EXCEEDED -> waitFor(wanted.interval());
            case INVALID_REQUEST, INVALID_RECORD, UNSUPPORTED_VERSION -> stop("pushing metrics", error);
            default -> {
                subscription = null;
                brokers.failed();
                waitAfterFailure(wanted.interval());
            }
        }
    }

    private void failed(String what, @Nullable Throwable failure) {
        Throwable cause = failure == null ? new IllegalStateException("There was neither an answer nor a failure") : Failures.cause(failure);
        log.debug("{} failed: {}", what, cause.getMessage());
        if (cause instanceof ClientClosedException) {
            cancel();
            return;
        }
        brokers.failed();
        waitAfterFailure();
    }

    private void waitAfterFailure() {
        Subscription known = subscription;
        waitAfterFailure(known == null ? Duration.ZERO : known.interval());
    }

    private void waitAfterFailure(Duration atLeast) {
        Duration backoff = WITHOUT_INTERVAL.after(++failures, loop.random());
        waitFor(atLeast.compareTo(backoff) > 0 ? atLeast : backoff);
    }

    private Duration jittered(Duration interval) {
        return Duration.ofNanos((long) (Times.nanos(interval) * (0.5 + loop.random().nextDouble())));
    }

    private void waitFor(Duration time) {
        state = State.WAITING;
        timer = loop.schedule(time, this::act);
    }

    /** What the KIP calls a problem of the client that is not likely to be solved by trying again: told once, as nobody would see why no metrics come. */
    private void stop(String what, ErrorCode error) {
        log.warn("A broker answered {} with {}; no more metrics are pushed", what, error);
        end = new KafkaException("The client has no instance id: a broker answered " + what + " with " + error + ", and none is asked again");
        cancel();
    }

    private void cancel() {
        state = State.ENDED;
        Timer running = timer;
        if (running != null) {
            running.cancel();
            timer = null;
        }
        List.copyOf(waiters).forEach(waiter -> waiter.completeExceptionally(end));
    }

    /**
     * Pushes for the last time, if anything was ever wanted, and ends. A second call does nothing.
     *
     * @return completes when a broker has answered, or did not within the limit
     */
    CompletableFuture<Void> end(Duration limit) {
        Subscription wanted = subscription;
        Integer broker = state == State.ENDED || wanted == null || wanted.isEmpty() ? null : brokers.choose();
        cancel();
        if (wanted == null || broker == null || limit.isZero() || limit.isNegative()) {
            return CompletableFuture.completedFuture(null);
        }
        // What the application tells may take half of the time, and not all: it is one part of what is told.
        return contents.take(wanted, limit.dividedBy(2))
                .thenCompose(push -> connections.dispatch(request(wanted, push, /* terminating= */ true), broker, options(limit)))
                .handle((response, failure) -> {
                    log.debug("The last push of metrics: {}", response == null ? failure : response);
                    return null;
                });
    }

    private static RequestOptions options(Duration limit) {
        return RequestOptions.of(ConnectionClass.GENERAL, limit);
    }
}
