package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Writes down what a rebalance listener hears, as {@code assigned[orders-0]}. */
class RebalanceEvents implements ConsumerRebalanceListener {

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        events.add("assigned" + new TreeSet<>(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        events.add("revoked" + new TreeSet<>(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        events.add("lost" + new TreeSet<>(partitions));
    }

    /** Waits for the next event. */
    String next() throws InterruptedException {
        return Objects.requireNonNull(events.poll(20, TimeUnit.SECONDS), "nothing was told");
    }

    void assertNext(String... expected) throws InterruptedException {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            told.add(next());
        }
        assertThat(told).containsExactly(expected);
    }

    void assertNoMore() {
        assertThat(events).isEmpty();
    }
}
