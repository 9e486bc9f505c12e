package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks coordinators on behalf of transactions, each question again and again until there is an answer that is no reason to ask again, or nobody wants to know
 * any more. On the loop.
 *
 * <p>There is no limit here: who waits has one, and what a question is about must be settled whether or not somebody still waits.
 */
final class CoordinatorCalls {

    /** How soon it is tried again while the transaction before is being ended, which takes milliseconds. */
    private static final Duration SHORT = Duration.ofMillis(20);

    /**
     * What a coordinator makes of an append to its own log that ended with NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT or NOT_LEADER_OR_FOLLOWER: the
     * decision may be in the log, and then the next coordinator carries it out.
     */
    private static final Set<ErrorCode> MAYBE_APPENDED =
            EnumSet.of(ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.NOT_COORDINATOR, ErrorCode.REQUEST_TIMED_OUT);

    private final ClientConnections connections;
    private final TransactionSettings settings;
    private final Backoff whileAnotherEnds;
    private final Doubt inDoubt;
    private final Runnable over;
    private final Set<Call<?>> underWay = new LinkedHashSet<>();
    private @Nullable Throwable lastFailure;

    /**
     * Calls of one producer.
     *
     * @param inDoubt told when a request may have been carried out, or may be yet, although no answer says so
     * @param over told when a call is over, before its outcome is
     */
    CoordinatorCalls(ClientConnections connections, TransactionSettings settings, Doubt inDoubt, Runnable over) {
        this.connections = connections;
        this.settings = settings;
        Duration retry = settings.backoff().initial();
        this.whileAnotherEnds = new Backoff(retry.compareTo(SHORT) < 0 ? retry : SHORT, retry);
        this.inDoubt = inDoubt;
        this.over = over;
    }

    /** Hears of requests whose outcome is not known. */
    interface Doubt {

        /**
         * Whether a request was carried out is not known.
         *
         * @param isLate whether it may be carried out yet, at any time
         */
        void arose(boolean isLate);
    }

    /** Nobody wants to know any more. */
    static final class Unwanted extends KafkaException {

        private static final long serialVersionUID = 1L;

        Unwanted() {
            super("It is not wanted any more");
        }
    }

    /** Asks. It fails with a {@link BrokerException} if the coordinator refuses, or with what keeps it from being asked. */
    <R extends ResponseMessage> CompletableFuture<CoordinatorAnswer<R>> ask(CoordinatorQuestion<R> question) {
        Call<R> call = new Call<>(question);
        underWay.add(call);
        call.attempt();
        return call.outcome;
    }

    /** Whether nothing is being asked. */
    boolean isIdle() {
        return underWay.isEmpty();
    }

    /** What went wrong in the last attempt, if it did. */
    @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** Gives up what is not wanted any more and waits to be tried again. */
    void review() {
        List.copyOf(underWay).forEach(Call::review);
    }

    /** Gives up everything. */
    void end(KafkaException reason) {
        List.copyOf(underWay).forEach(call -> call.fail(reason));
    }

    private EventLoop loop() {
        return connections.loop();
    }

    /** One question through all of its attempts. */
    private final class Call<R extends ResponseMessage> {

        private final CoordinatorQuestion<R> question;
        private final CompletableFuture<CoordinatorAnswer<R>> outcome = new CompletableFuture<>();
        private int failures;
        private @Nullable Timer retry;

        Call(CoordinatorQuestion<R> question) {
            this.question = question;
        }

        void attempt() {
            retry = null;
            if (!question.isWanted().getAsBoolean()) {
                fail(new Unwanted());
                return;
            }
            connections.coordinators().find(question.type(), question.key(), settings.requestTimeout()).whenComplete((node, failure) -> {
                if (failure != null) {
                    failed(Failures.cause(failure));
                } else if (!question.isWanted().getAsBoolean()) {
                    fail(new Unwanted());
                } else {
                    send(node);
                }
            });
        }

        private void send(Node node) {
            RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, settings.requestTimeout()).upToVersion(question.highestVersion());
            RequestOptions asked = question.takesUnstable() ? options.takingUnstable() : options;
            connections.<R>dispatchFrame(question.api(), question.request(), node.id(), asked).whenComplete((frame, failure) -> {
                if (failure != null) {
                    lost(node, Failures.cause(failure));
                } else {
                    answered(frame);
                }
            });
        }

        private void lost(Node node, Throwable failure) {
            boolean isDisconnected = failure instanceof DisconnectException;
            boolean isLate = failure instanceof RequestTimeoutException;
            if (isDisconnected || isLate) {
                connections.coordinators().invalidate(question.type(), question.key(), node.id());
            }
            if (failure instanceof DisconnectException lost && lost.mayHaveBeenReceived()
                    || failure instanceof RequestTimeoutException late && late.mayHaveBeenReceived()) {
                inDoubt.arose(/* isLate= */ true);
            }
            failed(failure);
        }

        private void answered(ReceivedFrame<R> frame) {
            R response = frame.response();
            int version = frame.version();
            Node broker = frame.broker();
            frame.release();
            CoordinatorQuestion.Verdict verdict = question.verdict().of(response, version);
            ErrorCode error = verdict.error();
            if (error == ErrorCode.NONE) {
                lastFailure = null;
                over();
                outcome.complete(new CoordinatorAnswer<>(response, version, broker));
                return;
            }
            BrokerException refusal = new BrokerException(verdict.subject(), error, question.api(), broker, null);
            ErrorAction action = ErrorActions.of(question.api(), error);
            if (action == ErrorAction.FIND_COORDINATOR) {
                connections.coordinators().invalidate(question.type(), question.key(), broker.id());
            }
            if (error == ErrorCode.UNKNOWN_SERVER_ERROR || question.api() == ApiKey.END_TXN && MAYBE_APPENDED.contains(error)) {
                inDoubt.arose(/* isLate= */ error == ErrorCode.UNKNOWN_SERVER_ERROR);
            }
            if (action.isRetry()) {
                again(refusal, error == ErrorCode.CONCURRENT_TRANSACTIONS ? whileAnotherEnds : settings.backoff());
            } else {
                fail(refusal);
            }
        }

        private void failed(Throwable failure) {
            if (failure instanceof KafkaException known && known.isRetriable()) {
                again(failure, settings.backoff());
            } else {
                fail(failure);
            }
        }

        private void again(Throwable failure, Backoff backoff) {
            lastFailure = failure;
            failures++;
            if (underWay.contains(this)) {
                retry = loop().schedule(backoff.after(failures, loop().random()), this::attempt);
            }
        }

        /** Between two attempts it can be given up at once. */
        void review() {
            if (retry != null && !question.isWanted().getAsBoolean()) {
                fail(new Unwanted());
            }
        }

        void fail(Throwable failure) {
            if (retry != null) {
                retry.cancel();
                retry = null;
            }
            if (!(failure instanceof Unwanted)) {
                lastFailure = failure;
            }
            if (over()) {
                outcome.completeExceptionally(failure);
            }
        }

        private boolean over() {
            boolean wasOpen = underWay.remove(this);
            if (wasOpen) {
                over.run();
            }
            return wasOpen;
        }
    }
}
