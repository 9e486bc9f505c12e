package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what happens, and keeps what a listener throws from those who send. That records have failed somebody else is told first. */
final class GuardedListener implements ProducerListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    private final ProducerListener listener;
    private final Consumer<Throwable> onFailed;

    GuardedListener(ProducerListener listener, Consumer<Throwable> onFailed) {
        this.listener = listener;
        this.onFailed = onFailed;
    }

    private void tell(Consumer<ProducerListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable thrown) { // a user's code: whatever it throws must not end the loop, nor cost the batch
            log.error("A producer listener failed", thrown);
        }
    }

    @Override
    public void batchSent(TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration queued, int attempt) {
        tell(to -> to.batchSent(partition, records, bytes, uncompressedBytes, queued, attempt));
    }

    @Override
    public void batchAcknowledged(TopicPartition partition, int records, Duration latency) {
        tell(to -> to.batchAcknowledged(partition, records, latency));
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
