package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.SocketOptions;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.Transport;
import dev.kafkaboot.client.sim.EventQueue.Event;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A loop without a thread: its turns are events of the simulation.
 *
 * <p>A turn is as on a real loop: the tasks in the inbox, the timers that are due, then the transports that have something to tell, these in any order. It
 * comes a moment after there was a reason for it, later if the process is paused, and never again once it has crashed.
 */
final class SimulatedEventLoop implements EventLoop {

    private static final int TASKS_PER_TURN = 4_096;

    private enum State {
        RUNNING,
        /** Told to end; one turn is left, in which it does. */
        ENDING,
        ENDED,
        CRASHED
    }

    private final Simulation simulation;
    private final Scheduler scheduler;
    private final SimulatedProcess process;
    private final String name;
    private final long originNanos;
    private final SplittableRandom random;
    private final Random order;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private final SimulatedTimers timers = new SimulatedTimers();
    private final Set<SimulatedTransport> transports = new LinkedHashSet<>();
    private final Set<SimulatedTransport> ready = new LinkedHashSet<>();
    private final Set<EndListener> endListeners = new LinkedHashSet<>();
    private final Set<Parking> waiting = new LinkedHashSet<>();
    private final Map<Parking, CompletableFuture<?>> awaited = new LinkedHashMap<>();
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private final SimulatedCallbacks callbacks;
    private LongSupplier haste = () -> 0;
    private long aheadNanos;
    private long busyUntilNanos;
    private State state = State.RUNNING;
    private @Nullable Throwable cause;
    private @Nullable Event turn;

    SimulatedEventLoop(Simulation simulation, SimulatedProcess process, String name) {
        this.simulation = simulation;
        this.scheduler = simulation.scheduler();
        this.process = process;
        this.name = name;
        SplittableRandom chance = simulation.newRandom();
        this.random = chance.split();
        this.order = new Random(chance.nextLong());
        // One in four clocks overflows within the first minutes: nothing may compare two times but by their difference.
        this.originNanos = chance.nextInt(4) == 0 ? Long.MAX_VALUE - chance.nextLong(120_000_000_000L) : chance.nextLong() / 2;
        this.callbacks = new SimulatedCallbacks(this, scheduler, process, name + "-callbacks");
    }

    String name() {
        return name;
    }

    SimulatedProcess process() {
        return process;
    }

    @Override
    public String toString() {
        return process.name();
    }

    // ---- time

    @Override
    public long nanoTime() {
        aheadNanos += haste.getAsLong();
        return originNanos + scheduler.nowNanos() + aheadNanos;
    }

    /** Whenever the clock is read, it goes on by so many nanoseconds: other threads run while a turn lasts, and it may take its time. */
    void hurry(LongSupplier onClockRead) {
        haste = onClockRead;
    }

    /** The loop's thread is kept by something for so long, while others go on. */
    void keepBusy(Duration time) {
        busyUntilNanos = scheduler.nowNanos() + time.toNanos();
    }

