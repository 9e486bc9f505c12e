package dev.kafkaboot.client.interleaving;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.SocketOptions;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A loop without a thread, for structures that use it for the time, for callbacks and to wait. Time stands still, so no wait ends because of its limit: one that
 * nobody ends stays, and counts as a deadlock. Callbacks and tasks lie in queues, for threads of the test to run.
 */
public final class StillLoop implements EventLoop {

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Runnable> callbacks = new ConcurrentLinkedQueue<>();

    /** Runs the callbacks that there are, and those that they make. */
    public void runCallbacks() {
        runAll(callbacks);
    }

    /** Runs the tasks that there are, and those that they make. */
    public void runTasks() {
        runAll(tasks);
    }

    private static void runAll(ConcurrentLinkedQueue<Runnable> queue) {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public long currentTimeMillis() {
        return 0;
    }

    @Override
    public boolean inLoop() {
        return false;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void fillSecurely(byte[] bytes) {
        throw new UnsupportedOperationException("Nothing is secret here");
    }

    @Override
    public <T> CompletableFuture<T> offload(Callable<T> work) {
        throw new UnsupportedOperationException("Nothing is offloaded here");
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return () -> {};
    }

    @Override
    public Executor callbacks() {
        return callbacks::add;
    }

    @Override
    public Executor longCalls() {
        return callbacks::add;
    }

    @Override
    public LoopCondition newCondition() {
        return new Condition();
    }

    private static final class Condition implements LoopCondition {

        @Override
        public boolean await(BooleanSupplier until, Duration limit) {
            synchronized (this) {
                while (!until.getAsBoolean()) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            return true;
        }

        @Override
        public synchronized void signalAll() {
            notifyAll();
        }
    }

    @Override
    public boolean isRunning() {
        return true;
    }

    @Override
    public RandomGenerator random() {
        throw new UnsupportedOperationException("no randomness here");
    }

    @Override
    public Transport connect(InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
        throw new UnsupportedOperationException("no network here");
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        throw new UnsupportedOperationException("no names here");
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration limit) {
        throw new UnsupportedOperationException("threads of the test join futures themselves");
    }

    @Override
    public Registration onEnd(Consumer<@Nullable Throwable> listener) {
        throw new UnsupportedOperationException("no end here");
    }

    @Override
    public void close() {}
}
