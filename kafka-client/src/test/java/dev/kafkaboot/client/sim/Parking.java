package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.sim.EventQueue.Event;
import org.jspecify.annotations.Nullable;

/** One wait of a simulated thread. It goes on a little after it was told to, or when its time is up; later if its process is paused by then. */
final class Parking {

    private final Scheduler scheduler;
    private final SimulatedThread thread;
    private @Nullable Event timeout;
    private boolean told;
    private boolean over;

    Parking(Scheduler scheduler, SimulatedThread thread) {
        this.scheduler = scheduler;
        this.thread = thread;
    }

    SimulatedThread thread() {
        return thread;
    }

    /** Ends the wait at a time. */
    void endsAt(long nanos) {
        timeout = scheduler.at(nanos, this::resume);
    }

    /** Lets the thread go on, soon. Only the first call counts. */
    void unpark() {
        if (!told && !over) {
            told = true;
            scheduler.at(scheduler.nowNanos() + scheduler.schedulingDelay(), this::resume);
        }
    }

    /** Lets the thread go on although its process is paused. */
    void resumeAtOnce() {
        scheduler.at(scheduler.nowNanos(), () -> {
            if (!over) {
                goOn();
            }
        });
    }

    private void resume() {
        if (over) {
            return;
        }
        if (thread.pausedUntilNanos() > scheduler.nowNanos()) {
            scheduler.at(thread.pausedUntilNanos(), this::resume);
            return;
        }
        goOn();
    }

    private void goOn() {
        over = true;
        if (timeout != null) {
            timeout.cancel();
        }
        scheduler.goesOn(thread);
    }
}
