package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.RecordTooLargeException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.producer.PartitionQueue.Waiting;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.BatchIndexAndErrorMessage;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaboot.record.compress.Codec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a batch once its request's outcome is known, or its time is up. On the loop.
 *
 * <p>A batch is failed as NOT_PERSISTED only if it is certain that no attempt was written: an answer that a broker may give behind the append, and a
 * connection that died behind the write, leave that open.
 *
 * <p>A batch that could have been sent, had there been more time or attempts, takes everything with it that waits behind it in its partition: an
 * application that sends the failed records again would find them overtaken. One that the broker refuses for what it is (a record that is too large, no
 * permission) fails alone.
 */
final class BatchOutcomes {

    private static final Logger log = LoggerFactory.getLogger(BatchOutcomes.class);

    /** When the partition is looked at again. */
    enum Next {
        /** At once. */
        NOW,
        /** After a pause that grows. */
        LATER,
        /** When those that were sent before the batch are dealt with: what became of them says what became of it. */
        BEHIND_OTHERS,
        /** When the batch, which the broker does not take as it is, was {@linkplain #takeApart taken apart}. */
        TAKE_APART
    }

    private static final Set<ErrorCode> BEHIND_THE_APPEND = EnumSet.of(
            ErrorCode.REQUEST_TIMED_OUT, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, ErrorCode.KAFKA_STORAGE_ERROR, ErrorCode.UNKNOWN_SERVER_ERROR);

    /** The broker expects another batch than this one, or another epoch, or knows nothing of the producer any more. */
    private static final Set<ErrorCode> OUT_OF_SEQUENCE = EnumSet.of(
            ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, ErrorCode.UNKNOWN_PRODUCER_ID, ErrorCode.INVALID_PRODUCER_EPOCH);

