package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A rebalance listener that answers stages, seen as one that has done its work when it returns: the rebalance waits for the stages, for up to a limit. What a stage
 * tells of a failure is thrown.
 *
 * @param limit how long a stage is waited for
 */
record AwaitedRebalanceListener(AsyncConsumerRebalanceListener listener, Duration limit) implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        await("onPartitionsAssigned", listener.onPartitionsAssigned(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        await("onPartitionsRevoked", listener.onPartitionsRevoked(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        await("onPartitionsLost", listener.onPartitionsLost(partitions));
    }

    private void await(String method, CompletionStage<?> stage) {
        try {
            Objects.requireNonNull(stage, "it answered null in place of a stage").toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(method + " failed: " + failed.getCause(), failed.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException(method + " has not finished within " + limit.toMillis() + " ms; the rebalance goes on", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
