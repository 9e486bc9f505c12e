package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what may block on daemon threads that exist only while there is something to run. Each piece of work has a thread of its own, up to a bound that only a
 * burst reaches, such as hundreds of TLS handshakes at once; what comes then waits for the first that is done.
 */
final class NioOffload {

    private static final Logger log = LoggerFactory.getLogger(NioOffload.class);
    static final int THREADS_MAX = 256;

    private static final int WAITING_MAX = 4096;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final NioEventLoop loop;
    private final ThreadPoolExecutor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final Set<Offloaded<?>> pending = ConcurrentHashMap.newKeySet();
    private int running;
    private volatile @Nullable Throwable ended;

    NioOffload(NioEventLoop loop, String name) {
        this.loop = loop;
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Work that somebody waits for. */
    private static final class Offloaded<T> {

        final CompletableFuture<T> outcome = new CompletableFuture<>();
    }

    <T> CompletableFuture<T> run(Callable<T> work) {
        Offloaded<T> offloaded = new Offloaded<>();
        pending.add(offloaded);
        Throwable over = ended;
        if (over != null) { // either the end has seen the work, or this sees the end
            pending.remove(offloaded);
            offloaded.outcome.completeExceptionally(over);
            return offloaded.outcome;
        }
        Runnable task = () -> work(work, offloaded);
        switch (admit(task)) {
            case START -> start(task, offloaded);
            case WAIT -> { /* one that is at work takes it up */ }
            case REFUSE -> refuse(offloaded, null);
        }
        return offloaded.outcome;
    }

    private enum Admission {
        START,
        WAIT,
        REFUSE
    }

    private Admission admit(Runnable task) {
        lock.lock();
        try {
            if (running < THREADS_MAX) {
                running++;
                return Admission.START;
            }
            return waiting.size() < WAITING_MAX && waiting.add(task) ? Admission.WAIT : Admission.REFUSE;
        } finally {
            lock.unlock();
        }
    }

    private void start(Runnable task, Offloaded<?> offloaded) {
        try {
            threads.execute(() -> workOff(task));
        } catch (RejectedExecutionException | OutOfMemoryError none) { // the latter is what the JVM calls a lack of threads too
            leave();
            refuse(offloaded, none);
        }
    }

    private void refuse(Offloaded<?> offloaded, @Nullable Throwable none) {
        finish(offloaded, () -> offloaded.outcome.completeExceptionally(new IllegalStateException(
                "There is no thread for work that may block, of which at most " + THREADS_MAX + " are at work and " + WAITING_MAX + " may wait", none)));
    }

    private void workOff(Runnable first) {
        for (Runnable task = first; task != null; task = next()) {
            task.run();
            if (Thread.interrupted()) { // it was meant for that one; at the end of the loop nothing waits any more
                log.debug("What was offloaded has left its thread interrupted; what waited for it does not hear of that");
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = waiting.poll();
            if (next == null) {
                running--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            running--;
        } finally {
            lock.unlock();
        }
    }

    private <T> void work(Callable<T> work, Offloaded<T> offloaded) {
        try {
            T result = work.call();
            finish(offloaded, () -> offloaded.outcome.complete(result));
        } catch (Throwable failure) { // a user's code may be behind it: whatever it throws is the outcome
            finish(offloaded, () -> offloaded.outcome.completeExceptionally(failure));
        }
    }

    private void finish(Offloaded<?> offloaded, Runnable completion) {
        try {
            loop.execute(() -> {
                pending.remove(offloaded);
                completion.run();
            });
        } catch (ClientClosedException closed) {
            log.trace("What was offloaded is failed by the end of the loop");
        }
    }

    /** Fails what nobody will hear of any more. On the loop, as the last that it does. */
    void end(Throwable cause) {
        ended = cause;
        forgetWaiting();
        threads.shutdownNow();
        pending.forEach(offloaded -> offloaded.outcome.completeExceptionally(cause));
        pending.clear();
    }

    private void forgetWaiting() {
        lock.lock();
        try {
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }
}
