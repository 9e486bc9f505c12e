package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one partition that are sent together, with their futures.
 *
 * <p>Its futures and its memory have lives of their own. The futures complete when the outcome is known or the time is up; the memory is given back only
 * by {@link #free()}, which no connection can be referring to it when it is called: the state sees to that.
 */
final class ProducerBatch {

    private static final Logger log = LoggerFactory.getLogger(ProducerBatch.class);

    /** Who may touch the batch's memory. */
    enum State {
        /** Takes records. Appending threads write, under the partition's lock. */
        FILLING,
        /** Takes no more, and is being compressed by the thread that closed it. Nobody else touches it. */
        CLOSING,
        /** Waits to be sent, perhaps again. The loop's alone. */
        READY,
        /** A connection may read it at any time. */
        IN_FLIGHT,
        /** Was too large for the broker, and is being taken apart by another thread, which reads it. */
        SPLITTING,
        /** It has none any more. */
        FREE
    }

    private final TopicPartition partition;
    private final BatchBuilder builder;
    private final long createdNanos;
    private State state = State.FILLING;
    private @Nullable SendFuture first;
    private @Nullable SendFuture last;
    private int uncompressedSize;

    // Of the loop alone:
    private final List<Runnable> onDone = new ArrayList<>(0);
    private int attempts;
    private long sentNanos;
    private Destination destination = Destination.NONE;
    private boolean taken;
    private @Nullable BatchStamp stamp;
    private boolean completed;
    private Map<Integer, String> refused = Map.of();
    private boolean possiblyPersisted;
    private @Nullable Throwable lastError;

    ProducerBatch(TopicPartition partition, ChunkSource memory, int chunkSize, long createdNanos) {
        this.partition = partition;
        this.builder = new BatchBuilder(memory, chunkSize);
        this.createdNanos = createdNanos;
    }

    /** A part of a batch, with the history of the whole, and without futures yet. */
    private ProducerBatch(ProducerBatch whole, BatchSplitter.Part part) {
        this.partition = whole.partition;
        this.builder = part.builder();
        this.createdNanos = whole.createdNanos;
        this.state = State.READY;
        this.uncompressedSize = part.uncompressedSize();
        this.attempts = whole.attempts;
        this.sentNanos = whole.sentNanos;
        this.possiblyPersisted = whole.possiblyPersisted;
        this.lastError = whole.lastError;
    }

    /** Appends a record with memory, if that is needed, from a source; false if there is none. */
    boolean append(SendFuture future, byte @Nullable [] key, byte @Nullable [] value, HeaderList headers, ChunkSource memory) {
        if (builder.append(future.timestamp(), key, value, headers, memory) < 0) {
            return false;
        }
        add(future);
        return true;
    }

    private void add(SendFuture future) {
        SendFuture before = last;
        if (before == null) {
            first = future;
        } else {
            before.append(future);
        }
        last = future;
    }

    /** Takes no more records. Under the partition's lock. */
    void seal() {
        move(State.FILLING, State.CLOSING);
        uncompressedSize = builder.sizeInBytes();
    }

    /** Gives the memory of a batch back that has got no record. */
    void discard() {
        move(State.FILLING, State.FREE);
        builder.release();
    }

    /** Compresses what there is, on the thread that sealed it. A codec that fails costs the compression, not the records. */
    void compress(Codec codec) {
        try {
            builder.close(codec);
        } catch (Throwable failure) { // no native library, or no memory for it, too: the records are as they were
            log.warn("A batch of {} is sent as it is, because compressing it failed", partition, failure);
        }
    }

    /** It may be sent. Under the partition's lock, unless the loop sealed it. */
    void ready() {
        move(State.CLOSING, State.READY);
    }

    TopicPartition partition() {
        return partition;
    }

    State state() {
        return state;
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    boolean isReady() {
        return state == State.READY;
    }

    boolean isInFlight() {
        return state == State.IN_FLIGHT;
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

    /** It is sent to a broker, and nothing is known of its outcome until it has {@linkplain #landed landed}. */
    void takenTo(Destination where) {
        if (taken) {
            throw new IllegalStateException("A batch of " + partition + " is under way already");
        }
        taken = true;
        destination = where;
    }

    /** Its outcome is known. */
    void landed() {
        taken = false;
    }

    /** Whether it is under way, or its outcome is still being dealt with. */
    boolean isTaken() {
        return taken;
    }

    /** Where it was last sent to. */
    Destination destination() {
        return destination;
    }

    /** What it was sent as, or null if it was not sent yet, or the producer is not idempotent. */
    @Nullable BatchStamp stamp() {
        return stamp;
    }

    /** From now on it is sent as this. */
    void stampAs(@Nullable BatchStamp known) {
        stamp = known;
    }

    int attempts() {
        return attempts;
    }

    /** Whether the futures are complete, or another batch's to complete. The batch may still be under way. */
    boolean isCompleted() {
        return completed;
    }

    /** Whether it cannot be ruled out that the broker has written it. */
    boolean isPossiblyPersisted() {
        return possiblyPersisted || isInFlight();
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
        BatchStamp known = stamp;
        return known == null
                ? builder.finish(
                        BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, /* transactional= */ false)
                : builder.finish(
                        known.identity().producerId(), known.identity().epoch(), known.baseSequence(), known.identity().transactional());
    }

    /** The request's outcome is known, and no connection refers to the memory any more. */
    void returned(@Nullable Throwable error, boolean mayBeWritten) {
        move(State.IN_FLIGHT, State.READY);
        possiblyPersisted |= mayBeWritten;
        if (error != null) {
            lastError = error;
        }
    }

    /** The bytes to be taken apart, until {@link #takenApart()}. */
    Bytes takeApart() {
        move(State.READY, State.SPLITTING);
        return bytes();
    }

    /** Nobody reads it for that any more. */
    void takenApart() {
        move(State.SPLITTING, State.READY);
    }

    /** The broker refuses some of its records: by index, with what it says. */
    void refuse(Map<Integer, String> reasons) {
        refused = reasons;
    }

    /** Which of its records the broker refuses, and what it says. */
    Map<Integer, String> refused() {
        return refused;
    }

    /**
     * Hands its futures, its history and whoever waits for it over to its parts. There is one at least.
     *
     * @param left takes the futures of the records that are in no part
     */
    List<ProducerBatch> handOver(List<BatchSplitter.Part> parts, BiConsumer<String, SendFuture> left) {
        Futures rest = new Futures(takeFutures(), left);
        List<ProducerBatch> batches = new ArrayList<>(parts.size());
        for (BatchSplitter.Part part : parts) {
            ProducerBatch batch = new ProducerBatch(this, part);
            for (int i = 0; i < batch.count(); i++) {
                batch.add(rest.next());
            }
            batches.add(batch);
        }
        rest.finish();
        takeOnDone().forEach(action -> whenAllDone(batches, action));
        return batches;
    }

    /** Which of them is the last to be done, nobody knows: one that the broker does not take at first is overtaken in that by those behind it. */
    private static void whenAllDone(List<ProducerBatch> parts, Runnable action) {
        Runnable done = new Runnable() {

            private int open = parts.size();

            @Override
            public void run() {
                open--;
                if (open == 0) {
                    action.run();
                }
            }
        };
        parts.forEach(part -> part.whenDone(done));
    }

    /** The futures of what is not refused, one after the other. */
    private final class Futures {

        private final BiConsumer<String, SendFuture> left;
        private @Nullable SendFuture rest;
        private int index;

        Futures(@Nullable SendFuture all, BiConsumer<String, SendFuture> left) {
            this.rest = all;
            this.left = left;
        }

        SendFuture next() {
            finish();
            return take();
        }

        void finish() {
            for (String reason = refused.get(index); reason != null; reason = refused.get(index)) {
                left.accept(reason, take());
            }
        }

        private SendFuture take() {
            SendFuture future = Objects.requireNonNull(rest, "a record without a future");
            rest = future.takeNext();
            index++;
            return future;
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
        move(State.READY, State.FREE);
        builder.release();
    }

    /** Completes all futures in one task. */
    void acknowledge(long baseOffset, long appendTime, Executor callbacks) {
        SendFuture all = takeFutures();
        callbacks.execute(() -> {
            long offset = baseOffset;
            for (SendFuture future = all; future != null;) {
                SendFuture next = future.takeNext();
                future.acknowledge(partition, baseOffset < 0 ? -1 : offset++, appendTime);
                future = next;
            }
        });
        done();
    }

    /** Fails all futures in one task. */
    void fail(Throwable reason, Executor callbacks) {
        SendFuture all = takeFutures();
        callbacks.execute(() -> {
            for (SendFuture future = all; future != null;) {
                SendFuture next = future.takeNext();
                future.completeExceptionally(reason);
                future = next;
            }
        });
        done();
    }

    private @Nullable SendFuture takeFutures() {
        if (completed) {
            throw new IllegalStateException("The futures of a batch of " + partition + " are completed already");
        }
        completed = true;
        SendFuture all = first;
        first = null;
        last = null;
        return all;
    }

    /** Runs something on the loop once the futures are complete; at once if they are. */
    void whenDone(Runnable action) {
        if (completed) {
            action.run();
        } else {
            onDone.add(action);
        }
    }

    private List<Runnable> takeOnDone() {
        List<Runnable> actions = List.copyOf(onDone);
        onDone.clear();
        return actions;
    }

    private void done() {
        takeOnDone().forEach(Runnable::run);
    }
}
