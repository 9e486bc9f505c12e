package dev.kafkaboot.test;

import dev.kafkaboot.test.broker.ZooKeeperMain;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The ZooKeeper that a cluster of old brokers lives on, in a JVM of its own: brokers are killed, and it stays. */
final class ZooKeeperProcess {

    private static final List<String> JVM_ARGUMENTS = List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    private final BrokerProcess process;
    private final BrokerDirectory directory;

    private ZooKeeperProcess(BrokerProcess process, BrokerDirectory directory) {
        this.process = process;
        this.directory = directory;
    }

    /** Starts it; it does not answer yet. */
    static ZooKeeperProcess launch(String classPath, BrokerDirectory directory, int port) {
        List<String> arguments = List.of(directory.data().toString(), Integer.toString(port));
        return new ZooKeeperProcess(BrokerProcess.launch(classPath, JVM_ARGUMENTS, directory, ZooKeeperMain.class, arguments), directory);
    }

    /**
     * Waits until it answers.
     *
     * @throws RealKafkaException if it ends instead, or the time is over; with the end of its log
     */
    void awaitStarted(Duration timeout) {
        try {
            if (!process.started().get(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new RealKafkaException("ZooKeeper ended with exit code " + process.exitCode() + ". The end of its log:\n" + directory.logTail());
            }
        } catch (TimeoutException late) {
            throw new RealKafkaException("ZooKeeper did not start within " + timeout + ":\n" + directory.logTail(), late);
        } catch (ExecutionException impossible) {
            throw new RealKafkaException("waiting for the start of ZooKeeper failed", impossible.getCause());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new RealKafkaException("interrupted while waiting for the start of ZooKeeper", interruption);
        }
    }

    void kill() {
        process.kill();
    }
}
