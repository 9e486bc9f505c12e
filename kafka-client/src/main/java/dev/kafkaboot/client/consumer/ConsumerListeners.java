package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two that hear what a consumer does. What either throws is kept from the loop and from those who poll.
 *
 * @param first hears it first
 * @param second hears it then, whatever the first has thrown
 */
record ConsumerListeners(ConsumerListener first, ConsumerListener second) implements ConsumerListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerListeners.class);

    private void tell(Consumer<ConsumerListener> event) {
        tell(first, event);
        tell(second, event);
    }

    private static void tell(ConsumerListener listener, Consumer<ConsumerListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable thrown) { // a user's code: whatever it throws must not end the loop, nor cost records
            LOG.error("A consumer listener failed", thrown);
        }
    }

    @Override
    public void fetched(int brokerId, int bytes, Duration latency) {
        tell(to -> to.fetched(brokerId, bytes, latency));
    }

    @Override
    public void fetchFailed(int brokerId, Throwable cause) {
        tell(to -> to.fetchFailed(brokerId, cause));
    }

    @Override
    public void handedOut(TopicPartition partition, int records, long bytes, long lag) {
        tell(to -> to.handedOut(partition, records, bytes, lag));
    }

    @Override
    public void polled(Duration sinceLastPoll) {
        tell(to -> to.polled(sinceLastPoll));
    }

    @Override
    public void rebalanceStarted(String reason) {
        tell(to -> to.rebalanceStarted(reason));
    }

    @Override
    public void rebalanced(Collection<TopicPartition> assigned, Duration duration) {
        tell(to -> to.rebalanced(assigned, duration));
    }

    @Override
    public void rebalanceFailed(Throwable cause) {
        tell(to -> to.rebalanceFailed(cause));
    }

    @Override
    public void partitionsLost(Collection<TopicPartition> partitions) {
        tell(to -> to.partitionsLost(partitions));
    }

    @Override
    public void positionLost(TopicPartition partition, long position, long resumedAt) {
        tell(to -> to.positionLost(partition, position, resumedAt));
    }

    @Override
    public void pollIntervalExceeded(Duration sinceLastPoll) {
        tell(to -> to.pollIntervalExceeded(sinceLastPoll));
    }

    @Override
    public void committed(int partitions, Duration latency) {
        tell(to -> to.committed(partitions, latency));
    }

    @Override
    public void commitFailed(int partitions, Throwable cause) {
        tell(to -> to.commitFailed(partitions, cause));
    }

    @Override
    public void heartbeat(Duration latency) {
        tell(to -> to.heartbeat(latency));
    }
}
