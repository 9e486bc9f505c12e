package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.RecordTooLargeException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a batch once its request's outcome is known, or its time is up. On the loop.
 *
 * <p>A batch is failed as NOT_PERSISTED only if it is certain that no attempt was written; REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND and a
 * connection that died behind the write leave that open.
 */
final class BatchOutcomes {

    /** What is next for the partition. */
    enum Next {
        /** The batch is over with. */
        DONE,
        /** The batch was put back, to be sent again after a pause. */
        RETRY,
        /** The batch was put back in parts, to be sent at once. */
        SPLIT
    }

    private final ClientConnections connections;
    private final RecordAccumulator.Settings settings;
    private final ProducerListener listener;
    private final Duration deliveryTimeout;
    private final int retries;
    private final Executor callbacks;

    BatchOutcomes(
            ClientConnections connections, RecordAccumulator.Settings settings, ProducerListener listener, Duration deliveryTimeout,
            int retries) {
        this.connections = connections;
        this.settings = settings;
        this.listener = listener;
        this.deliveryTimeout = deliveryTimeout;
        this.retries = retries;
        this.callbacks = connections.loop().callbacks();
    }

    /** The broker answered. */
    Next answered(
            PartitionQueue queue, ProducerBatch batch, @Nullable PartitionProduceResponse answer, ReceivedFrame<ProduceResponse> frame) {
        if (answer == null) {
            if (frame.response().responses().isEmpty()) {
                // acks=0: nobody answers.
                return acknowledged(queue, batch, -1, -1);
            }
            return retryOrFail(queue, batch, /* mayBeWritten= */ true,
                    new DisconnectException("Broker " + frame.broker() + " left " + batch.partition() + " out of its answer", null, true));
        }
        ErrorCode error = ErrorCode.forCode(answer.errorCode());
        if (error == ErrorCode.NONE || error == ErrorCode.DUPLICATE_SEQUENCE_NUMBER) {
            return acknowledged(queue, batch, answer.baseOffset(), answer.logAppendTimeMs());
        }
        BrokerException reason = new BrokerException(
                batch.partition().toString(), error, ApiKey.PRODUCE, frame.broker(), answer.errorMessage());
        if (error == ErrorCode.MESSAGE_TOO_LARGE || error == ErrorCode.RECORD_LIST_TOO_LARGE) {
            return tooLarge(queue, batch, reason);
        }
        ErrorAction action = ErrorActions.of(ApiKey.PRODUCE, error);
        boolean mayBeWritten = error == ErrorCode.REQUEST_TIMED_OUT || error == ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
        if (action == ErrorAction.REFRESH_METADATA) {
            connections.metadata().requestRefresh();
        }
        if (action.isRetry()) {
            return retryOrFail(queue, batch, mayBeWritten, reason);
        }
        batch.returned(reason, mayBeWritten);
        finish(queue, batch, reason);
        return Next.DONE;
    }

    /** There was no answer. */
    Next failed(PartitionQueue queue, ProducerBatch batch, Throwable cause) {
        boolean mayBeWritten = mayHaveBeenReceived(cause);
        if (cause instanceof DisconnectException || cause instanceof TimeoutException) {
            connections.metadata().requestRefresh();
            return retryOrFail(queue, batch, mayBeWritten, cause);
        }
        batch.returned(cause, mayBeWritten);
        finish(queue, batch, cause);
        return Next.DONE;
    }

    private static boolean mayHaveBeenReceived(Throwable cause) {
        if (cause instanceof DisconnectException disconnected) {
            return disconnected.mayHaveBeenReceived();
        }
        return !(cause instanceof RequestTimeoutException timedOut) || timedOut.mayHaveBeenReceived();
    }

    private Next acknowledged(PartitionQueue queue, ProducerBatch batch, long baseOffset, long appendTime) {
        batch.returned(null, /* mayBeWritten= */ true);
        listener.batchAcknowledged(
                batch.partition(), batch.count(), Duration.ofNanos(connections.loop().nanoTime() - batch.sentNanos()));
        queue.finished();
        if (!batch.isCompleted()) {
            batch.acknowledge(baseOffset, appendTime, callbacks);
        }
        batch.free();
        return Next.DONE;
    }

    private Next retryOrFail(PartitionQueue queue, ProducerBatch batch, boolean mayBeWritten, Throwable reason) {
        batch.returned(reason, mayBeWritten);
        if (batch.isCompleted()) {
            queue.finished();
            batch.free();
            return Next.RETRY;
        }
        if (batch.attempts() > retries || isExpired(batch, connections.loop().nanoTime())) {
            finish(queue, batch, reason);
            return Next.RETRY;
        }
        listener.batchRetried(batch.partition(), batch.count(), reason);
        queue.putBack(batch);
        return Next.RETRY;
    }

