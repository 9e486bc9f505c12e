package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what happens to those who want to hear it, and keeps what they throw from those who send. That records have failed somebody else is told first. */
final class GuardedListener implements ProducerListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    private final List<ProducerListener> listeners;
    private final Consumer<Throwable> onFailed;

    GuardedListener(List<ProducerListener> listeners, Consumer<Throwable> onFailed) {
        this.listeners = List.copyOf(listeners);
        this.onFailed = onFailed;
    }

    private void tell(Consumer<ProducerListener> event) {
        for (ProducerListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable thrown) { // a user's code: whatever it throws must not end the loop, nor cost the batch
                log.error("A producer listener failed", thrown);
            }
        }
    }

    @Override
    public void batchSent(TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration queued, int attempt) {
        tell(to -> to.batchSent(partition, records, bytes, uncompressedBytes, queued, attempt));
    }

    @Override
    public void batchAcknowledged(TopicPartition partition, int records, Duration socket, Duration broker) {
        tell(to -> to.batchAcknowledged(partition, records, socket, broker));
    }

    @Override
    public void batchRetried(TopicPartition partition, int records, Throwable reason) {
        tell(to -> to.batchRetried(partition, records, reason));
    }

    @Override
    public void recordsFailed(TopicPartition partition, int records, Throwable reason) {
        onFailed.accept(reason);
        tell(to -> to.recordsFailed(partition, records, reason));
    }

    @Override
    public void bufferExhausted() {
        tell(ProducerListener::bufferExhausted);
    }
}
