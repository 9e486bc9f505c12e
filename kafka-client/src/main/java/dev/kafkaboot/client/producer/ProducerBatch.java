package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that are sent together, with their futures.
 *
 * <p>FILLING under the partition's lock, from then on the loop's alone. Its memory is released only in {@link #free()}.
 */
final class ProducerBatch {

    /** What may be done with the batch and its memory; see {@link ChunkPool}. */
    enum State {
        /** Takes records. */
        FILLING,
        /** Closed; waits to be sent, perhaps again. */
        READY,
        /** A connection may refer to its memory. */
        IN_FLIGHT,
        /** Its memory was given back. */
        FREE
    }

    private final TopicPartition partition;
    private final BatchBuilder builder;
    private final long createdNanos;
    private final List<Runnable> onDone = new ArrayList<>(0);

    private SendFuture[] futures = new SendFuture[16];
    private State state = State.FILLING;
    private int uncompressedSize;
    private int attempts;
    private long sentNanos;
    private boolean completed;
    private boolean possiblyPersisted;
    private @Nullable Throwable lastError;

    ProducerBatch(TopicPartition partition, ChunkSource memory, int chunkSize, long createdNanos) {
        this.partition = partition;
        this.builder = new BatchBuilder(memory, chunkSize);
        this.createdNanos = createdNanos;
    }

    /** Appends a record; false if there is no memory for it. */
    boolean append(SendFuture future, long timestamp, byte @Nullable [] key, byte @Nullable [] value, HeaderList headers) {
        int index = builder.append(timestamp, key, value, headers);
        if (index < 0) {
            return false;
        }
        if (index == futures.length) {
            futures = Arrays.copyOf(futures, futures.length * 2);
        }
        futures[index] = future;
        return true;
    }

    /** Takes no more records. A second call does nothing. */
    void close(Codec codec) {
        if (state == State.FILLING) {
            uncompressedSize = builder.sizeInBytes();
            builder.close(codec);
            state = State.READY;
        }
    }

    TopicPartition partition() {
        return partition;
    }

    State state() {
        return state;
    }

    int count() {
        return builder.count();
    }

    int sizeInBytes() {
        return builder.sizeInBytes();
    }

    int uncompressedSize() {
        return uncompressedSize;
    }

    long createdNanos() {
        return createdNanos;
    }

    long sentNanos() {
        return sentNanos;
    }

    int attempts() {
        return attempts;
    }

    /** Whether the futures are complete, although the batch may still be under way. */
    boolean isCompleted() {
        return completed;
    }

    boolean isPossiblyPersisted() {
        return possiblyPersisted;
    }

    @Nullable Throwable lastError() {
        return lastError;
    }

    /** The bytes to send; from now on a connection may refer to them. */
    Bytes send(long nowNanos) {
        move(State.READY, State.IN_FLIGHT);
        attempts++;
        sentNanos = nowNanos;
        return bytes();
    }

    /** All its bytes, as they are sent. */
    Bytes bytes() {
        return builder.finish(
                BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, /* transactional= */ false);
    }

    /** The request's outcome is known, and no connection refers to the memory any more. */
    void returned(@Nullable Throwable error, boolean mayBeWritten) {
        move(State.IN_FLIGHT, State.READY);
        possiblyPersisted |= mayBeWritten;
        if (error != null) {
            lastError = error;
        }
    }

    private void move(State from, State to) {
        if (state != from) {
            throw new IllegalStateException("A batch of " + partition + " cannot go from " + state + " to " + to);
        }
        state = to;
    }

    /** Gives the memory back. */
    void free() {
        if (state == State.IN_FLIGHT || state == State.FREE) {
            throw new IllegalStateException("The memory of a batch of " + partition + " cannot be freed: " + state);
        }
        state = State.FREE;
        builder.release();
    }

    /** Completes all futures in one task. */
    void acknowledge(long baseOffset, long appendTime, Executor callbacks) {
        SendFuture[] all = takeFutures();
        callbacks.execute(() -> {
            for (int i = 0; i < all.length; i++) {
                all[i].acknowledge(partition.topic(), partition.partition(), baseOffset < 0 ? -1 : baseOffset + i, appendTime);
            }
        });
        done();
    }

    /** Fails all futures in one task. */
    void fail(Throwable reason, Executor callbacks) {
        SendFuture[] all = takeFutures();
        callbacks.execute(() -> {
            for (SendFuture future : all) {
                future.completeExceptionally(reason);
            }
        });
        done();
    }

    /** The futures, for another batch to complete. */
    SendFuture[] takeFutures() {
        if (completed) {
            throw new IllegalStateException("The futures of a batch of " + partition + " are completed already");
        }
        completed = true;
        SendFuture[] all = Arrays.copyOf(futures, builder.count());
        futures = new SendFuture[0];
        for (SendFuture future : all) {
            Objects.requireNonNull(future);
        }
        return all;
    }

    /** Runs something on the loop once the futures are complete; at once if they are. On the loop only, or before the loop knows the batch. */
    void whenDone(Runnable action) {
        if (completed) {
            action.run();
        } else {
            onDone.add(action);
        }
    }

    /** The actions that wait, for the batches that it was split into. */
    List<Runnable> takeOnDone() {
        List<Runnable> actions = List.copyOf(onDone);
        onDone.clear();
        return actions;
    }

    private void done() {
        takeOnDone().forEach(Runnable::run);
    }
}
