package dev.kafkaboot.spring.listener;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the polling thread of a {@link ListenerRun} does: it waits until its topics are there, subscribes, and polls until the end, whatever fails in between.
 *
 * <p>{@link #run} and what it calls are the polling thread's; {@link #requestStop}, {@link #isStopRequested}, {@link #awaitEnd} and {@link #failures} are safe from any.
 */
final class PollLoop {

    /** What is done in the loop. Called by its thread. */
    interface Steps {

        /** Asks for the topics. What it throws ends the run. */
        void subscribe();

        /** Whether there is nothing left to poll for. */
        boolean hasEnded();

        /** Polls once, and hands out what came. */
        void pollOnce() throws InterruptedException;

        /** A poll failed, and nobody wants the run to stop. Waits before it returns, unless there is something to poll at once. */
        void pollFailed(Throwable failure);

        /** The longest time for which nothing has to be done after a failure. */
        default Duration longestWait() {
            return PollFailures.LONGEST_WAIT;
        }
    }

    private static final Logger logger = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

    private final String listenerId;
    private final ContainerProperties properties;
    private final CompletableFuture<?> startAfter;
    private final JoinWatch joins;
    private final Steps steps;
    private final PollFailures failures = new PollFailures();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CompletableFuture<Void> stopFuture = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable String lastLogged;

    /**
     * A loop that waits for a thread.
     *
     * @param startAfter what is waited for before the topics are asked for; that it completes is enough, in whichever way
     * @param joins is told of that wait
     */
    PollLoop(String listenerId, ContainerProperties properties, CompletableFuture<?> startAfter, JoinWatch joins, Steps steps) {
        this.listenerId = listenerId;
        this.properties = properties;
        this.startAfter = startAfter;
        this.joins = joins;
        this.steps = steps;
    }

    /** Polls until the end. */
    void run() {
        try {
            awaitStart();
            joins.subscribes();
            steps.subscribe();
            while (!steps.hasEnded()) {
                try {
                    steps.pollOnce();
                } catch (Throwable failure) {
                    goOnAfter(failure);
                }
            }
        } catch (Throwable failure) {
            ended(failure);
        } finally {
            ended.countDown();
        }
    }

    private void awaitStart() {
        CompletableFuture<?> begin = CompletableFuture.anyOf(startAfter.handle((result, failure) -> null), stopFuture);
        while (!begin.isDone()) {
            joins.waitsFor("topics " + properties.getTopics() + " to be created");
            joins.look(System.nanoTime());
            try {
                begin.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException | InterruptedException | ExecutionException e) {
                logger.trace("Listener '{}' waits for its topics", listenerId, e);
            }
        }
    }

    private void ended(Throwable failure) {
        if (isStopRequested()) {
            logger.debug("Listener '{}' was stopped before it had begun", listenerId, failure);
            return;
        }
        failures.ended(failure);
        logger.error("Listener '{}' has ended", listenerId, failure);
    }

    /** Where there is no memory for the poll there may be none to deal with that, for now. */
    private void goOnAfter(Throwable failure) {
        try {
            if (isStopRequested()) {
                logger.debug("Listener '{}' failed while it was being stopped", listenerId, failure);
            } else {
                steps.pollFailed(failure);
            }
        } catch (Throwable again) {
            waitInVain(failure);
        }
    }

    /** Where not even waiting goes well, nothing is asked of anybody, so that the run goes on. */
    private void waitInVain(Throwable failure) {
        try {
            waitAfterFailure(failures.failed(failure));
        } catch (Throwable noMemory) {
            LockSupport.parkNanos(SHORTEST_WAIT.toNanos());
        }
    }

    /**
     * Counts and tells a failure of which nothing better is known than to try again.
     *
     * @return how long to wait
     */
    Duration counted(Throwable failure) {
        logOnce(failure, () -> logger.error("Listener '{}' could not poll; trying again until it can", listenerId, failure));
        return failures.failed(failure);
    }

    /** Logs a failure, unless it is the same as the last. */
    void logOnce(Throwable failure, Runnable log) {
        String message = String.valueOf(failure.getMessage());
        if (message.equals(lastLogged)) {
            logger.debug("Listener '{}' failed again", listenerId, failure);
        } else {
            lastLogged = message;
            log.run();
        }
    }

    /** Waits, until the stop at the most. */
    void waitAfterFailure(Duration wait) {
        Duration longest = steps.longestWait();
        try {
            stopRequested.await((wait.compareTo(longest) < 0 ? wait : longest).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            logger.debug("Listener '{}' was interrupted, which means nothing to it", listenerId, e);
        }
    }

    /** How long a poll waits for records. One that did not wait would ask no broker, and have the thread spin. */
    Duration pollTimeout() {
        Duration timeout = properties.getPollTimeout();
        return timeout.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : timeout;
    }

    /** The polls that failed. */
    PollFailures failures() {
        return failures;
    }

    /** Ends what it waits for. {@link Steps#hasEnded} says when it ends. */
    void requestStop() {
        stopRequested.countDown();
        stopFuture.complete(null);
    }

    boolean isStopRequested() {
        return stopRequested.getCount() == 0;
    }

    /** Waits until the thread has ended, which it does soon once its consumer is closed. */
    void awaitEnd(Duration limit) {
        try {
            if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                logger.warn("The polling of listener '{}' has not ended {} s after its consumer was closed", listenerId, limit.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
