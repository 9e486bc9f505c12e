package dev.kafkaboot.client.sim;

import org.jspecify.annotations.Nullable;

/** A thread of an application: real, but one that runs only when nothing else does, and whose waiting takes virtual time. */
final class SimulatedThread {

    private final Scheduler scheduler;
    private final String name;
    private final @Nullable SimulatedProcess process;
    private final Runnable body;
    private @Nullable Carrier carrier;
    private @Nullable Parking parking;
    private @Nullable String killed;
    private boolean ended;

    SimulatedThread(Scheduler scheduler, String name, @Nullable SimulatedProcess process, Runnable body) {
        this.scheduler = scheduler;
        this.name = name;
        this.process = process;
        this.body = body;
    }

    /** The test's own thread, which runs already. */
    static SimulatedThread ofTest(Scheduler scheduler, Carrier carrier) {
        SimulatedThread test = new SimulatedThread(scheduler, "test", null, () -> {});
        test.carrier = carrier;
        carrier.occupy(test);
        return test;
    }

    String name() {
        return name;
    }

    /** Its process's name, or its own if it belongs to none. */
    String owner() {
        return process == null ? name : process.name();
    }

    boolean hasEnded() {
        return ended;
    }

    /** Until when its process is paused; a time in the past if it is not. */
    long pausedUntilNanos() {
        return process == null ? 0 : process.pausedUntilNanos();
    }

    @Nullable Carrier carrier() {
        return carrier;
    }

    void startOn(Carrier given) {
        carrier = given;
        given.occupy(this);
    }

    void runBody() {
        try {
            if (killed == null) {
                body.run();
            }
        } catch (Unwound unwound) {
            // its process is gone, or the simulation
        } catch (Throwable failure) {
            if (killed == null) {
                scheduler.fail(new AssertionError("Thread " + name + " failed at " + scheduler.time() + ": " + failure, failure));
            }
        } finally {
            ended = true;
            carrier = null;
            scheduler.ended(this);
        }
    }

    void parks(@Nullable Parking where) {
        parking = where;
    }

    /** Ends it from within what it waits for. */
    void kill(String reason) {
        if (killed == null && !ended) {
            killed = reason;
            Parking waits = parking;
            if (waits != null) {
                waits.resumeAtOnce();
            }
        }
    }

    boolean isKilled() {
        return killed != null;
    }

    void throwIfKilled() {
        if (killed != null) {
            throw new Unwound(killed);
        }
    }
}
