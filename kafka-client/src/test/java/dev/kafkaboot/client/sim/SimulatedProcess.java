package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An application: threads, and one event loop that its clients share. It can be paused, as by a long garbage collection, can crash, and can be started again
 * with nothing left of what it knew.
 */
public final class SimulatedProcess {

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final String name;
    private final Map<String, ?> config;
    private final @Nullable Main main;
    private final List<SimulatedThread> threads = new ArrayList<>();
    private final List<Runnable> onCrash = new ArrayList<>();
    private SimulatedEventLoop loop;
    private @Nullable ConnectionManager connections;
    private int incarnation = 1;
    private boolean running = true;
    private long pausedUntilNanos;
    private long pausedNanos;
    private long clockOffsetMillis;

    /** What an application does. */
    @FunctionalInterface
    public interface Main {

        /** Runs in a thread of the process, from its start. Whatever it throws makes the run fail. */
        void run(SimulatedProcess process) throws Exception;
    }

    SimulatedProcess(Simulation simulation, SimulatedNetwork network, String name, Map<String, ?> config, @Nullable Main main) {
        this.simulation = simulation;
        this.network = network;
        this.name = name;
        this.config = config;
        this.main = main;
        this.loop = newLoop();
        runMain();
    }

    private SimulatedEventLoop newLoop() {
        return new SimulatedEventLoop(simulation, this, incarnation == 1 ? name : name + "#" + incarnation);
    }

    private void runMain() {
        Main body = main;
        if (body != null) {
            thread("main", () -> body.run(this));
        }
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** Counts its starts, from 1. */
    public int incarnation() {
        return incarnation;
    }

    /** Whether it has not crashed. */
    public boolean isRunning() {
        return running;
    }

    /** The world that it is in. */
    public Simulation simulation() {
        return simulation;
    }

    /** What it is connected to. */
    public SimulatedNetwork network() {
        return network;
    }

    /** The loop of this incarnation. */
    public EventLoop loop() {
        return loop;
    }

    /** The connections of this incarnation, made when first asked for; what clients are built with. */
    public ConnectionManager connections() {
        ConnectionManager made = connections;
        if (made == null) {
            Map<String, Object> values = new LinkedHashMap<>(config);
            values.putIfAbsent(CommonConfig.BOOTSTRAP_SERVERS.name(), network.bootstrapServers());
            values.putIfAbsent(CommonConfig.CLIENT_ID.name(), name);
            made = ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, values), loop);
            made.addListener(new RequestLog(simulation, name));
            connections = made;
        }
        return made;
    }

    /** Something to do that may throw. */
    @FunctionalInterface
    public interface Body {

        /** Does it. */
        void run() throws Exception;
    }

    /** Starts a thread of this incarnation. What it throws makes the run fail. */
    public void thread(String threadName, Body body) {
        start(loop.name() + "/" + threadName, () -> {
            try {
                body.run();
            } catch (RuntimeException | Error unchecked) {
                throw unchecked;
            } catch (Exception failure) {
                throw new AssertionError(failure.toString(), failure);
            }
        });
    }

    void start(String threadName, Runnable body) {
        if (running) {
            threads.removeIf(SimulatedThread::hasEnded);
            threads.add(simulation.scheduler().start(threadName, this, body));
        }
    }

    void callbackFailed(String where, RuntimeException failure) {
        if (running) {
            simulation.loopFailed(where + "-callbacks", failure);
        }
    }

    // ---- what may happen to it

    /** Lets nothing run in it for a while; what the network brings waits. */
    public void pause(Duration time) {
        note("is paused for " + time.toMillis() + " ms");
        long until = Math.max(pausedUntilNanos, simulation.nowNanos() + time.toNanos());
        pausedNanos += until - Math.max(pausedUntilNanos, simulation.nowNanos());
        pausedUntilNanos = until;
    }

    /** For how long it was paused, all in all. */
    long pausedNanos() {
        return pausedNanos;
    }

    long pausedUntilNanos() {
        return pausedUntilNanos;
    }

    /** Sets its time of day forward or back. */
    public void jumpClock(Duration by) {
        note("has its clock moved by " + by.toMillis() + " ms");
        clockOffsetMillis += by.toMillis();
    }

    long clockOffsetMillis() {
        return clockOffsetMillis;
    }

    /** Does something when this incarnation crashes. */
    public void onCrash(Runnable action) {
        onCrash.add(action);
    }

    /** Ends it as a kill would: no thread runs on, nothing is closed in order, its connections are gone. */
    public void crash() {
        if (!running) {
            return;
        }
        note("crashes");
        running = false;
        loop.crash();
        List<SimulatedThread> killed = List.copyOf(threads);
        threads.clear();
        killed.forEach(thread -> thread.kill(name + " has crashed"));
        List.copyOf(onCrash).forEach(Runnable::run);
        onCrash.clear();
    }

    /** Starts it again after a crash. */
    public void restart() {
        if (running) {
            return;
        }
        incarnation++;
        running = true;
        pausedUntilNanos = 0;
        connections = null;
        loop = newLoop();
        note("starts again");
        runMain();
    }

    private void note(String what) {
        simulation.log(name, what);
    }

    @Override
    public String toString() {
        return name;
    }
}
