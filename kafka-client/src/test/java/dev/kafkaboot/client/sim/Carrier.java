package dev.kafkaboot.client.sim;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A real thread that carries simulated ones, one after the other. It runs only while it holds the scheduler's baton, of which there is one.
 *
 * <p>When the simulated thread on it ends, it goes on running events until one of them lets another thread go on.
 */
final class Carrier implements Runnable {

    private final Scheduler scheduler;
    private final Thread thread;
    private @Nullable SimulatedThread occupant;

    private Carrier(Scheduler scheduler, @Nullable Thread given) {
        this.scheduler = scheduler;
        this.thread = given == null ? new Thread(this, "simulated") : given;
    }

    /** One with a thread of its own, which waits for the baton. */
    static Carrier start(Scheduler scheduler) {
        Carrier carrier = new Carrier(scheduler, null);
        carrier.thread.setDaemon(true);
        carrier.thread.start();
        return carrier;
    }

    /** The calling thread as one. */
    static Carrier ofCaller(Scheduler scheduler) {
        return new Carrier(scheduler, Thread.currentThread());
    }

    boolean isCaller() {
        return thread == Thread.currentThread();
    }

    Thread thread() {
        return thread;
    }

    @Nullable SimulatedThread occupant() {
        return occupant;
    }

    void occupy(SimulatedThread simulated) {
        occupant = simulated;
    }

    @Override
    public void run() {
        scheduler.simulation().enter();
        awaitBaton();
        while (scheduler.isOpen()) {
            SimulatedThread running = occupant;
            if (running != null) {
                thread.setName(running.name());
                running.runBody();
                thread.setName("simulated");
                occupant = null;
                scheduler.isFree(this);
            }
            Carrier chosen = scheduler.drive();
            if (chosen != this) {
                scheduler.handOver(chosen);
                awaitBaton();
            }
        }
    }

    /** Waits, for real, until this thread may run. */
    void awaitBaton() {
        while (scheduler.holder() != this && scheduler.isOpen()) {
            LockSupport.park(scheduler);
        }
        if (scheduler.holder() != this && occupant != null) {
            throw new Unwound("The simulation was given up");
        }
    }
}