    @Override
    public long currentTimeMillis() {
        return Simulation.BEGINNING.toEpochMilli() + scheduler.nowNanos() / 1_000_000 + process.clockOffsetMillis();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    /** Of a seed, as all chance is. */
    @Override
    public void fillSecurely(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
    }

    // ---- tasks and timers

    @Override
    public boolean inLoop() {
        return scheduler.loop() == this;
    }

    @Override
    public void execute(Runnable task) {
        if (state == State.CRASHED) {
            return;
        }
        if (state != State.RUNNING) {
            throw refusal();
        }
        inbox.add(task);
        turnSoon();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        if (state != State.RUNNING && state != State.CRASHED) {
            throw refusal();
        }
        SimulatedTimers.Entry timer = timers.add(scheduler.nowNanos() + Math.max(0, Times.nanos(delay)), task);
        turnNoLaterThan(timer.dueNanos());
        return timer;
    }

    /** A transport has something to tell. */
    void isReady(SimulatedTransport transport) {
        if (ready.add(transport)) {
            turnSoon();
        }
    }

    void turnSoon() {
        turnNoLaterThan(scheduler.nowNanos() + scheduler.schedulingDelay());
    }

    private void turnNoLaterThan(long nanos) {
        if (state == State.ENDED || state == State.CRASHED) {
            return;
        }
        if (turn != null) {
            if (turn.nanos() <= nanos) {
                return;
            }
            turn.cancel();
        }
        turn = scheduler.at(nanos, this::turn);
    }

    // ---- a turn

    private void turn() {
        turn = null;
        long notBefore = Math.max(process.pausedUntilNanos(), busyUntilNanos);
        if (notBefore > scheduler.nowNanos()) {
            turnNoLaterThan(notBefore);
            return;
        }
        scheduler.runIn(this, this::runTurn);
        if (!inbox.isEmpty() || !ready.isEmpty()) {
            turnSoon();
        } else if (timers.nextDueNanos() != Long.MAX_VALUE) {
            turnNoLaterThan(timers.nextDueNanos());
        }
    }

    private void runTurn() {
        try {
            for (int i = 0; i < TASKS_PER_TURN && state == State.RUNNING; i++) {
                Runnable task = inbox.poll();
                if (task == null) {
                    break;
                }
                runGuarded(task);
            }
            long now = scheduler.nowNanos();
            for (Runnable due = timers.pollDue(now); due != null && state == State.RUNNING; due = timers.pollDue(now)) {
                runGuarded(due);
            }
            if (state == State.RUNNING) {
                select();
            }
        } catch (Error fatal) {
            cause = fatal;
            simulation.loopFailed(name, fatal);
            state = State.ENDING;
        }
        if (state == State.ENDING) {
            end();
        }
    }

    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            simulation.loopFailed(name, failure);
        }
    }

    private void select() {
        List<SimulatedTransport> selected = new ArrayList<>(ready);
        ready.clear();
        Collections.shuffle(selected, order);
        for (SimulatedTransport transport : selected) {
            try {
                transport.selected();
            } catch (RuntimeException failure) {
                simulation.loopFailed(name, failure);
                transport.abort(failure);
            }
            if (transport.hasSomethingToTell()) {
                ready.add(transport);
            }
        }
    }

    // ---- network

    @Override
    public Transport connect(InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
        if (!inLoop()) {
            throw new IllegalStateException("connect is for the loop's thread " + name + ", not for " + Thread.currentThread().getName());
        }
        if (state != State.RUNNING) {
            throw refusal();
        }
        SimulatedTransport transport = process.network().connect(this, address, handler);
        transports.add(transport);
        return transport;
    }

    void forget(SimulatedTransport transport) {
        transports.remove(transport);
        ready.remove(transport);
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        return process.network().resolve(this, host);
    }

    // ---- user code

    /** Takes no time, and no thread. */
    @Override
    public <T> CompletableFuture<T> offload(Callable<T> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        execute(() -> {
            try {
                outcome.complete(work.call());
            } catch (Exception failure) {
                outcome.completeExceptionally(failure);
            }
        });
        return outcome;
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    /** Each on a simulated thread of its own. */
    @Override
    public Executor longCalls() {
        return task -> process.start(name + "-calls", () -> {
            try {
                task.run();
            } catch (RuntimeException failure) {
                process.callbackFailed(name, failure);
            }
        });
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration limit) {
        if (future.isDone()) {
            return true;
        }
        refuseOnLoop();
        refuseIfEnded();
        refuseIfInterrupted();
        Parking parking = scheduler.newParking();
        future.whenComplete((value, failure) -> parking.unpark());
        awaited.put(parking, future);
        try {
            scheduler.park(parking, limit);
        } finally {
            awaited.remove(parking);
        }
        return future.isDone();
    }

    @Override
    public LoopCondition newCondition() {
        return new SimulatedCondition(this);
    }

    /** Lets the calling thread wait for a signal of a condition. */
    void park(Set<Parking> line, Duration limit) {
        refuseIfInterrupted();
        Parking parking = scheduler.newParking();
        line.add(parking);
        waiting.add(parking);
        try {
            scheduler.park(parking, limit);
        } finally {
            line.remove(parking);
            waiting.remove(parking);
        }
    }

    void refuseOnLoop() {
        if (inLoop()) {
            throw new IllegalStateException("The loop's thread " + name + " would wait for itself");
        }
    }

    private static void refuseIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptException("Interrupted while waiting", new InterruptedException());
        }
    }

    void refuseIfEnded() {
        if (state == State.ENDED) {
            throw refusal();
        }
    }

    private ClientClosedException refusal() {
        Throwable reason = cause;
        return reason == null
                ? new ClientClosedException("The event loop " + name + " is closed")
                : new ClientClosedException("The event loop " + name + " was ended by " + reason, reason);
    }

    // ---- the end

    private static final class EndListener {

        private final Consumer<@Nullable Throwable> listener;

        EndListener(Consumer<@Nullable Throwable> listener) {
            this.listener = listener;
        }
    }

    @Override
    public Registration onEnd(Consumer<@Nullable Throwable> listener) {
        EndListener registered = new EndListener(listener);
        if (state == State.ENDED) {
            listener.accept(cause);
        } else {
            endListeners.add(registered);
        }
        return () -> endListeners.remove(registered);
    }

    @Override
    public boolean isRunning() {
        return state == State.RUNNING;
    }

    @Override
    public void close() {
        if (state == State.RUNNING) {
            state = State.ENDING;
            turnSoon();
        }
        if (!inLoop() && state == State.ENDING) {
            simulation.await(end, Duration.ofSeconds(5));
        }
    }

    private void end() {
        ClientClosedException told = refusal();
        List.copyOf(transports).forEach(transport -> guard(() -> transport.abort(told)));
        for (EndListener listener : List.copyOf(endListeners)) {
            guard(() -> listener.listener.accept(cause));
        }
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            guard(task);
        }
        state = State.ENDED;
        List.copyOf(awaited.values()).forEach(future -> future.completeExceptionally(told));
        List.copyOf(waiting).forEach(Parking::unpark);
        end.complete(null);
    }

    private void guard(Runnable last) {
        try {
            last.run();
        } catch (ClientClosedException refused) {
            simulation.log(name, "while it ended: " + refused.getMessage());
        } catch (Throwable thrown) {
            simulation.loopFailed(name, thrown);
        }
    }

    boolean hasCrashed() {
        return state == State.CRASHED;
    }

    /** Its process is gone: nothing runs here any more, and nobody is told. */
    void crash() {
        state = State.CRASHED;
        if (turn != null) {
            turn.cancel();
        }
        inbox.clear();
        List.copyOf(transports).forEach(SimulatedTransport::crash);
        transports.clear();
        ready.clear();
    }
}
