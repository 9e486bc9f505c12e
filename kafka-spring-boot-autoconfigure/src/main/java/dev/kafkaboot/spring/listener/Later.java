package dev.kafkaboot.spring.listener;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Does something after a while, whatever there is no memory for in that moment.
 *
 * <p>{@link CompletableFuture#delayedExecutor(long, TimeUnit)} does not: where there are one or two processors it makes a thread for what is due, and if there can be
 * none, for now, that is forgotten without a word. Here it is due again after a while, until it has returned; so it has to be something that may be begun again. It
 * may block, because it has a thread of these to itself, which is neither the timer's nor one of those that the application shares. Threads that have nothing to do end.
 * Thread-safe.
 */
final class Later {

    private static final Logger logger = LoggerFactory.getLogger(Later.class);
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration WAIT_FOR_MEMORY = Duration.ofMillis(10);
    private static final long IDLE_THREAD_SECONDS = 10;

    private final Executor threads;

    Later() {
        this(threads());
    }

    /** By these threads. */
    Later(Executor threads) {
        this.threads = threads;
    }

    private static Executor threads() {
        CustomizableThreadFactory daemons = new CustomizableThreadFactory("kafka-later-");
        daemons.setDaemon(true);
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons);
    }

    /** Does something after a while, and again if it throws, until it does not. */
    void run(Duration delay, Runnable action) {
        new Task(action).isDueAfter(delay);
    }

    private final class Task {

        private final Runnable action;

        /** How often it was begun. */
        private final AtomicInteger turns = new AtomicInteger();

        Task(Runnable action) {
            this.action = action;
        }

        /** A timer that fails may have it on its list all the same, so each turn is taken once. */
        void isDueAfter(Duration delay) {
            int turn = turns.get();
            while (turns.get() == turn) {
                try {
                    CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run).execute(() -> begin(turn));
                    return;
                } catch (RuntimeException | Error noMemory) {
                    LockSupport.parkNanos(WAIT_FOR_MEMORY.toNanos());
                }
            }
        }

        /** On the timer's thread. */
        private void begin(int turn) {
            if (!turns.compareAndSet(turn, turn + 1)) {
                return;
            }
            try {
                threads.execute(this::act);
            } catch (RuntimeException | Error noThread) {
                isDueAfter(AGAIN);
            }
        }

        private void act() {
            try {
                action.run();
            } catch (Throwable failure) {
                tell(failure);
                isDueAfter(AGAIN);
            }
        }

        private void tell(Throwable failure) {
            try {
                logger.warn("What a listener is to do after a while failed in the container itself; trying again in {} ms", AGAIN.toMillis(), failure);
            } catch (Throwable untold) {
                // for the same reason, probably: there is no memory, for now
            }
        }
    }
}
