package dev.kafkaboot.client.net;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs user code in order, one task after the other, on a thread that exists only while there is something to run.
 *
 * <p>A task may block, even on the outcome of one that is behind it. So while tasks wait, a timer of the loop looks at the one that runs; if it has been
 * running for {@link #PATIENCE}, another thread takes over the queue, and the first one leaves when its task ends.
 */
final class NioCallbacks implements Executor {

    static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(NioCallbacks.class);
    private static final int THREADS_MAX = 64;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final NioEventLoop loop;
    private final ThreadPoolExecutor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Worker active;
    private boolean watched;

    NioCallbacks(NioEventLoop loop, String name) {
        this.loop = loop;
        this.threads = new ThreadPoolExecutor(
                0, THREADS_MAX, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable task) {
        boolean watch;
        lock.lock();
        try {
            tasks.add(task);
            if (active != null) {
                return;
            }
            active = new Worker();
            threads.execute(active);
            watch = !watched;
            watched = true;
        } finally {
            lock.unlock();
        }
        if (watch) {
            watchLater();
        }
    }

    private void watchLater() {
        try {
            loop.schedule(PATIENCE, this::watch);
        } catch (RuntimeException ended) {
            log.debug("Callbacks run without a watch because the loop has ended");
        }
    }

    private void watch() {
        lock.lock();
        try {
            if (active == null) {
                watched = false;
                return;
            }
            if (!tasks.isEmpty() && loop.nanoTime() - active.startedNanos >= PATIENCE.toNanos()) {
                stepOver(active);
            }
        } finally {
            lock.unlock();
        }
        watchLater();
    }

    private void stepOver(Worker stuck) {
        Worker next = new Worker();
        try {
            threads.execute(next);
            active = next;
            log.debug("A callback has been running for more than {}; the ones behind it go on without it", Times.text(PATIENCE));
        } catch (RejectedExecutionException full) {
            log.warn("{} callbacks block; no further thread is given to them", THREADS_MAX);
            active = stuck;
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
            }
        }

        private @Nullable Runnable next() {
            lock.lock();
            try {
                if (active != this) {
                    return null;
                }
                Runnable task = tasks.poll();
                if (task == null) {
                    active = null;
                }
                startedNanos = loop.nanoTime();
                return task;
            } finally {
                lock.unlock();
            }
        }
    }
}
