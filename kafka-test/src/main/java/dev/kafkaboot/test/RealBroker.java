package dev.kafkaboot.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One broker of a {@link RealKafka}: to be killed, stopped, paused and started again.
 *
 * <p>Its address and its data stay the same through all of that. Every method returns when what it asks for has happened, or throws
 * {@link RealKafkaException}. Thread-safe.
 */
public final class RealBroker {

    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final RealKafka cluster;
    private final int id;
    private final BrokerPorts ports;
    private final BrokerDirectory directory;
    private @Nullable BrokerProcess process;
    private @Nullable Pause pause;

    RealBroker(RealKafka cluster, int id, BrokerPorts ports, BrokerDirectory directory) {
        this.cluster = cluster;
        this.id = id;
        this.ports = ports;
        this.directory = directory;
    }

    /** The node id, from 1. */
    public int id() {
        return id;
    }

    /** The host that the broker listens on and advertises: loopback. */
    public String host() {
        return BrokerProperties.HOST;
    }

    /** The port that the broker listens on for clients, the same for as long as the cluster lives. */
    public int port() {
        return ports.client();
    }

    /**
     * The port of a listener that was given to {@link RealKafkaBuilder#listener}.
     *
     * @throws IllegalArgumentException if there is no such listener
     */
    public int port(String listener) {
        Integer port = ports.further().get(listener);
        if (port == null) {
            throw new IllegalArgumentException("there is no listener " + listener + " among " + ports.further().keySet());
        }
        return port;
    }

    /** The port of this broker's controller; on the first broker's is ZooKeeper, where there is one. */
    int controllerPort() {
        return ports.controller();
    }

    /** {@code host:port}. */
    public String address() {
        return host() + ":" + port();
    }

    /**
     * The id of the process.
     *
     * @throws IllegalStateException if the broker is not running
     */
    public synchronized long pid() {
        return running("tell its process id").pid();
    }

    /** Whether the process lives, paused or not. */
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Whether the process was paused and not resumed since. */
    public synchronized boolean isPaused() {
        return pause != null && isRunning();
    }

    /** The file that the broker's log is appended to. */
    public Path log() {
        return directory.log();
    }

    /** Ends the process at once (SIGKILL): nothing is handed over, connections break. Does nothing if it is not running. */
    public synchronized void kill() {
        if (process != null) {
            process.kill();
        }
        process = null;
        endPause();
    }

    /**
     * Stops the broker in order (SIGTERM): it hands over its partitions first if others can take them. After 10 seconds it is killed.
     * A paused broker is resumed first. Does nothing if it is not running.
     */
    public synchronized void stop() {
        endPause();
        if (process != null) {
            process.terminate(STOP_GRACE);
        }
        process = null;
    }

    /**
     * Starts the broker after {@link #kill()} or {@link #stop()}, on its old address and its old data, and returns when it answers requests
     * and is registered with the controller. A broker of three needs one more to run for that.
     *
     * @throws IllegalStateException if it is running
     * @throws RealKafkaException if it ends instead, or takes longer than the cluster's start time-out; the message shows its log
     */
    public void start() {
        launch();
        cluster.awaitStarted(List.of(this));
    }

    /** {@link #stop()} and {@link #start()}. */
    public void restart() {
        stop();
        start();
    }

    /**
     * Freezes the process (SIGSTOP): connections stay open and nothing answers, as with a machine that hangs. Does nothing if it is
     * paused already.
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException where there are no such signals (on Windows)
     */
    public synchronized void pause() {
        BrokerProcess running = running("be paused");
        if (pause == null) {
            pause = Pause.of(running.pid());
        }
    }

    /** Lets a paused process go on (SIGCONT). Does nothing if it is not paused. */
    public synchronized void resume() {
        endPause();
    }

    @Override
    public String toString() {
        return "broker " + id + " (" + address() + ")";
    }

    synchronized void launch() {
        if (isRunning()) {
            throw new IllegalStateException(this + " is running already");
        }
        process = cluster.launch(directory);
    }

    synchronized CompletableFuture<Boolean> started() {
        return process == null ? CompletableFuture.completedFuture(false) : process.started();
    }

    /** Why the broker is not running although it was started. */
    RealKafkaException ended() {
        BrokerProcess ended;
        synchronized (this) {
            ended = process;
        }
        String how = ended == null ? " was stopped while it started" : " ended with exit code " + ended.exitCode();
        return new RealKafkaException(this + how + ". The end of its log:\n" + logTail());
    }

    String logTail() {
        return directory.logTail();
    }

    private BrokerProcess running(String purpose) {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(this + " must be running to " + purpose);
        }
        return process;
    }

    private void endPause() {
        if (pause != null) {
            pause.end();
        }
        pause = null;
    }
}
