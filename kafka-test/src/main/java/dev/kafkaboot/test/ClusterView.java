package dev.kafkaboot.test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits until all brokers that can answer see the same. What one broker knows the others may learn a little later, and a test should not
 * have to care.
 */
final class ClusterView {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<RealBroker> brokers;
    private final Duration timeout;

    ClusterView(List<RealBroker> brokers, Duration timeout) {
        this.brokers = brokers;
        this.timeout = timeout;
    }

    /** Waits until each broker that can answer knows each of them. */
    void awaitRegistered() {
        await("every running broker to be registered", null, view -> view.brokerIds().containsAll(idsOfAnswering()));
    }

    /** Waits until each broker that can answer knows a leader for every partition. */
    void awaitLeaders(String topic, int partitions) {
        await("leaders of the " + partitions + " partitions of " + topic, topic, view -> view.isLed(partitions));
    }

    /** The brokers that run and are not paused. */
    List<RealBroker> answering() {
        return brokers.stream().filter(broker -> broker.isRunning() && !broker.isPaused()).toList();
    }

    private Set<Integer> idsOfAnswering() {
        return answering().stream().map(RealBroker::id).collect(Collectors.toSet());
    }

    private void await(String what, @Nullable String topic, Predicate<MetadataView> reached) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (RealBroker broker : answering()) {
            Object answer = ask(broker, topic);
            while (!(answer instanceof MetadataView view && reached.test(view))) {
                if (!broker.isRunning() || broker.isPaused()) {
                    break; // It was stopped meanwhile and is not asked any more.
                }
                if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                    throw new RealKafkaException("waited up to " + timeout + " for " + what + "; " + broker + " says: " + answer
                            + ". The end of its log:\n" + broker.logTail());
                }
                LockSupport.parkNanos(POLL_NANOS);
                answer = ask(broker, topic);
            }
        }
    }

    /** A {@link MetadataView}, or why there is none. */
    private Object ask(RealBroker broker, @Nullable String topic) {
        try (BlockingBroker connection = new BlockingBroker(broker, timeout)) {
            return MetadataView.of(connection, topic);
        } catch (IOException failure) {
            return failure;
        }
    }
}