    private void finish(PartitionQueue queue, ProducerBatch batch, Throwable reason) {
        queue.finished();
        if (!batch.isCompleted()) {
            fail(batch, sendException(batch, "Could not send to " + batch.partition() + after(batch) + ": " + reason.getMessage(), reason));
        }
        batch.free();
    }

    private static String after(ProducerBatch batch) {
        return batch.attempts() > 1 ? " in " + batch.attempts() + " attempts" : "";
    }

    private void fail(ProducerBatch batch, SendException reason) {
        listener.recordsFailed(batch.partition(), batch.count(), reason);
        batch.fail(reason, callbacks);
    }

    private static SendException sendException(ProducerBatch batch, String message, @Nullable Throwable cause) {
        TopicPartition partition = batch.partition();
        boolean maybe = batch.isPossiblyPersisted() || batch.state() == ProducerBatch.State.IN_FLIGHT;
        return new SendException(
                message + (maybe ? " (the records may have been written)" : ""), partition.topic(), partition.partition(),
                maybe ? Persistence.POSSIBLY_PERSISTED : Persistence.NOT_PERSISTED, cause);
    }

    /** A batch of several records is sent again in parts, and later ones are kept smaller; a single record has nowhere to go. */
    private Next tooLarge(PartitionQueue queue, ProducerBatch batch, BrokerException reason) {
        batch.returned(reason, /* mayBeWritten= */ false);
        if (batch.isCompleted() || batch.count() == 1) {
            int size = batch.sizeInBytes();
            finish(queue, batch, batch.isCompleted() ? reason : new RecordTooLargeException(
                    "The record has " + size + " bytes, more than topic '" + batch.partition().topic()
                            + "' accepts (max.message.bytes of the topic, message.max.bytes of the broker): " + reason.getMessage(),
                    size, size - 1));
            return Next.DONE;
        }
        int half = Math.max(1, batch.uncompressedSize() / 2);
        List<ProducerBatch> parts = BatchSplitter.split(batch, half, settings.codec());
        queue.replace(parts, half);
        batch.free();
        return Next.SPLIT;
    }

    /**
     * Fails what is out of time; a batch in flight keeps its memory until its request's outcome is known.
     *
     * <p>What waits behind a batch that expired is failed with it: it would overtake records that the application may send again.
     *
     * @return whether the partition still has anything
     */
    boolean expire(PartitionQueue queue) {
        long now = connections.loop().nanoTime();
        long oldest = queue.oldestNanos();
        if (oldest == Long.MAX_VALUE) {
            return !queue.unfinished().isEmpty();
        }
        if (now - oldest < deliveryTimeout.toNanos()) {
            return true;
        }
        Throwable lastError = null;
        for (ProducerBatch batch : queue.unfinished()) {
            if (lastError == null) {
                lastError = batch.lastError();
            }
            if (batch.state() == ProducerBatch.State.IN_FLIGHT && !batch.isCompleted()) {
                fail(batch, expired(batch, lastError));
            }
        }
        for (ProducerBatch batch : queue.takeWaiting()) {
            fail(batch, expired(batch, lastError));
            batch.free();
        }
        return !queue.unfinished().isEmpty();
    }

    private boolean isExpired(ProducerBatch batch, long now) {
        return now - batch.createdNanos() >= deliveryTimeout.toNanos();
    }

    private SendException expired(ProducerBatch batch, @Nullable Throwable lastError) {
        long waited = connections.loop().nanoTime() - batch.createdNanos();
        String own = waited >= deliveryTimeout.toNanos()
                ? "Could not send to " + batch.partition() + " within " + Times.text(deliveryTimeout)
                : "Not sent to " + batch.partition() + ", because records before it were not sent within " + Times.text(deliveryTimeout)
                        + " and it must not overtake them";
        return sendException(batch, own + ": " + describe(batch, lastError), lastError);
    }

    private String describe(ProducerBatch batch, @Nullable Throwable lastError) {
        var leader = connections.metadata().snapshot().leader(batch.partition());
        String state = batch.state() == ProducerBatch.State.IN_FLIGHT
                ? "attempt " + batch.attempts() + " waits for its answer"
                : batch.attempts() == 0 ? "not attempted" : batch.attempts() + " attempts";
        return (leader == null ? "the partition has no leader" : "leader " + leader) + ", " + state
                + (lastError == null ? "" : ", last error: " + lastError.getMessage());
    }
}
