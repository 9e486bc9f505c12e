package dev.kafkaboot.client.sim;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs user code in order, on a simulated thread that exists only while there is something to run. A task that waits for too long is stepped over, as on a
 * real loop: another thread takes over what is behind it.
 */
final class SimulatedCallbacks implements Executor {

    private static final long PATIENCE_NANOS = 250_000_000;

    private final Scheduler scheduler;
    private final SimulatedProcess process;
    private final SimulatedEventLoop loop;
    private final String name;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Worker active;

    SimulatedCallbacks(SimulatedEventLoop loop, Scheduler scheduler, SimulatedProcess process, String name) {
        this.loop = loop;
        this.scheduler = scheduler;
        this.process = process;
        this.name = name;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (active == null) {
            start();
        }
    }

    private void start() {
        Worker worker = new Worker();
        active = worker;
        process.start(name, worker);
        scheduler.at(scheduler.nowNanos() + PATIENCE_NANOS, () -> watch(worker));
    }

    private void watch(Worker worker) {
        if (active != worker || loop.hasCrashed()) {
            return; // after a crash nothing of it may run in the process that is started again
        }
        if (!tasks.isEmpty() && scheduler.nowNanos() - worker.startedNanos >= PATIENCE_NANOS) {
            start();
        } else {
            scheduler.at(scheduler.nowNanos() + PATIENCE_NANOS, () -> watch(worker));
        }
    }

    private final class Worker implements Runnable {

        private long startedNanos = scheduler.nowNanos();

        @Override
        public void run() {
            while (active == this) {
                Runnable task = tasks.poll();
                if (task == null) {
                    active = null;
                    return;
                }
                startedNanos = scheduler.nowNanos();
                try {
                    task.run();
                } catch (RuntimeException failure) {
                    process.callbackFailed(loop.name(), failure);
                }
            }
        }
    }
}
