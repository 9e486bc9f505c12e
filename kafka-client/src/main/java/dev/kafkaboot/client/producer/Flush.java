package dev.kafkaboot.client.producer;

import java.util.concurrent.CompletableFuture;

/** Waits for everything that was sent before it began. On the loop. */
final class Flush {

    private final RecordAccumulator accumulator;
    private final Sender sender;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int pending = 1;

    Flush(RecordAccumulator accumulator, Sender sender) {
        this.accumulator = accumulator;
        this.sender = sender;
    }

    /** Ends lingering and counts what is on its way. */
    CompletableFuture<Void> start() {
        for (TopicQueue topic : accumulator.topics()) {
            Runnable unparked = () -> {
                awaitBatches(topic);
                finished();
            };
            if (topic.whenUnparked(unparked)) {
                pending++;
            }
            awaitBatches(topic);
        }
        sender.flushing();
        finished();
        return done;
    }

    private void awaitBatches(TopicQueue topic) {
        for (PartitionQueue queue : topic.queues()) {
            for (ProducerBatch batch : queue.unfinished()) {
                if (!batch.isCompleted()) {
                    pending++;
                    batch.whenDone(this::finished);
                }
            }
        }
    }

    private void finished() {
        pending--;
        if (pending == 0) {
            sender.flushed();
            done.complete(null);
        }
    }
}
