package dev.kafkaboot.client.net;

import dev.kafkaboot.client.HostResolver;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs tasks, timers and socket events, and the only source of time, randomness and network that client code may use.
 *
 * <p><b>Confinement.</b> All state of a client belongs to its loop's thread: connections, metadata, batches in flight, group membership. So none
 * of it needs a lock. Other threads post a task with {@link #execute} and wait, if they must, with {@link #await} or a {@link LoopCondition},
 * and with nothing else: on a simulated loop there is no other thread, and these two calls are where it runs.
 *
 * <p><b>Order.</b> Tasks posted by one thread run in the order in which they were posted. Timers run in the order of their due times, and those due
 * at the same time in the order in which they were made. A task that throws is logged and costs nothing else; an {@link Error} ends the loop.
 *
 * <p><b>End.</b> After {@link #close()}, or after an error that ended it, the loop closes its transports (each handler is told the cause),
 * runs the listeners of {@link #onEnd}, and then the tasks that were already accepted, so that each can fail what it would have done. Every
 * later call is refused with the cause.
 *
 * <p>Methods may be called from any thread unless they say otherwise.
 */
public interface EventLoop extends Executor, AutoCloseable {

    /**
     * Starts a loop on a daemon thread of its own.
     *
     * @param name the thread's name, as it shows in thread dumps
     */
    static EventLoop start(String name) {
        return NioEventLoop.start(name);
    }

    /** The loop's clock, in nanoseconds from an arbitrary origin. It never goes back. */
    long nanoTime();

    /** The time of day in milliseconds since 1970, for record timestamps and the like. It may jump. */
    long currentTimeMillis();

    /** Whether the calling thread is the loop's own. */
    boolean inLoop();

    /**
     * Runs a task on the loop, later: never within this call, even if the caller is on the loop.
     *
     * @throws dev.kafkaboot.client.ClientClosedException if the loop has ended; its cause is the error that ended it, if one did
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on the loop once a delay has passed. A negative delay counts as none.
     *
     * @throws dev.kafkaboot.client.ClientClosedException if the loop has ended
     */
    Timer schedule(Duration delay, Runnable task);

    /** The loop's source of randomness. To be used on the loop only. */
    RandomGenerator random();

    /** Fills an array with bytes that nobody can guess, for nonces and the like. Any thread. */
    void fillSecurely(byte[] bytes);

    /**
     * Runs something that may block on a thread where that delays neither the loop nor callbacks: a TLS task, a token that is fetched, a key that is read.
     * What it may take is the caller's to bound.
     *
     * @return completes on the loop with what the work answered, or with what it threw
     */
    <T> CompletableFuture<T> offload(Callable<T> work);

    /**
     * Begins to open a byte channel. To be called on the loop only.
     *
     * <p>The handler hears of the outcome later, never within this call.
     *
     * @param address a resolved address
     */
    Transport connect(InetSocketAddress address, SocketOptions options, Transport.Handler handler);

    /**
     * Looks up the addresses of a host, off the loop. The future completes on the loop: with at least one address in the order in which they are to
     * be tried, or with an {@link java.net.UnknownHostException}.
     */
    CompletableFuture<List<InetAddress>> resolve(String host);

    /**
     * Looks up the addresses of a host by another name service than the system's, in the same way: off the loop, and so that one which hangs delays no other
     * name. Those who ask the same service for the same host meanwhile share the answer.
     */
    default CompletableFuture<List<InetAddress>> resolve(HostResolver service, String host) {
        return offload(() -> service.resolve(host));
    }

    /**
     * Where user code runs: callbacks, and the completion of futures that users hold.
     *
     * <p>Tasks run one after the other, in order. A task that blocks is stepped over after a while: the ones behind it then run on another thread, so
     * that a callback which waits for a later one cannot stop everything. What a task itself has yet to do waits for it: a batch's futures complete in one.
     */
    Executor callbacks();

    /**
     * Where user code runs that others wait for and that may take as long as it likes: calls of rebalance listeners. Each task runs at once, on a thread that no
     * other has meanwhile, so it delays neither {@link #callbacks()} nor its likes, however many of them wait for something. Whoever uses this has few at a time: a
     * consumer has one.
     */
    Executor longCalls();

    /**
     * Waits until a future is complete, in whichever way, or a limit has passed. The future's own failure is not thrown.
     *
     * @return whether the future is complete
     * @throws IllegalStateException if called on the loop's thread, which would wait for itself
     * @throws dev.kafkaboot.client.InterruptException if the calling thread is interrupted; its interrupt flag is set again
     */
    boolean await(CompletableFuture<?> future, Duration limit);

    /** Makes a condition that threads may wait for again and again. */
    LoopCondition newCondition();

    /**
     * Tells a listener, on the loop, as one of the last things that it does.
     *
     * @param listener gets the error that ended the loop, or null if it was closed; called at once, in this thread, if the loop has already ended
     * @return removes the listener
     */
    Registration onEnd(Consumer<@Nullable Throwable> listener);

    /** Whether calls are still accepted. */
    boolean isRunning();

    /** Ends the loop and waits for its thread, a few seconds at most. On the loop's own thread it only begins to end. A second call does nothing more. */
    @Override
    void close();

    /**
     * Ends the loop as {@link #close()} does, and waits for its thread no longer than a limit; zero or less means not at all.
     *
     * <p>A loop without a thread of its own has nothing to wait for.
     */
    default void close(Duration limit) {
        close();
    }

    /**
     * Waits for a future's value and throws its failure as one of the calling thread's.
     *
     * @param waitedFor the end of the sentence "... waited 30 s for ...", asked for only when the limit has passed
     * @throws TimeoutException if the limit passes first
     * @throws KafkaException the future's failure
     */
    default <T> T join(CompletableFuture<T> future, Duration limit, Supplier<String> waitedFor) {
        if (!await(future, limit)) {
            throw new TimeoutException("Waited " + Times.text(limit) + " for " + waitedFor.get());
        }
        try {
            return future.join();
        } catch (RuntimeException failure) {
            throw KafkaException.forCaller(failure);
        }
    }
}
