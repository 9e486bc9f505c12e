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
        await("every running broker to be registered", broker -> MetadataView.of(broker, null), view -> view.brokerIds().containsAll(idsOfAnswering()));
    }

    /**
     * Waits until each broker that can answer knows a leader for every partition, and serves those that it leads: it tells of a new partition a moment before it
     * is ready for it.
     */
    void awaitLeaders(String topic, int partitions) {
        String what = "leaders of the " + partitions + " partitions of " + topic;
        await(what, broker -> MetadataView.of(broker, topic), view -> view.isLed(partitions));
        await(what + " to serve them", broker -> LeadershipView.of(broker, topic), LeadershipView::isServed);
    }

    /** The brokers that run and are not paused. */
    List<RealBroker> answering() {
        return brokers.stream().filter(broker -> broker.isRunning() && !broker.isPaused()).toList();
    }

    private Set<Integer> idsOfAnswering() {
        return answering().stream().map(RealBroker::id).collect(Collectors.toSet());
    }

    private <T> void await(String what, Question<T> question, Predicate<T> reached) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (RealBroker broker : answering()) {
            Answer<T> answer = ask(broker, question);
            while (!answer.satisfies(reached)) {
                if (!broker.isRunning() || broker.isPaused()) {
                    break; // It was stopped meanwhile and is not asked any more.
                }
                if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                    throw new RealKafkaException("waited up to " + timeout + " for " + what + "; " + broker + " says: " + answer
                            + ". The end of its log:\n" + broker.logTail());
                }
                LockSupport.parkNanos(POLL_NANOS);
                answer = ask(broker, question);
            }
        }
    }

    private <T> Answer<T> ask(RealBroker broker, Question<T> question) {
        try (BlockingBroker connection = new BlockingBroker(broker, timeout)) {
            return new Answer<>(question.of(connection), null);
        } catch (IOException failure) {
            return new Answer<>(null, failure);
        }
    }

    /** Asks a broker what it sees. */
    @FunctionalInterface
    private interface Question<T> {
        T of(BlockingBroker broker) throws IOException;
    }

    /** What a broker sees, or why it does not say. */
    private record Answer<T>(@Nullable T view, @Nullable IOException failure) {

        boolean satisfies(Predicate<T> condition) {
            return view != null && condition.test(view);
        }

        @Override
        public String toString() {
            return String.valueOf(view == null ? failure : view);
        }
    }
}
