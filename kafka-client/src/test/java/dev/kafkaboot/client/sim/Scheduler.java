package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.sim.EventQueue.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thing run at a time.
 *
 * <p><b>The baton.</b> Of all threads of a simulation, one holds the baton and runs; the others wait for it, for real. A thread that waits in virtual time
 * runs the events of the queue itself, on its own stack, until one of them lets a thread go on: if that is itself it returns from its wait, otherwise it hands
 * the baton over. So a scenario with one thread needs no hand-over at all, and no thread is needed that only schedules.
 *
 * <p><b>The test's thread</b> is one of them, except that it never runs events: a carrier does, and the test's thread watches meanwhile that things move. If
 * nothing does, something waits for real or spins, and the run fails with all stacks; see {@link Watch}.
 */
final class Scheduler {

    /** More than this in one virtual second is a client that spins. */
    private static final int EVENTS_PER_SECOND_MAX = 3_000_000;

    private final EventQueue queue = new EventQueue();
    private final Simulation simulation;
    private final SplittableRandom random;
    private final Carrier testCarrier;
    private final SimulatedThread test;
    private final List<Carrier> carriers = new ArrayList<>();
    private final ArrayDeque<Carrier> free = new ArrayDeque<>();
    private final List<SimulatedThread> threads = new ArrayList<>();
    private volatile Carrier holder;
    private volatile boolean open = true;
    private volatile long events;
    private @Nullable Carrier next;
    private @Nullable Object loop;
    private @Nullable Throwable failure;
    private boolean driving;
    private boolean closing;
    private long second;
    private long eventsThisSecond;

    Scheduler(Simulation simulation, SplittableRandom random) {
        this.simulation = simulation;
        this.random = random;
        this.testCarrier = Carrier.ofCaller(this);
        this.test = SimulatedThread.ofTest(this, testCarrier);
        this.holder = testCarrier;
    }

    // ---- time and events

    long nowNanos() {
        return queue.nowNanos();
    }

    /** The virtual time, for people. */
    String time() {
        long now = nowNanos();
        return now / 1_000_000_000 + "." + String.valueOf(1_000_000_000 + now % 1_000_000_000).substring(1) + " s";
    }

    Event at(long nanos, Runnable action) {
        return queue.add(nanos, action);
    }

    /** How many events have happened. */
    long events() {
        return events;
    }

    /** How long it takes a thread or a loop to run after it was told to: microseconds, as a rule. */
    long schedulingDelay() {
        int draw = random.nextInt(1_000);
        return draw == 0 ? random.nextLong(20_000_000) : draw < 50 ? random.nextLong(500_000) : random.nextLong(20_000);
    }

    // ---- the loop whose turn it is

    /** Runs a loop's turn. */
    void runIn(Object runningLoop, Runnable turn) {
        loop = runningLoop;
        try {
            turn.run();
        } finally {
            loop = null;
        }
    }

    /** The loop whose turn it is, or null. */
    @Nullable Object loop() {
        return loop;
    }

    /** What runs now, by its process: a loop, a thread, or an event that belongs to neither. */
    String running() {
        if (loop != null) {
            return loop.toString();
        }
        SimulatedThread occupant = holder.occupant();
        return driving || occupant == null ? "network" : occupant.owner();
    }

    /** Whether what runs is a thread that is being ended. */
    boolean isUnwinding() {
        SimulatedThread occupant = holder.occupant();
        return loop == null && !driving && occupant != null && occupant.isKilled();
    }

    Simulation simulation() {
        return simulation;
    }

    // ---- threads

    /** Starts a thread, soon. */
    SimulatedThread start(String name, @Nullable SimulatedProcess process, Runnable body) {
        SimulatedThread thread = new SimulatedThread(this, name, process, body);
        threads.add(thread);
        at(nowNanos() + schedulingDelay(), () -> begin(thread));
        return thread;
    }

    private void begin(SimulatedThread thread) {
        if (thread.pausedUntilNanos() > nowNanos()) {
            at(thread.pausedUntilNanos(), () -> begin(thread));
            return;
        }
        Carrier carrier = freeCarrier();
        free.remove(carrier);
        thread.startOn(carrier);
        next = carrier;
    }

