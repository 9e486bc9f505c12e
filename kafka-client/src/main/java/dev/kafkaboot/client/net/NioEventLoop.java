package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.HostResolver;
import dev.kafkaboot.client.InterruptException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop on a real thread, a selector and the system's clock.
 *
 * <p>A turn is: the tasks that are in the inbox, the timers that are due, then the selector, which sleeps until the next timer or until woken.
 * How tasks come in, and what becomes of them at the end, is told at {@link Inbox}.
 */
final class NioEventLoop implements EventLoop {

    private static final Logger log = LoggerFactory.getLogger(NioEventLoop.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final SecureRandom SECURE = new SecureRandom();

    /** Tasks run between two looks at the sockets, so that a flood of them does not starve these. */
    private static final int TASKS_PER_TURN = 4_096;

    private final String name;
    private final Selector selector;
    private final Thread thread;
    private final Inbox inbox;
    private final TimerQueue timers = new TimerQueue();
    private final SplittableRandom random = new SplittableRandom();
    private final NioResolver resolver;
    private final NioCallbacks callbacks;
    private final NioLongCalls longCalls;
    private final NioOffload offload;
    private final Set<EndListener> endListeners = ConcurrentHashMap.newKeySet();
    private final Set<Object> waiters = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Throwable cause;

    private NioEventLoop(String name) {
        this.name = name;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("No selector could be opened", e);
        }
        this.inbox = new Inbox(selector::wakeup);
        this.resolver = new NioResolver(this, name + "-dns");
        this.callbacks = new NioCallbacks(this, name + "-callbacks");
        this.longCalls = new NioLongCalls(name + "-calls", callbacks);
        this.offload = new NioOffload(this, name + "-offload");
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    static NioEventLoop start(String name) {
        NioEventLoop loop = new NioEventLoop(name);
        loop.thread.start();
        return loop;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        if (!inbox.offer(task)) {
            throw refusal();
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        ScheduledTask timer = new ScheduledTask(nanoTime() + Math.max(0, Times.nanos(delay)), task);
        if (!inLoop()) {
            execute(timer::start);
        } else if (inbox.isAccepting()) {
            timer.start();
        } else {
            throw refusal();
        }
        return timer;
    }

    private final class ScheduledTask implements Timer {

        private final TimerQueue.Entry entry;
        private volatile boolean cancelled;

        ScheduledTask(long dueNanos, Runnable task) {
            this.entry = new TimerQueue.Entry(dueNanos, () -> {
                if (!cancelled) {
                    task.run();
                }
            });
        }

        void start() {
            if (!cancelled && inbox.isAccepting()) {
                timers.add(entry);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (inLoop()) {
                timers.remove(entry);
            } else if (inbox.isAccepting()) {
                try {
                    execute(() -> timers.remove(entry));
                } catch (ClientClosedException alreadyEnded) {
                    log.trace("Nothing to cancel on an ended loop");
                }
            }
        }
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void fillSecurely(byte[] bytes) {
        SECURE.nextBytes(bytes);
    }

    @Override
    public <T> CompletableFuture<T> offload(Callable<T> work) {
        return offload.run(work);
    }

    @Override
    public Transport connect(InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
        if (!inLoop()) {
            throw new IllegalStateException("connect is for the loop's thread " + name + ", not for " + Thread.currentThread().getName());
        }
        if (!inbox.isAccepting()) {
            throw refusal();
        }
        try {
            return NioTransport.open(this, selector, address, options, handler);
        } catch (IOException e) {
            throw new UncheckedIOException("No socket could be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        return resolver.resolve(HostResolver.SYSTEM, host);
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(HostResolver service, String host) {
        return resolver.resolve(service, host);
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    @Override
    public Executor longCalls() {
        return longCalls;
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration limit) {
        if (future.isDone()) {
            return true;
        }
        refuseOnLoop();
        Waiter waiter = new Waiter(future);
        waiters.add(waiter);
        try {
            refuseIfEnded();
            future.get(Times.nanos(limit), TimeUnit.NANOSECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException e) {
            return future.isDone();
        } catch (ExecutionException | java.util.concurrent.CancellationException e) {
            return true;
        } catch (InterruptedException e) {
            throw new InterruptException("Interrupted while waiting", e);
        } finally {
            waiters.remove(waiter);
        }
    }

    /** A thread that waits for a future. Not a record: two threads may wait for the same future. */
    private static final class Waiter {

        private final CompletableFuture<?> future;

        Waiter(CompletableFuture<?> future) {
            this.future = future;
        }
    }

    /** The waits that are under way: {@link Waiter}s and {@link NioCondition}s. */
    Set<Object> waiters() {
        return waiters;
    }

    /** How many timers wait. On the loop only. */
    int timers() {
        return timers.size();
    }

    /** How many sockets are open. On the loop only. */
    int sockets() {
        return selector.keys().size();
    }

    void refuseOnLoop() {
        if (inLoop()) {
            throw new IllegalStateException("The loop's thread " + name + " would wait for itself");
        }
    }

    void refuseIfEnded() {
        if (inbox.isEnded()) {
            throw refusal();
        }
    }

    private ClientClosedException refusal() {
        Throwable reason = cause;
        return reason == null
                ? new ClientClosedException("The event loop " + name + " is closed")
                : new ClientClosedException("The event loop " + name + " was ended by " + reason, reason);
    }

    @Override
    public LoopCondition newCondition() {
        return new NioCondition(this);
    }

    @Override
    public Registration onEnd(Consumer<@Nullable Throwable> listener) {
        EndListener registered = new EndListener(listener);
        endListeners.add(registered);
        if (inbox.isEnded()) {
            registered.tell(cause);
        }
        return () -> endListeners.remove(registered);
    }

    private static final class EndListener {

        private final Consumer<@Nullable Throwable> listener;
        private final AtomicBoolean told = new AtomicBoolean();

        EndListener(Consumer<@Nullable Throwable> listener) {
            this.listener = listener;
        }

        void tell(@Nullable Throwable reason) {
            if (told.compareAndSet(false, true)) {
                listener.accept(reason);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return inbox.isAccepting();
    }

    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    @Override
    public void close(Duration limit) {
        inbox.close();
        if (inLoop()) {
            return;
        }
        inbox.wake();
        long millis = TimeUnit.NANOSECONDS.toMillis(Times.nanos(limit));
        if (millis <= 0) {
            return; // join would take that for without a limit
        }
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            throw new InterruptException("Interrupted while the loop " + name + " was closing", e);
        }
    }

    private void run() {
        try {
            while (inbox.isAccepting()) {
                runTasks();
                runTimers();
                if (inbox.isAccepting()) {
                    select();
                }
            }
        } catch (Throwable fatal) {
            cause = fatal;
            log.error("The event loop {} is ended by an error; every client on it fails", name, fatal);
        } finally {
            end();
        }
    }

    private void runTasks() {
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            Runnable task = inbox.poll();
            if (task == null) {
                return;
            }
            runGuarded(task);
        }
    }

    private void runTimers() {
        long now = nanoTime();
        for (TimerQueue.Entry due = timers.pollDue(now); due != null && inbox.isAccepting(); due = timers.pollDue(now)) {
            runGuarded(due.task);
        }
    }

    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Exception e) { // a checked one too, should it have slipped past the compiler
            log.error("A task of the event loop {} failed", name, e);
        }
    }

    private void select() throws IOException {
        if (!inbox.isEmpty()) {
            selector.selectNow(this::selected);
            return;
        }
        long nanos = timers.nanosUntilNext(nanoTime());
        if (nanos == 0) {
            selector.selectNow(this::selected);
            return;
        }
        // Rounded up: waking a little before a timer is due would spin until it is.
        long millis = nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
        try {
            if (inbox.fallAsleep()) {
                selector.select(this::selected, millis);
            } else {
                selector.selectNow(this::selected);
            }
        } finally {
            inbox.awake();
        }
    }

    private void selected(SelectionKey key) {
        NioTransport transport = (NioTransport) key.attachment();
        try {
            transport.selected();
        } catch (Exception failure) {
            log.error("A connection on the event loop {} is closed because its handler failed", name, failure);
            transport.abort(failure);
        }
    }

    private void end() {
        inbox.close();
        Throwable reason = cause;
        Throwable told = refusal();
        guard(() -> {
            for (SelectionKey key : List.copyOf(selector.keys())) {
                guard(() -> ((NioTransport) key.attachment()).abort(told));
            }
        });
        endListeners.forEach(listener -> guard(() -> listener.tell(reason)));
        drain();
        inbox.end();
        drain();
        endListeners.forEach(listener -> guard(() -> listener.tell(reason)));
        for (Object waiter : waiters) {
            if (waiter instanceof Waiter thread) {
                thread.future.completeExceptionally(told);
            } else {
                ((NioCondition) waiter).signalAll();
            }
        }
        guard(() -> resolver.end(told));
        guard(() -> offload.end(told));
        guard(callbacks::loopEnded);
        guard(longCalls::loopEnded);
        guard(() -> {
            try {
                selector.close();
            } catch (IOException e) {
                log.debug("The selector of {} could not be closed", name, e);
            }
        });
    }

    private void drain() {
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            guard(task);
        }
    }

    /** Runs one of the last things; what it throws must not keep the others from running. */
    private void guard(Runnable last) {
        try {
            last.run();
        } catch (ClientClosedException refused) {
            log.debug("While the event loop {} ended", name, refused);
        } catch (Throwable thrown) {
            log.error("While the event loop {} ended", name, thrown);
        }
    }
}