    private static final Set<ErrorCode> WHILE_REPLICAS_ARE_AWAITED = EnumSet.of(
            ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

    private final ClientConnections connections;
    private final RecordAccumulator.Settings settings;
    private final ProducerListener listener;
    private final Acks acks;
    private final Duration deliveryTimeout;
    private final long deliveryNanos;
    private final int retries;
    private final Executor callbacks;

    BatchOutcomes(
            ClientConnections connections, RecordAccumulator.Settings settings, ProducerListener listener, Acks acks, Duration deliveryTimeout,
            int retries) {
        this.connections = connections;
        this.settings = settings;
        this.listener = listener;
        this.acks = acks;
        this.deliveryTimeout = deliveryTimeout;
        this.deliveryNanos = Times.nanos(deliveryTimeout);
        this.retries = retries;
        this.callbacks = connections.loop().callbacks();
    }

    /** The broker answered. */
    Next answered(
            PartitionQueue queue, ProducerBatch batch, @Nullable PartitionProduceResponse answer, ReceivedFrame<ProduceResponse> frame) {
        if (answer == null) {
            if (frame.sizeInBytes() == 0) {
                return acknowledged(queue, batch, -1, -1, frame.writtenNanos()); // acks=0: nobody answers
            }
            return retryOrFail(queue, batch, /* mayBeWritten= */ true, Next.LATER,
                    new DisconnectException("Broker " + frame.broker() + " left " + batch.partition() + " out of its answer", null, true));
        }
        ErrorCode error = ErrorCode.forCode(answer.errorCode());
        if (error == ErrorCode.NONE || error == ErrorCode.DUPLICATE_SEQUENCE_NUMBER) {
            return acknowledged(queue, batch, answer.baseOffset(), answer.logAppendTimeMs(), frame.writtenNanos());
        }
        BrokerException reason = new BrokerException(
                batch.partition().toString(), error, ApiKey.PRODUCE, frame.broker(), answer.errorMessage());
        if (error == ErrorCode.MESSAGE_TOO_LARGE || error == ErrorCode.RECORD_LIST_TOO_LARGE) {
            return tooLarge(queue, batch, reason);
        }
        BatchStamp stamp = batch.stamp();
        boolean isTransactional = stamp != null && stamp.identity().transactional();
        if (!answer.recordErrors().isEmpty() && !isTransactional) { // a transaction fails with each of its records
            return refused(queue, batch, answer.recordErrors(), reason);
        }
        if (stamp != null && OUT_OF_SEQUENCE.contains(error) && !(isTransactional && queue.isFirst(batch))) {
            return outOfSequence(queue, batch, reason);
        }
        ErrorAction action = ErrorActions.of(ApiKey.PRODUCE, error);
        boolean mayBeWritten = mayBeWritten(error);
        if (!action.isRetry()) {
            batch.returned(reason, mayBeWritten);
            fail(queue, batch, message(batch, reason), reason);
            return Next.NOW;
        }
        boolean hasMoved = false;
        if (action == ErrorAction.REFRESH_METADATA) {
            Node leader = connections.metadata().snapshot().leader(batch.partition());
            hasMoved = leader != null && leader.id() != frame.broker().id();
            connections.metadata().requestRefresh();
        }
        return retryOrFail(queue, batch, mayBeWritten, hasMoved ? Next.NOW : Next.LATER, reason);
    }

    /**
     * Whether a broker may have appended what it answers so.
     *
     * <p>With acks=all it appends first and then waits for the replicas. If it loses the leadership, the partition or the disk meanwhile, it answers as if
     * it had never had them (Apache's DelayedProduce). What goes wrong in the appending itself may go wrong behind it, whatever the acks.
     */
    private boolean mayBeWritten(ErrorCode error) {
        return BEHIND_THE_APPEND.contains(error) || acks == Acks.ALL && WHILE_REPLICAS_ARE_AWAITED.contains(error);
    }

    /** There was no answer. */
    Next failed(PartitionQueue queue, ProducerBatch batch, Throwable cause) {
        boolean mayBeWritten = mayHaveBeenReceived(cause);
        if (cause instanceof DisconnectException || cause instanceof TimeoutException) {
            connections.metadata().requestRefresh();
            return retryOrFail(queue, batch, mayBeWritten, Next.LATER, cause);
        }
        batch.returned(cause, mayBeWritten);
        if (cause instanceof AuthenticationException refusal) {
            failWithAllWaiting(queue, batch, refusal);
        } else {
            fail(queue, batch, message(batch, cause), cause);
        }
        return Next.NOW;
    }

    private static boolean mayHaveBeenReceived(Throwable cause) {
        if (cause instanceof DisconnectException disconnected) {
            return disconnected.mayHaveBeenReceived();
        }
        if (cause instanceof RequestTimeoutException timedOut) {
            return timedOut.mayHaveBeenReceived();
        }
        // The one could not be written down, and the other comes before anything is written.
        return !(cause instanceof ProtocolException) && !(cause instanceof AuthenticationException);
    }

    private Next acknowledged(PartitionQueue queue, ProducerBatch batch, long baseOffset, long appendTime, long writtenNanos) {
        batch.returned(null, /* mayBeWritten= */ true);
        queue.written(batch);
        free(batch);
        if (!batch.isCompleted()) {
            batch.acknowledge(baseOffset, appendTime, callbacks);
        }
        listener.batchAcknowledged(batch.partition(), batch.count(), Duration.ofNanos(writtenNanos - batch.sentNanos()),
                Duration.ofNanos(connections.loop().nanoTime() - writtenNanos));
        return Next.NOW;
    }

    /**
     * The broker does not take the batch behind what it has. That is no fault of the batch: it has lost records that it had acknowledged, or deleted all that
     * it had of this producer (KIP-360). If no attempt can have been written, it begins a new epoch. If one can, it fails: as something else it might be
     * written a second time.
     *
     * <p>That is what becomes of the first. One that was in flight behind another is refused because that one was not written, and waits for it. And the first of
     * a transaction comes not here: it costs the transaction.
     */
    private Next outOfSequence(PartitionQueue queue, ProducerBatch batch, BrokerException reason) {
        batch.returned(reason, /* mayBeWritten= */ false);
        if (!queue.isFirst(batch) || batch.isCompleted()) {
            return retryOrFail(queue, batch, Next.LATER, reason);
        }
        if (batch.isPossiblyPersisted()) {
            failWithAllBehind(queue, batch, message(batch, reason), reason);
            return Next.NOW;
        }
        boolean isExpected = queue.isOfAnotherEpoch(batch);
        if (!isExpected) {
            log.warn("A broker does not take a batch of {} behind what it has of this producer; it is sent in a new epoch: {}",
                    batch.partition(), reason.getMessage());
        }
        queue.renew(batch);
        return retryOrFail(queue, batch, isExpected ? Next.NOW : Next.LATER, reason);
    }

    private Next retryOrFail(PartitionQueue queue, ProducerBatch batch, boolean mayBeWritten, Next next, Throwable reason) {
        batch.returned(reason, mayBeWritten);
        return retryOrFail(queue, batch, next, reason);
    }

    private Next retryOrFail(PartitionQueue queue, ProducerBatch batch, Next next, Throwable reason) {
        boolean isExpired = connections.loop().nanoTime() - batch.createdNanos() >= deliveryNanos;
        boolean isFirst = queue.isFirst(batch);
        if (batch.isCompleted()) {
            queue.givenUp(batch);
            free(batch);
        } else if (isExpired) {
            failWithAllBehind(queue, batch, expired(batch, null, reason), reason);
        } else if (batch.attempts() > retries) {
            failWithAllBehind(queue, batch, message(batch, reason), reason);
        } else {
            listener.batchRetried(batch.partition(), batch.count(), reason);
            queue.putBack(batch);
        }
        return isFirst ? next : Next.BEHIND_OTHERS;
    }

    /** A batch of several records is sent again in parts, and later ones are kept smaller; a single record has nowhere to go. */
    private Next tooLarge(PartitionQueue queue, ProducerBatch batch, BrokerException reason) {
        batch.returned(reason, /* mayBeWritten= */ false);
        if (batch.isCompleted() || batch.count() == 1) {
            int size = batch.sizeInBytes();
            RecordTooLargeException cause = new RecordTooLargeException(
                    "The record has " + size + " bytes, more than topic '" + batch.partition().topic()
                            + "' accepts (max.message.bytes of the topic, message.max.bytes of the broker): " + reason.getMessage(),
                    size, size - 1);
            fail(queue, batch, message(batch, cause), cause);
            return Next.NOW;
        }
        listener.batchRetried(batch.partition(), batch.count(), reason);
        queue.interrupt();
        return Next.TAKE_APART;
    }

    /** The broker says which records it is that it refuses (KIP-467): they fail, and the others are sent again without them. */
    private Next refused(PartitionQueue queue, ProducerBatch batch, List<BatchIndexAndErrorMessage> errors, BrokerException reason) {
        Map<Integer, String> refused = new HashMap<>();
        for (BatchIndexAndErrorMessage error : errors) {
            String said = error.batchIndexErrorMessage();
            refused.put(error.batchIndex(), said == null ? String.valueOf(reason.getMessage()) : said);
        }
        batch.returned(reason, /* mayBeWritten= */ false);
        boolean areSome = refused.size() < batch.count() && refused.keySet().stream().allMatch(index -> index >= 0 && index < batch.count());
        if (batch.isCompleted() || batch.isPossiblyPersisted() || !areSome) {
            fail(queue, batch, message(batch, reason) + ": " + refused.values().iterator().next(), reason);
            return Next.NOW;
        }
        batch.refuse(refused);
        queue.interrupt();
        queue.renew(batch);
        return Next.TAKE_APART;
    }

    /**
     * Makes other batches out of one, off the loop; until that is done it stays where it is, and nothing overtakes it.
     *
     * @param look what to do with the partition then
     */
    void takeApart(PartitionQueue queue, ProducerBatch batch, Consumer<PartitionQueue> look) {
        int half = batch.uncompressedSize() / 2;
        Set<Integer> refused = batch.refused().keySet();
        Bytes bytes = batch.takeApart();
        Codec codec = settings.batchings().of(batch.partition().topic()).codec();
        CompletableFuture.supplyAsync(() -> refused.isEmpty()
                ? BatchSplitter.split(bytes, half, codec)
                : BatchSplitter.without(bytes, refused, codec), callbacks).whenCompleteAsync((parts, failure) -> {
            batch.takenApart();
            if (batch.isCompleted()) { // its time was up meanwhile
                queue.givenUp(batch);
                free(batch);
            } else if (parts == null) {
                Throwable cause = failure == null ? new IllegalStateException("The batch has no parts") : Failures.cause(failure);
                fail(queue, batch, message(batch, cause), cause);
            } else {
                List<ProducerBatch> others = batch.handOver(parts, (reason, future) -> refuse(batch, reason, future));
                queue.replace(batch, others, refused.isEmpty() ? half : Integer.MAX_VALUE);
                free(batch);
            }
            look.accept(queue);
        }, connections.loop());
    }

    private void refuse(ProducerBatch batch, String reason, SendFuture future) {
        Throwable cause = batch.lastError();
        SendException failure = reason(batch, "The broker refused a record for " + batch.partition() + ": " + reason, cause);
        callbacks.execute(() -> future.completeExceptionally(failure));
        listener.recordsFailed(batch.partition(), 1, failure);
    }

    private static String message(ProducerBatch batch, Throwable reason) {
        return "Could not send to " + batch.partition() + (batch.attempts() > 1 ? " in " + batch.attempts() + " attempts" : "") + ": "
                + reason.getMessage();
    }

    /**
     * A batch came back and is over with, and so is what is in flight or waits behind it. That is taken away first: what somebody sends who hears of the
     * failure does not overtake anything any more.
     */
    private void failWithAllBehind(PartitionQueue queue, ProducerBatch batch, String message, Throwable cause) {
        queue.givenUp(batch);
        Waiting behind = queue.takeWaiting();
        failAndFree(batch, message, cause);
        failInFlight(queue, other -> expired(other, null, cause), cause);
        fail(behind, waiting -> expired(waiting, null, cause), cause);
    }

    /** The same for one that was not let in. What is in flight behind it comes back from the same connection with the same answer. */
    private void failWithAllWaiting(PartitionQueue queue, ProducerBatch batch, AuthenticationException refusal) {
        queue.givenUp(batch);
        Waiting behind = queue.takeWaiting();
        failAndFree(batch, message(batch, refusal), refusal);
        fail(behind, waiting -> message(waiting, refusal), refusal);
    }

    /** The batch in flight came back and is over with. */
    private void fail(PartitionQueue queue, ProducerBatch batch, String message, Throwable cause) {
        queue.givenUp(batch);
        failAndFree(batch, message, cause);
    }

    /** Who sees the failure finds the memory free; who waits for memory hears of it last, because the futures matter more. */
    private void failAndFree(ProducerBatch batch, String message, @Nullable Throwable cause) {
        SendException reason = reason(batch, message, cause);
        try {
            batch.free();
        } finally {
            fail(batch, reason);
        }
        settings.pool().tellFreed();
    }

    /** Fails the futures, unless they are complete. */
    private void fail(ProducerBatch batch, SendException reason) {
        if (!batch.isCompleted()) {
            batch.fail(reason, callbacks);
            listener.recordsFailed(batch.partition(), batch.count(), reason);
        }
    }

    private SendException reason(ProducerBatch batch, String message, @Nullable Throwable cause) {
        TopicPartition partition = batch.partition();
        boolean maybe = batch.isPossiblyPersisted();
        String text = message + (maybe ? " (the records may have been written)" : "");
        Persistence persistence = maybe ? Persistence.POSSIBLY_PERSISTED : Persistence.NOT_PERSISTED;
        return settings.transactional()
                ? SendException.inTransaction(text, partition.topic(), partition.partition(), persistence, cause)
                : new SendException(text, partition.topic(), partition.partition(), persistence, cause);
    }

    private void free(ProducerBatch batch) {
        batch.free();
        settings.pool().tellFreed();
    }

    /** Frees what was failed while somebody compressed it. */
    void freeFailed(PartitionQueue queue) {
        for (ProducerBatch batch = queue.pollFailed(); batch != null; batch = queue.pollFailed()) {
            free(batch);
        }
    }

    /**
     * Fails what is out of time, and what waits behind it; a batch in flight keeps its memory until its request's outcome is known.
     *
     * @param line the way to the partition's leader, or null if there is none
     * @param noIdentity why there is no identity to send as, if that is what is waited for
     * @return whether the partition still has anything
     */
    boolean expire(PartitionQueue queue, @Nullable BrokerLine line, @Nullable Throwable noIdentity) {
        freeFailed(queue);
        long oldest = queue.oldestNanos();
        List<ProducerBatch> all = queue.unfinished();
        if (oldest == Long.MAX_VALUE || connections.loop().nanoTime() - oldest < deliveryNanos) {
            return !all.isEmpty();
        }
        Throwable lastError = all.stream().map(ProducerBatch::lastError).filter(error -> error != null).findFirst().orElse(noIdentity);
        if (lastError == null && line != null) {
            lastError = line.lastFailure();
        }
        Throwable cause = lastError;
        failAll(queue, batch -> expired(batch, line, cause), cause);
        return !queue.unfinished().isEmpty();
    }

    /**
     * Fails what is parked if the oldest of it is out of time.
     *
     * @return whether anything is parked
     */
    boolean expireParked(TopicQueue topic) {
        Long oldest = topic.oldestParkedNanos();
        if (oldest == null) {
            return false;
        }
        long now = connections.loop().nanoTime();
        if (now - oldest >= deliveryNanos) {
            topic.failParked(now - deliveryNanos, " within " + Times.text(deliveryTimeout),
                    topic.isKnown() ? "it waits for memory to be batched in, or for news of the topic" : "the topic's partitions are not known", null);
        }
        return topic.oldestParkedNanos() != null;
    }

    /** Fails what waits, because it can never be sent. */
    void refuse(PartitionQueue queue, KafkaException reason) {
        fail(queue.takeWaiting(), batch -> "Could not send to " + batch.partition() + ": " + reason.getMessage(), reason);
    }

    /** Fails what waits, and what is in flight too if that is asked for, because nobody wants it any more. */
    void purge(PartitionQueue queue, Purge what) {
        Function<ProducerBatch, String> message = batch -> "The records for " + batch.partition() + " were purged";
        switch (what) {
            case QUEUED -> fail(queue.takeWaiting(), message, null);
            case QUEUED_AND_IN_FLIGHT -> failAll(queue, message, null);
        }
    }

    /** Fails everything, oldest first. What somebody else refers to keeps its memory until that is over. */
    private void failAll(PartitionQueue queue, Function<ProducerBatch, String> message, @Nullable Throwable cause) {
        Waiting waiting = queue.takeWaiting();
        failInFlight(queue, message, cause);
        fail(waiting, message, cause);
    }

    /** Fails the futures; the memory stays with the connection. */
    private void failInFlight(PartitionQueue queue, Function<ProducerBatch, String> message, @Nullable Throwable cause) {
        for (ProducerBatch batch : queue.inFlight()) {
            fail(batch, reason(batch, message.apply(batch), cause));
        }
    }

    private void fail(Waiting waiting, Function<ProducerBatch, String> message, @Nullable Throwable cause) {
        for (ProducerBatch batch : waiting.batches()) {
            if (waiting.ready().contains(batch)) {
                failAndFree(batch, message.apply(batch), cause);
            } else {
                fail(batch, reason(batch, message.apply(batch), cause));
            }
        }
    }

    private String expired(ProducerBatch batch, @Nullable BrokerLine line, @Nullable Throwable lastError) {
        long waited = connections.loop().nanoTime() - batch.createdNanos();
        String own = waited >= deliveryNanos
                ? "Could not send to " + batch.partition() + " within " + Times.text(deliveryTimeout)
                : "Not sent to " + batch.partition() + ", because records before it could not be sent and it must not overtake them";
        return own + ": " + describe(batch, line, lastError);
    }

    private String describe(ProducerBatch batch, @Nullable BrokerLine line, @Nullable Throwable lastError) {
        Node leader = connections.metadata().snapshot().leader(batch.partition());
        StringBuilder text = new StringBuilder(leader == null ? "the partition has no leader" : "leader " + leader);
        if (batch.isInFlight()) {
            text.append(", attempt ").append(batch.attempts()).append(" waits for its answer");
        } else {
            text.append(batch.attempts() == 0 ? ", not sent" : ", " + batch.attempts() + " attempts");
        }
        if (line != null && line.failures() > 0) {
            text.append(", not reached in ").append(line.failures()).append(" attempts");
        }
        if (lastError != null) {
            text.append(", last error: ").append(lastError.getMessage());
        }
        return text.toString();
    }

    /** Fails everything: the producer ends. Memory of what is in flight is left to the connection, and then to the garbage collector. */
    void end(PartitionQueue queue, Throwable cause, String why) {
        failAll(queue, batch -> ended(batch, why), cause);
    }

    private static String ended(ProducerBatch batch, String why) {
        Throwable last = batch.lastError();
        return "Could not send to " + batch.partition() + ": " + why + (last == null ? "" : ", last error: " + last.getMessage());
    }
}
