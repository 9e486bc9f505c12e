package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs user code in order, one task after the other, on a thread that exists only while there is something to run.
 *
 * <p>A task may block, even on the outcome of one that is behind it. So while tasks run, a timer of the loop looks at the one that does; if it has been
 * running for {@link #PATIENCE} and others wait, another thread takes over the queue, and the first one leaves when its task ends. Tasks outlive the
 * loop: its end completes futures too. Then there are no timers any more, and a thread does the watching until the queue is empty.
 */
final class NioCallbacks implements Executor {

    static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(NioCallbacks.class);
    private static final int THREADS_MAX = 64;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final EventLoop loop;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Worker active;
    private boolean watched;
    private boolean watchedByThread;

    NioCallbacks(EventLoop loop, String name) {
        this(loop, new ThreadPoolExecutor(0, THREADS_MAX, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** Takes each thread that it needs from {@code threads}, which may refuse one. */
    NioCallbacks(EventLoop loop, Executor threads) {
        this.loop = loop;
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        boolean watch;
        lock.lock();
        try {
            tasks.add(task);
            if (active == null) {
                handOver();
            }
            watch = !watched;
            watched = true;
        } finally {
            lock.unlock();
        }
        if (watch) {
            watchLater();
        }
    }

    /** Gives the queue to a new thread. If there is none, it stays with the one that has it, or until somebody looks again. */
    private void handOver() {
        Worker next = new Worker();
        if (start(next)) {
            active = next; // it waits for the lock
        }
    }

    private boolean start(Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError none) { // the latter is what the JVM calls a lack of threads too
            log.warn("There is no thread for callbacks, of which {} may block: they wait for one to end ({})", THREADS_MAX, none.toString());
            return false;
        }
    }

    private void watchLater() {
        try {
            loop.schedule(PATIENCE, this::watch);
        } catch (ClientClosedException ended) {
            watchOnThread();
        }
    }

    private void watch() {
        lock.lock();
        try {
            if (!isBusy()) {
                watched = false;
                return;
            }
            look();
        } finally {
            lock.unlock();
        }
        watchLater();
    }

    private boolean isBusy() {
        return active != null || !tasks.isEmpty();
    }

    /** Lets another thread go on if the one that has the queue does not. */
    private void look() {
        if (tasks.isEmpty()) {
            return;
        }
        if (active == null) {
            handOver();
        } else if (loop.nanoTime() - active.startedNanos >= PATIENCE.toNanos()) {
            log.debug("A callback has been running for more than {}; the ones behind it go on without it", Times.text(PATIENCE));
            handOver();
        }
    }

    /** The loop has ended, and with it the timer that watched. */
    void loopEnded() {
        watchOnThread();
    }

    private void watchOnThread() {
        lock.lock();
        try {
            if (!watchedByThread && isBusy()) {
                watchedByThread = start(this::watchUntilIdle);
            }
            watched = watchedByThread;
        } finally {
            lock.unlock();
        }
    }

    private void watchUntilIdle() {
        lock.lock();
        try {
            while (isBusy()) {
                if (idle.awaitNanos(PATIENCE.toNanos()) <= 0) {
                    look();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // somebody wants the thread to end; the next task has it watched again
        } finally {
            watched = false;
            watchedByThread = false;
            lock.unlock();
        }
    }

    private final class Worker implements Runnable {

        private long startedNanos = loop.nanoTime();

        @Override
        public void run() {
            for (Runnable task = next(); task != null; task = next()) {
                try {
                    task.run();
                } catch (Throwable thrown) { // a user's code: whatever it throws must not cost the ones behind it
                    log.error("A callback failed", thrown);
                }
                if (Thread.interrupted()) { // it was meant for that one, and the next may be another's
                    log.debug("A callback has left its thread interrupted; the ones behind it do not hear of that");
                }
            }
        }

        private @Nullable Runnable next() {
            lock.lock();
            try {
                if (active == null) {
                    active = this; // it was stepped over, but there was no thread for those behind it since
                }
                if (active != this) {
                    return null;
                }
                Runnable task = tasks.poll();
                if (task == null) {
                    active = null;
                    idle.signalAll();
                }
                startedNanos = loop.nanoTime();
                return task;
            } finally {
                lock.unlock();
            }
        }
    }
}
