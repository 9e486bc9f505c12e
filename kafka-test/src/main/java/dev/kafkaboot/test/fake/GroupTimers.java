package dev.kafkaboot.test.fake;

import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The timers of one group, by name. Each does its task once; while the group's coordinator sleeps, it waits on. */
final class GroupTimers {

    /** How long at least a timer waits on: a coordinator that never returns shall not be asked for each millisecond. */
    private static final long MIN_REST_MILLIS = 1_000;

    private final Timers timers;
    private final Answers answers;
    private final BooleanSupplier coordinatorIsAwake;
    private final TreeMap<String, Timers.Entry> entries = new TreeMap<>();

    GroupTimers(Timers timers, Answers answers, BooleanSupplier coordinatorIsAwake) {
        this.timers = timers;
        this.answers = answers;
        this.coordinatorIsAwake = coordinatorIsAwake;
    }

    /** Starts a timer, in place of the one of the same name. */
    void start(String name, long millis, Runnable task) {
        stop(name);
        entries.put(name, timers.afterMillis(millis, () -> {
            entries.remove(name);
            if (coordinatorIsAwake.getAsBoolean()) {
                answers.after(task);
            } else {
                start(name, Math.max(MIN_REST_MILLIS, millis), task);
            }
        }));
    }

    /** Whether there is such a timer. */
    boolean runs(String name) {
        return entries.containsKey(name);
    }

    /** Stops a timer, if it runs. */
    void stop(String name) {
        Timers.Entry entry = entries.remove(name);
        if (entry != null) {
            entry.cancel();
        }
    }

    void stopAll() {
        entries.values().forEach(Timers.Entry::cancel);
        entries.clear();
    }
}
