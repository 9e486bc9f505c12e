package dev.kafkaboot.client.sim;

import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.FakeKafkaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A small world on virtual time: processes, the network between them, and a cluster. Everything that is left to chance comes from one seed, so the same
 * seed makes the same run.
 *
 * <p>Exactly one thing runs at a time: an event, a loop's turn, or a thread. Virtual time moves from event to event and never while something runs. The
 * thread that made the simulation lets it {@link #run}; what it does in between takes no time.
 */
public final class Simulation implements AutoCloseable {

    /** The time of day at the beginning; the cluster's too. */
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    /** The simulation that a real thread belongs to, for what is logged there. */
    private static final ThreadLocal<@Nullable Simulation> CURRENT = new ThreadLocal<>();

    private final long seed;
    private final SplittableRandom random;
    private final Scheduler scheduler;
    private final EventLog log = new EventLog();
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private Supplier<String> explanation = () -> "";
    private boolean loopsMayFail;

    private final List<String> expectedErrors = new ArrayList<>();

    /** A world in which nothing has happened yet. */
    public Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.scheduler = new Scheduler(this, random.split());
        enter();
    }

    /** The simulation that the calling thread belongs to, or null. */
    static @Nullable Simulation current() {
        return CURRENT.get();
    }

    /** The calling thread belongs to this simulation. */
    void enter() {
        CURRENT.set(this);
    }

    /** What everything is drawn from. */
    public long seed() {
        return seed;
    }

    /** A source of chance of its own for whoever asks; what is drawn from it changes nothing for others. */
    public SplittableRandom newRandom() {
        return random.split();
    }

    /** Nanoseconds since the beginning. */
    public long nowNanos() {
        return scheduler.nowNanos();
    }

    /** How many events have happened. */
    public long events() {
        return scheduler.events();
    }

    /** What happened. */
    public EventLog log() {
        return log;
    }

    /** Notes that something happened. */
    public void log(String who, String what) {
        log.add(scheduler.time(), who, what);
    }

    /** Makes a cluster and the network around it. */
    public SimulatedNetwork network(UnaryOperator<FakeKafkaBuilder> settings) {
        FakeKafka cluster = settings.apply(FakeKafka.builder().seed(random.nextLong())).startAt(0, BEGINNING).build();
        return new SimulatedNetwork(this, cluster);
    }

    /** Makes a process on a network, with clients that are configured by default. */
    public SimulatedProcess process(String name, SimulatedNetwork network) {
        return process(name, network, Map.of(), null);
    }

    /**
     * Makes a process on a network.
     *
     * @param config of its connections, besides the bootstrap servers
     * @param main what it runs from its start, and anew when it is started again; null for nothing
     */
    public SimulatedProcess process(
            String name, SimulatedNetwork network, Map<String, ?> config, SimulatedProcess.@Nullable Main main) {
        SimulatedProcess process = new SimulatedProcess(this, network, name, config, main);
        processes.add(process);
        return process;
    }

    /** The processes, in the order of their making. */
    public List<SimulatedProcess> processes() {
        return List.copyOf(processes);
    }

    /** Starts a thread that belongs to no process. */
    public void thread(String name, Runnable body) {
        scheduler.start(name, null, body);
    }

    /** Does something later, in between everything else; it must not wait. */
    public void later(Duration delay, Runnable action) {
        scheduler.at(nowNanos() + delay.toNanos(), action);
    }

    /** Waits for a while, in the calling simulated thread. */
    public void sleep(Duration time) {
        scheduler.park(scheduler.newParking(), time);
    }

    /** Waits until a future is complete or the limit has passed, in the calling simulated thread. */
    public boolean await(CompletableFuture<?> future, Duration limit) {
        if (!future.isDone()) {
            Parking parking = scheduler.newParking();
            future.whenComplete((value, failure) -> parking.unpark());
            scheduler.park(parking, limit);
        }
        return future.isDone();
    }

    /** Lets time pass; for the thread that made the simulation. Throws what failed meanwhile. */
    public void run(Duration time) {
        sleep(time);
    }

    /** Lets time pass until something is true, which is asked now and then; false if it is not within the limit. */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = nowNanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long left = end - nowNanos();
            if (left <= 0) {
                return false;
            }
            run(Duration.ofNanos(Math.min(left, 20_000_000)));
        }
        return true;
    }

    /** What is to be printed, besides the log, when the run has failed. */
    public void explainWith(Supplier<String> text) {
        explanation = text;
    }

    String explanation() {
        return explanation.get();
    }

    /** Makes the run fail. */
    public void fail(Throwable failure) {
        scheduler.fail(failure);
    }

    /** From now on a loop's task that throws does not make the run fail; for tests of the loop itself. */
    public void letLoopsFail() {
        loopsMayFail = true;
    }

    /** From now on an error that the client logs does not make the run fail if its text has this in it. */
    void expectError(String part) {
        expectedErrors.add(part);
    }

    void loopFailed(String loop, Throwable failure) {
        log(loop, "failed: " + failure);
        if (!loopsMayFail) {
            scheduler.fail(new AssertionError("At " + scheduler.time() + " on " + loop + ": " + failure, failure));
        }
    }

    /** The client has logged something, on whichever loop or thread runs now. */
    void clientLogged(Level level, String where, String text, @Nullable Throwable thrown) {
        String who = scheduler.running();
        log(who, level + " " + where + ": " + text + (thrown == null ? "" : ": " + thrown));
        if (level == Level.ERROR && expectedErrors.stream().noneMatch(text::contains) && !loopsMayFail && !scheduler.isUnwinding()) {
            scheduler.fail(new AssertionError("At " + scheduler.time() + " " + who + " logged an error: " + text, thrown));
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Ends every thread. */
    @Override
    public void close() {
        try {
            scheduler.close();
        } finally {
            CURRENT.remove();
        }
    }
}
