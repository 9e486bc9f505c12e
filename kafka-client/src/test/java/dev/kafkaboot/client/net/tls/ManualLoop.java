package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.SocketOptions;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A loop that the test runs by hand: for channels, which use no more of a loop than its tasks and the work that it offloads. */
final class ManualLoop implements EventLoop {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ArrayDeque<Runnable> offloaded = new ArrayDeque<>();
    private long nowNanos;

    /** Runs the tasks that there are, and those that they make; answers whether there were any. */
    boolean runTasks() {
        boolean any = false;
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
            any = true;
        }
        return any;
    }

    /** Whether a task waits. */
    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Takes away the work that was offloaded next, as if it hung. */
    Runnable takeOffloaded() {
        return offloaded.remove();
    }

    /** Lets time pass. */
    void advance(Duration time) {
        nowNanos += time.toNanos();
    }

    /** Does one piece of work that was offloaded; answers whether there was one. */
    boolean runOffloaded() {
        Runnable next = offloaded.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public <T> CompletableFuture<T> offload(Callable<T> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        offloaded.add(() -> {
            try {
                outcome.complete(work.call());
            } catch (Exception failure) {
                outcome.completeExceptionally(failure);
            }
        });
        return outcome;
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public boolean isRunning() {
        return true;
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public long currentTimeMillis() {
        throw unused();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        throw unused();
    }

    @Override
    public RandomGenerator random() {
        throw unused();
    }

    @Override
    public void fillSecurely(byte[] bytes) {
        throw unused();
    }

    @Override
    public Transport connect(InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
        throw unused();
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        throw unused();
    }

    @Override
    public Executor callbacks() {
        throw unused();
    }

    @Override
    public Executor longCalls() {
        throw unused();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration limit) {
        throw unused();
    }

    @Override
    public LoopCondition newCondition() {
        throw unused();
    }

    @Override
    public Registration onEnd(Consumer<@Nullable Throwable> listener) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("a channel has no use for it");
    }

    @Override
    public void close() {}
}
