package dev.kafkaboot.spring.listener;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives workers to partitions, or to whatever else has something to do: at most so many at a time, one for each, in turn.
 *
 * <p>A partition that has something to do is {@linkplain #ready put in line}. A worker takes the first in line, does one record, and puts the partition back to
 * the end of the line if it has more: so a partition with many records does not keep the others waiting, and a worker is never tied to partitions that
 * have none. Workers are tasks on the executor; they end when the line is empty. Whichever thread they run on, it has the context class loader of whoever made the
 * pool: the executor makes threads for whoever hands it a task, and a timer's thread knows nothing of an application that is started from one jar. Thread-safe.
 *
 * @param <W> what has something to do
 */
final class WorkerPool<W extends WorkerPool.Work> {

    /** What has something to do. */
    interface Work {

        /** Whether it has more to do now. Asked by its worker, which goes on with it then. */
        boolean hasMore();
    }

    /**
     * Works on one record of a partition.
     *
     * @param <W> what has something to do
     */
    @FunctionalInterface
    interface Step<W> {

        /**
         * Works.
         *
         * @return whether the partition has more to do now
         */
        boolean run(W work);
    }

    private static final Logger logger = LoggerFactory.getLogger(WorkerPool.class);
    private static final Duration WAIT_AFTER_REFUSAL = Duration.ofMillis(100);
    private static final Duration WAIT_AFTER_DEFECT = Duration.ofMillis(100);

    private final int concurrency;
    private final Executor executor;
    private final Step<W> step;
    private final Later later;
    private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
    private final Object lock = new Object();
    private final ArrayDeque<W> line = new ArrayDeque<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private int workers;

    /** Those of the workers that have not looked at the line yet. */
    private int starting;

    private boolean paused;

    WorkerPool(int concurrency, Executor executor, Step<W> step) {
        this(concurrency, executor, step, new Later());
    }

    WorkerPool(int concurrency, Executor executor, Step<W> step, Later later) {
        this.concurrency = concurrency;
        this.executor = executor;
        this.step = step;
        this.later = later;
    }

    /** Puts a partition in line that is not in line and not with a worker. */
    void ready(W work) {
        putInLine(work);
        startWorkers();
    }

    private void putInLine(W work) {
        synchronized (lock) {
            line.add(work);
        }
    }

    /** {@link #ready} after a while. */
    void readyAfter(W work, Duration delay) {
        if (delay.isZero()) {
            ready(work);
        } else {
            later.run(delay, new IsReady(work));
        }
    }

    /** {@link #ready}, which may fail and be begun again. */
    private final class IsReady implements Runnable {

        private final W work;
        private boolean inLine;

        IsReady(W work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (!inLine) {
                putInLine(work);
                inLine = true;
            }
            startWorkers();
        }
    }

    /** Begins no record until {@link #resume()}. */
    void pause() {
        synchronized (lock) {
            paused = true;
        }
    }

    /** Ends a {@link #pause()}. */
    void resume() {
        synchronized (lock) {
            paused = false;
        }
        startWorkers();
    }

    private void startWorkers() {
        while (mayStartOne()) {
            try {
                executor.execute(this::work);
            } catch (RuntimeException | Error refused) { // an Error too: there may be no memory for another thread, for now
                synchronized (lock) {
                    starting--;
                    workers--;
                }
                logger.warn("The listener's executor refuses work; trying again in {} ms: {}", WAIT_AFTER_REFUSAL.toMillis(), refused.toString());
                later.run(WAIT_AFTER_REFUSAL, this::startWorkers);
                return;
            }
        }
    }

    private boolean mayStartOne() {
        synchronized (lock) {
            if (paused || workers == concurrency || starting >= line.size()) {
                return false;
            }
            workers++;
            starting++;
            return true;
        }
    }

    private void work() {
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        thread.setContextClassLoader(classLoader);
        threads.add(thread);
        try {
            for (W work = first(); work != null; work = next(work, runs(work))) {
                Thread.interrupted(); // An interrupt was meant for the record before.
            }
        } finally {
            threads.remove(thread);
            thread.setContextClassLoader(own);
        }
    }

    /** A defect must not cost a worker, which would stop the listener without a word. */
    private boolean runs(W work) {
        try {
            return step.run(work);
        } catch (Throwable defect) {
            tell(work, defect);
            LockSupport.parkNanos(WAIT_AFTER_DEFECT.toNanos());
            return hasMoreAfterDefect(work);
        }
    }

    private void tell(W work, Throwable defect) {
        try {
            logger.error("Working on {} failed in the container itself", work, defect);
        } catch (Throwable untold) {
            // for the same reason, probably: there is no memory, for now
        }
    }

    /** What fails here has no other reason than that there is no memory, and that passes. */
    private boolean hasMoreAfterDefect(W work) {
        while (true) {
            try {
                return work.hasMore();
            } catch (Throwable again) {
                LockSupport.parkNanos(WAIT_AFTER_DEFECT.toNanos());
            }
        }
    }

    private @Nullable W first() {
        synchronized (lock) {
            starting--;
            return take();
        }
    }

    private @Nullable W next(W previous, boolean hasMore) {
        while (true) {
            try {
                return takeAfter(previous, hasMore);
            } catch (Throwable noMemory) {
                LockSupport.parkNanos(WAIT_AFTER_DEFECT.toNanos());
            }
        }
    }

    private @Nullable W takeAfter(W previous, boolean hasMore) {
        synchronized (lock) {
            if (hasMore) {
                line.add(previous);
            }
            return take();
        }
    }

    private @Nullable W take() {
        @Nullable W next = paused ? null : line.poll();
        if (next == null) {
            workers--;
        }
        return next;
    }

    /** Whether the calling thread is a worker. */
    boolean isWorker() {
        return threads.contains(Thread.currentThread());
    }
}
