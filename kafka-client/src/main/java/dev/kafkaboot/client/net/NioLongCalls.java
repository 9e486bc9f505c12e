package dev.kafkaboot.client.net;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each task at once, on a daemon thread that exists for as long as there is something to run, and a few seconds more.
 *
 * <p>Their number has no bound here, because no bound would be right: all tasks may wait for what one of them has to do. If there is no thread for one, or the loop
 * has ended, it runs where callbacks do.
 */
final class NioLongCalls implements Executor {

    private static final Logger log = LoggerFactory.getLogger(NioLongCalls.class);
    private static final long KEEP_ALIVE_SECONDS = 5;

    private final ThreadPoolExecutor threads;
    private final Executor otherwise;

    /** Gives tasks for which there is no thread to {@code otherwise}. */
    NioLongCalls(String name, Executor otherwise) {
        this.otherwise = otherwise;
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(() -> run(task));
        } catch (RejectedExecutionException | OutOfMemoryError none) { // the latter is what the JVM calls a lack of threads too
            if (!threads.isShutdown()) {
                log.warn("There is no thread for a call that may take long: it runs among the callbacks, and delays them ({})", none.toString());
            }
            otherwise.execute(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) { // a user's code is behind it
            log.error("A call failed", thrown);
        }
    }

    /** The loop has ended: no thread waits for more. What runs goes on. */
    void loopEnded() {
        threads.shutdown();
    }
}