    void ended(SimulatedThread thread) {
        threads.remove(thread);
    }

    private Carrier freeCarrier() {
        Carrier carrier = free.peekLast();
        if (carrier == null) {
            carrier = Carrier.start(this);
            carriers.add(carrier);
            free.add(carrier);
        }
        return carrier;
    }

    void isFree(Carrier carrier) {
        free.add(carrier);
    }

    /** The simulated thread that calls this. */
    SimulatedThread current() {
        Carrier running = holder;
        SimulatedThread occupant = running.occupant();
        if (!running.isCaller() || occupant == null || loop != null) {
            throw new IllegalStateException(Thread.currentThread() + " is not a thread of the simulation that could wait" + (loop == null ? "" : ", it runs " + loop));
        }
        return occupant;
    }

    /** Makes a wait for the thread that calls this. */
    Parking newParking() {
        return new Parking(this, current());
    }

    /** Lets the calling thread wait until it is told to go on, for as long as its limit allows. */
    void park(Parking parking, Duration limit) {
        parking.endsAt(nowNanos() + dev.kafkaboot.client.net.Times.nanos(limit));
        park(parking);
    }

    private void park(Parking parking) {
        SimulatedThread thread = parking.thread();
        thread.throwIfKilled();
        thread.parks(parking);
        if (thread == test) {
            throwFailure();
            handOver(freeCarrier());
            awaitBatonWatching();
            throwFailure();
        } else {
            Carrier own = holder;
            Carrier chosen = drive();
            if (chosen != own) {
                handOver(chosen);
                own.awaitBaton();
            }
        }
        thread.parks(null);
        thread.throwIfKilled();
    }

    /** A wait is over. */
    void goesOn(SimulatedThread thread) {
        next = thread.carrier();
    }

    // ---- the baton

    Carrier holder() {
        return holder;
    }

    boolean isOpen() {
        return open;
    }

    void handOver(Carrier to) {
        holder = to;
        LockSupport.unpark(to.thread());
    }

    /** Runs events until a thread is to go on, and tells which. */
    Carrier drive() {
        while (next == null && failure == null && !closing) {
            Runnable action = queue.poll();
            if (action == null) {
                fail(new AssertionError("Nothing will ever happen again, and the test waits"));
                break;
            }
            count();
            driving = true;
            try {
                action.run();
            } catch (Throwable thrown) {
                fail(thrown);
            } finally {
                driving = false;
            }
        }
        Carrier chosen = failure != null || closing || next == null ? testCarrier : next;
        next = null;
        return chosen;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the holder of the baton writes it
    private void count() {
        events++;
        long now = nowNanos() / 1_000_000_000;
        if (now != second) {
            second = now;
            eventsThisSecond = 0;
        }
        if (++eventsThisSecond == EVENTS_PER_SECOND_MAX) {
            fail(new AssertionError("More than " + EVENTS_PER_SECOND_MAX + " events in one virtual second: something spins"));
        }
    }

    // ---- the end

    /** The run has failed; the first failure counts, later ones are added to it. */
    void fail(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        } else if (failure != thrown) {
            failure.addSuppressed(thrown);
        }
    }

    /** Throws what has failed, if anything has. */
    void throwFailure() {
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new AssertionError("The simulation failed: " + thrown, thrown);
        }
    }

    private void awaitBatonWatching() {
        Watch watch = new Watch();
        while (holder != testCarrier) {
            LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
            if (holder != testCarrier && watch.isStuck(holder.thread(), events)) {
                AssertionError stuck = new AssertionError(watch.describe(carriers, holder));
                open = false;
                throw stuck;
            }
        }
    }

    /** Ends all threads. To be called by the test's thread. */
    void close() {
        closing = true;
        while (open && !threads.isEmpty()) {
            SimulatedThread thread = threads.get(0);
            thread.kill("The simulation is over");
            Carrier carrier = thread.carrier();
            if (carrier == null) {
                threads.remove(thread);
            } else {
                handOver(carrier);
                awaitBatonWatching();
            }
        }
        open = false;
        carriers.forEach(carrier -> LockSupport.unpark(carrier.thread()));
    }
}
